"""poetry.lock, in the versions 1.0 to 2.1 that Poetry 1.1 and later write."""

from __future__ import annotations

from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading

NAME = "poetry_lock"


def claims(path: str) -> bool:
    """Tell by its name whether a file is a lock of Poetry's."""
    return path.rpartition("/")[2].lower() == "poetry.lock"


def read(file: RawFile) -> Reading[Declaration]:
    """Return all that the lock holds, for whatever platform, group and extra."""
    from envcheck.gather.declarations.poetry_lock.reading import read_lock

    return read_lock(file)
