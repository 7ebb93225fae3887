"""Environments that nobody named: those a project carries with it, and the Python on ``PATH``."""

from __future__ import annotations

import os
from collections.abc import Mapping

from msgspec import Struct

from envcheck.gather.environments.layouts import kind_of
from envcheck.gather.environments.prefixes import prefix_of
from envcheck.gather.environments.programs import folders, is_program

_IN_PROJECT = (".venv", "venv", "env", ".pixi/envs/default")
_NAMES = ("python.exe", "python3.exe") if os.name == "nt" else ("python3", "python")


class OnPath(Struct, frozen=True):
    """The Python on ``PATH``: its interpreter and prefix (empty when there is none), and the programs passed over."""

    interpreter: str = ""
    prefix: str = ""
    skipped: tuple[str, ...] = ()


def project_environments(folder: str) -> tuple[str, ...]:
    """Return the prefixes of the environments that lie in a project folder, preferred ones first."""
    prefixes = (os.path.join(os.path.abspath(folder), *name.split("/")) for name in _IN_PROJECT)
    return tuple(prefix for prefix in prefixes if kind_of(prefix) in ("venv", "conda"))


def python_on_path(environ: Mapping[str, str] = os.environ, folder: str = ".") -> str | None:
    """Return the prefix of the Python that would start in ``folder``, ``None`` when there is none."""
    return look_on_path(environ, folder).prefix or None


def look_on_path(environ: Mapping[str, str] = os.environ, folder: str = ".") -> OnPath:
    """Return the Python that would start in ``folder``; shims that lead nowhere are passed over and named."""
    skipped: list[str] = []
    for place in folders(environ):
        for name in _NAMES:
            program = os.path.join(place, name)
            # Windows has stubs there that open its shop.
            if not is_program(program) or "WindowsApps" in place:
                continue
            prefix = prefix_of(program, environ=environ, folder=folder)
            if prefix:
                return OnPath(program, prefix, tuple(skipped))
            skipped.append(program)
    return OnPath(skipped=tuple(skipped))
