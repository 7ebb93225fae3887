"""Pipfile: what pipenv is to install (``[packages]``, ``[dev-packages]``, categories of one's own)."""

from __future__ import annotations

from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading

NAME = "pipfile"


def claims(path: str) -> bool:
    """Tell by its name whether a file is a Pipfile."""
    return path.rpartition("/")[2].lower() == "pipfile"


def read(file: RawFile) -> Reading[Declaration]:
    """Return what the file declares."""
    from envcheck.gather.declarations.pipfile.reading import read_categories

    return read_categories(file)
