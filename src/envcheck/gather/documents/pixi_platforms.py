"""Platforms as pixi names them: conda subdirs (``linux-64``) and families (``linux``, ``osx``, ``unix``, ``win``).

Since version 0.60 a platform may have a name of its own (``{name = "gpu", platform = "linux-64", cuda = "12"}``).
"""

from __future__ import annotations

import re

from msgspec import Struct

from envcheck.gather.documents.conda_selectors import key_marker

_FAMILIES = ("linux", "unix", "osx", "win")
_KNOWN = re.compile(r"(linux|osx|win|emscripten|wasi)-([a-z0-9]+)")
_SYSTEMS = {"linux": "linux", "osx": "darwin", "win": "win32", "emscripten": "emscripten", "wasi": "wasi"}
_MACHINES = {"64": "x86_64", "32": "i686", "wasm32": "wasm32"}
_ON_WINDOWS = {"64": "AMD64", "32": "x86", "arm64": "ARM64"}
_OS_NAMES = {"win32": "nt"}
_PLATFORM_SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows", "emscripten": "Emscripten"}


class Platform(Struct, frozen=True):
    """A platform of a workspace or lock; ``plain`` unless it asks for virtual packages of its own (``cuda``)."""

    name: str
    subdir: str
    plain: bool = True


def selects(selector: str, platform: Platform) -> bool:
    """Tell whether a key of ``[target]`` means a platform; an empty one means all (pixi_manifest ``target.rs``)."""
    if selector in _FAMILIES:
        family = platform.subdir.partition("-")[0]
        return family == selector or (selector == "unix" and family != "win")
    if "*" in selector:
        from fnmatch import fnmatchcase

        return fnmatchcase(platform.name, selector)
    return selector in ("", platform.name, platform.subdir)


def marker_of(selector: str) -> str:
    """Return the marker of a key of ``[target]``, empty for all platforms and for those with names of their own."""
    if selector in _FAMILIES:
        return key_marker(f"sel({selector})")
    system, machine = _system_and_machine(selector)
    return f'sys_platform == "{system}" and platform_machine == "{machine}"' if system else ""


def environment_of(subdir: str, python: str) -> dict[str, str]:
    """Return the PEP 508 environment of a Python on a platform, as far as both tell it."""
    system, machine = _system_and_machine(subdir)
    if not system:
        return {}
    found = {
        "sys_platform": system,
        "os_name": _OS_NAMES.get(system, "posix"),
        "platform_machine": machine,
        "platform_system": _PLATFORM_SYSTEMS.get(system, ""),
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
    }
    if python:
        short = ".".join(python.split(".")[:2])
        found |= {"python_version": short, "python_full_version": python, "implementation_version": python}
    return {name: value for name, value in found.items() if value}


def _system_and_machine(subdir: str) -> tuple[str, str]:
    known = _KNOWN.fullmatch(subdir)
    if known is None:
        return "", ""
    machines = _ON_WINDOWS if known[1] == "win" else _MACHINES
    return _SYSTEMS[known[1]], machines.get(known[2], known[2])
