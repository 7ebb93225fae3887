"""Pipfile.lock: what ``pipenv lock`` makes of a Pipfile."""

from __future__ import annotations

from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading

NAME = "pipfile_lock"


def claims(path: str) -> bool:
    """Tell by its name whether a file is a lock of pipenv."""
    return path.rpartition("/")[2].lower() == "pipfile.lock"


def read(file: RawFile) -> Reading[Declaration]:
    """Return the locked entries and what else the lock knows."""
    from envcheck.gather.declarations.pipfile_lock.reading import read_lock

    return read_lock(file)
