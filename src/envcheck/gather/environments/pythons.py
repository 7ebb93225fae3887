"""The Pythons of a machine: on ``PATH``, and where pyenv and uv keep theirs. Nothing is started to learn a version."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from envcheck.gather.environments.files import names_in
from envcheck.gather.environments.layouts import layout_of
from envcheck.gather.environments.prefixes import prefix_of
from envcheck.gather.environments.programs import folders, is_program
from envcheck.gather.environments.shims import is_shim

_NAMES = ("python3", "python", "pypy3", "python.exe")
_BELOW = ("bin/python3", "bin/python", "bin/pypy3", "python.exe")


class Python(Struct, frozen=True):
    """An interpreter: ``version`` is full (``3.11.7``) where files tell it."""

    path: str
    version: str
    implementation: str


def pythons(short: str, environ: Mapping[str, str], more: Iterable[str] = ()) -> Iterator[Python]:
    """Yield the Pythons that are here, ``more`` last, each once; ``short`` (``3.11``) is looked for by its name too."""
    seen = set()
    for path in (*_on_path(short, environ), *_of_pyenv(environ), *_of_uv(environ), *more):
        real = os.path.realpath(path)
        if real in seen or not is_program(path) or is_shim(path):
            continue
        seen.add(real)
        prefix = prefix_of(path, environ=environ)
        if prefix:
            found = layout_of(prefix, os.path.basename(real)).interpreter
            yield Python(path, found.python, found.implementation)


def _on_path(short: str, environ: Mapping[str, str]) -> Iterator[str]:
    for folder in folders(environ):
        # Windows has stubs there that open its shop.
        if "WindowsApps" not in folder:
            yield from (os.path.join(folder, name) for name in (f"python{short}", *_NAMES))


def _of_pyenv(environ: Mapping[str, str]) -> Iterator[str]:
    root = environ.get("PYENV_ROOT") or os.path.join(_home(environ), ".pyenv")
    yield from _below(os.path.join(root, "versions"))


def _of_uv(environ: Mapping[str, str]) -> Iterator[str]:
    shared = environ.get("XDG_DATA_HOME") or os.path.join(_home(environ), ".local", "share")
    places = [environ.get("UV_PYTHON_INSTALL_DIR", ""), os.path.join(shared, "uv", "python")]
    if environ.get("APPDATA"):
        places.append(os.path.join(environ["APPDATA"], "uv", "python"))
    for place in filter(os.path.isabs, places):
        yield from _below(place)


def _below(folder: str) -> Iterator[str]:
    """Yield the interpreters of the installations that lie side by side in a folder, the last names first."""
    try:
        names = names_in(folder)
    except OSError:
        return
    for name in sorted(names, reverse=True):
        yield from (os.path.join(folder, name, *path.split("/")) for path in _BELOW)


def _home(environ: Mapping[str, str]) -> str:
    return environ.get("HOME") or environ.get("USERPROFILE") or os.path.join(os.sep, "nowhere")
