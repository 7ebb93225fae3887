"""Folders outside an environment that its interpreter looks into all the same: the user site and ``PYTHONPATH``."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from envcheck.gather.environments.interpreters import Interpreter


def user_base(environ: Mapping[str, str], prefix: str, interpreter: Interpreter) -> str:
    """Return the folder below which the user's own packages lie, empty when there is none."""
    chosen = environ.get("PYTHONUSERBASE", "")
    if chosen:
        return os.path.abspath(os.path.expanduser(chosen))
    home = environ.get("USERPROFILE" if os.name == "nt" else "HOME", "")
    if os.name == "nt":
        return os.path.join(environ.get("APPDATA") or home, "Python")
    if home and _is_framework(prefix):
        return os.path.join(home, "Library", "Python", interpreter.short)
    return os.path.join(home, ".local") if home else ""


def user_site(environ: Mapping[str, str], prefix: str, interpreter: Interpreter) -> str:
    """Return the user site folder of an interpreter, empty when it is switched off or unknown."""
    base = user_base(environ, prefix, interpreter)
    if not base or not interpreter.python or environ.get("PYTHONNOUSERSITE"):
        return ""
    if os.name == "nt":
        return os.path.join(base, "Python" + interpreter.short.replace(".", ""), "site-packages")
    if _is_framework(prefix):
        return os.path.join(base, "lib", "python", "site-packages")
    return os.path.join(base, "lib", interpreter.folder, "site-packages")


def python_path(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the absolute folders of ``PYTHONPATH``."""
    return tuple(os.path.abspath(entry) for entry in environ.get("PYTHONPATH", "").split(os.pathsep) if entry)


def _is_framework(prefix: str) -> bool:
    return sys.platform == "darwin" and "Python.framework" in prefix
