"""Folders of source code that are on the path themselves (editable installs): which modules they hold."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from itertools import islice

from msgspec import Struct

from envcheck.gather.environments.records import top_modules

_SUFFIXES = (".py", ".so", ".pyd")
_DEPTH_OF_NAMESPACES = 3
_MOST_ENTRIES = 20_000


class Tops(Struct, frozen=True):
    """Top-level names of a folder; ``namespaces`` are the folders among them without ``__init__.py``."""

    modules: frozenset[str] = frozenset()
    namespaces: frozenset[str] = frozenset()


def tops_of(folder: str) -> Tops:
    """Return what can be imported from a folder on the path."""
    files: list[str] = []
    regular: set[str] = set()
    namespaces: set[str] = set()
    for name, is_folder in _entries(folder, links=True):
        if not is_folder:
            files.append(name)
        elif name.isidentifier() and name != "__pycache__":
            path = os.path.join(folder, name)
            if os.path.isfile(os.path.join(path, "__init__.py")):
                regular.add(name)
            elif _holds_code(path, _DEPTH_OF_NAMESPACES):
                namespaces.add(name)
    modules = top_modules("\n".join(files).encode("utf-8", "replace"))
    return Tops(modules | regular | namespaces, frozenset(namespaces))


def holds_modules(folder: str) -> bool:
    """Tell whether a folder on the path has a module or a package with ``__init__.py``."""
    return any(
        os.path.isfile(os.path.join(folder, name, "__init__.py")) if is_folder else name.endswith(_SUFFIXES)
        for name, is_folder in _entries(folder, links=True)
    )


def listing_of(folder: str, tops: Collection[str]) -> bytes:
    """Return the listing of the files under these top-level names of a folder."""
    found: list[str] = []
    waiting = [""]
    visited = 0
    while waiting and visited < _MOST_ENTRIES:
        below = waiting.pop()
        for name, is_folder in _entries(os.path.join(folder, below), links=not below):
            visited += 1
            if not below and name.partition(".")[0] not in tops:
                continue
            path = f"{below}/{name}" if below else name
            if not is_folder:
                found.append(path)
            elif name.isidentifier():
                waiting.append(path)
    return "\n".join(sorted(found)).encode("utf-8", "replace")


def _holds_code(folder: str, depth: int) -> bool:
    folders = []
    for name, is_folder in _entries(folder, links=False):
        if is_folder and name.isidentifier():
            folders.append(os.path.join(folder, name))
        elif name.endswith(_SUFFIXES):
            return True
    return depth > 1 and any(_holds_code(below, depth - 1) for below in folders)


def _entries(folder: str, *, links: bool) -> Iterator[tuple[str, bool]]:
    """Yield names and whether each is a folder; links to folders count only where asked for: they may be loops."""
    try:
        with os.scandir(folder) as entries:
            for entry in islice(entries, _MOST_ENTRIES):
                yield entry.name, os.path.isdir(entry.path) if links else entry.is_dir(follow_symlinks=False)
    except (OSError, ValueError):  # The latter for a path with a NUL character.
        return
