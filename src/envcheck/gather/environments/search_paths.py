"""The folders an interpreter looks into, in ``sys.path`` order, and what each of them holds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from msgspec import Struct

from envcheck.gather.environments.installed import CondaOwner
from envcheck.gather.environments.layouts import Layout
from envcheck.gather.environments.site_packages import Site, read_site
from envcheck.gather.environments.source_trees import holds_modules
from envcheck.gather.environments.user_sites import python_path, user_site


class PathEntry(Struct, frozen=True):
    """A folder of the path; ``leaked`` when it is not the environment's own, ``path_files`` when they are read."""

    folder: str
    leaked: bool = False
    path_files: bool = True


class ReadEntry(Struct, frozen=True):
    """A folder of the path and what it holds."""

    entry: PathEntry
    site: Site

    @property
    def supplies(self) -> bool:
        """Whether anything can be imported from it."""
        return bool(self.site.installed) or holds_modules(self.entry.folder)


def read_path(layout: Layout, environ: Mapping[str, str], owners: Mapping[str, CondaOwner]) -> Iterator[ReadEntry]:
    """Yield each folder of the path once; those that ``.pth`` files add follow the folder of these files."""
    seen = set()
    waiting = list(_entries(layout, environ))
    while waiting:
        entry = waiting.pop(0)
        real = os.path.realpath(entry.folder)
        if real in seen:
            continue
        seen.add(real)
        # Python reads .pth files in site folders alone: neither in PYTHONPATH's nor in those that such files add.
        site = read_site(entry.folder, owners, path_files=entry.path_files)
        yield ReadEntry(entry, site)
        waiting[:0] = [PathEntry(folder, entry.leaked, path_files=False) for folder in site.added]


def _entries(layout: Layout, environ: Mapping[str, str]) -> Iterator[PathEntry]:
    """``site.main`` takes a virtual environment's own folders first, then the user's, then those of installations."""
    for folder in python_path(environ):
        yield PathEntry(folder, leaked=not _is_below(folder, layout.prefix), path_files=False)
    own = [PathEntry(folder) for folder in layout.sites]
    if layout.kind == "venv":
        yield from own
    user = user_site(environ, layout.prefix, layout.interpreter) if layout.user_site else ""
    if user:
        yield PathEntry(user, leaked=layout.kind != "system")
    if layout.kind != "venv":
        yield from own
    yield from map(PathEntry, layout.base_sites)


def _is_below(folder: str, prefix: str) -> bool:
    return folder == prefix or folder.startswith(prefix.rstrip(os.sep) + os.sep)
