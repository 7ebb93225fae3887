"""The PEP 508 environment of an interpreter on this host, computed without starting it."""

from __future__ import annotations

import os
import sys

from envcheck.gather.environments.interpreters import Interpreter

_NAMES = {"cpython": "CPython", "pypy": "PyPy"}


def markers_of(interpreter: Interpreter) -> dict[str, str]:
    """Return the marker variables, ``extra`` left out; version fields are empty when the version is unknown."""
    system, release, version, machine = _host()
    # Python 2 said linux2, and markers were written for it.
    platform = "linux2" if sys.platform == "linux" and interpreter.python.startswith("2.") else sys.platform
    return {
        "implementation_name": interpreter.implementation,
        "implementation_version": interpreter.release or interpreter.python,
        "os_name": os.name,
        "platform_machine": machine,
        "platform_python_implementation": _NAMES[interpreter.implementation],
        "platform_release": release,
        "platform_system": system,
        "platform_version": version,
        "python_full_version": interpreter.python,
        "python_version": interpreter.short,
        "sys_platform": platform,
    }


def _host() -> tuple[str, str, str, str]:
    if hasattr(os, "uname"):
        # What the platform module answers on POSIX, without its import.
        host = os.uname()
        return host.sysname, host.release, host.version, host.machine
    import platform

    return platform.system(), platform.release(), platform.version(), platform.machine()
