"""``.pth`` files: the folders they add to the path. Their ``import`` lines are code, which is never run."""

from __future__ import annotations

import os

from msgspec import Struct

from envcheck.gather.environments.files import read_text

_MOST_LINES = 2000


class PathFile(Struct, frozen=True):
    """A ``.pth`` file: the folders and archives it adds that exist, and the first module of each ``import`` line."""

    name: str
    folders: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()


def read_path_file(site: str, name: str) -> PathFile:
    """Return what a ``.pth`` file of a site folder says."""
    text = read_text(f"{site}/{name}")
    folders, modules = [], []
    for line in text.splitlines()[:_MOST_LINES] if "\0" not in text else ():
        if line.startswith(("import ", "import\t")):
            modules += line.replace(";", " ").replace(",", " ").split()[1:2]
        elif line.strip() and not line.startswith("#"):
            target = os.path.normpath(os.path.join(site, line.rstrip()))
            folders += [target] if os.path.exists(target) else []
    return PathFile(name, tuple(folders), tuple(modules))
