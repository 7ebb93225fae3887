"""From what a user names (an interpreter, a folder, a shim) to the prefix of an environment; nothing is started."""

from __future__ import annotations

import os
from collections.abc import Mapping

from envcheck.gather.environments.layouts import kind_of
from envcheck.gather.environments.shims import interpreter_behind, is_shim

_PROGRAM_FOLDERS = ("bin", "scripts")


def prefix_of(path: str, *, environ: Mapping[str, str] = os.environ, folder: str = ".") -> str | None:
    """Return the absolute prefix of the environment that an interpreter or a folder is, ``None`` when it is none.

    A virtual environment's own interpreter is a link to another one and is taken where it stands, as Python does.
    pyenv's shims are followed as pyenv does in ``folder``.
    """
    if not path or "\0" in path:
        return None
    path = os.path.abspath(path)
    if os.path.isdir(path):
        return path if kind_of(path) else None
    if not os.path.lexists(path):
        return None
    if is_shim(path):
        behind = interpreter_behind(path, environ=environ, folder=folder)
        return prefix_of(behind) if behind else None
    unresolved = _around(path)
    if kind_of(unresolved) in ("conda", "venv"):
        return unresolved
    real = _around(os.path.realpath(path))
    return real if kind_of(real) else None


def _around(interpreter: str) -> str:
    folder = os.path.dirname(interpreter)
    return os.path.dirname(folder) if os.path.basename(folder).lower() in _PROGRAM_FOLDERS else folder
