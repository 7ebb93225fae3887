"""pdm.lock: what ``pdm lock`` makes of a pyproject.toml."""

from __future__ import annotations

from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading

NAME = "pdm_lock"


def claims(path: str) -> bool:
    """Tell by its name whether a file is a lock of pdm."""
    return path.rpartition("/")[2].lower() == "pdm.lock"


def read(file: RawFile) -> Reading[Declaration]:
    """Return the locked entries and what else the lock knows."""
    from envcheck.gather.declarations.pdm_lock.reading import read_lock

    return read_lock(file)
