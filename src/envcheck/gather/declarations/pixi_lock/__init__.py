"""pixi.lock: what pixi (rattler) locks, for each environment of a workspace and each of its platforms."""

from __future__ import annotations

from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading

NAME = "pixi_lock"


def claims(path: str) -> bool:
    """Tell by its name whether a file is a lock of pixi's."""
    return path.lower().rpartition("/")[2] == "pixi.lock"


def read(file: RawFile) -> Reading[Declaration]:
    """Return every package that is locked, once, whatever environments and platforms it is for."""
    from envcheck.gather.declarations.pixi_lock.reading import read_lock

    return read_lock(file)
