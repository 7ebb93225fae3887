"""uv.lock, and the locks of scripts (``analysis.py.lock``): version 1, all revisions."""

from __future__ import annotations

from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading

NAME = "uv_lock"


def claims(path: str) -> bool:
    """Tell by its name whether a file is a lock of uv."""
    return path.lower().rpartition("/")[2] == "uv.lock" or path.lower().endswith(".py.lock")


def read(file: RawFile) -> Reading[Declaration]:
    """Return the entries of the lock; the text may also come from elsewhere, as the metadata of a notebook."""
    from envcheck.gather.declarations.uv_lock.reading import read_lock

    return read_lock(file)
