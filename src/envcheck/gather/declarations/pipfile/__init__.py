"""Pipfile: what pipenv is to install (``[packages]``, ``[dev-packages]``, categories of one's own)."""

from __future__ import annotations

from collections.abc import Sequence

from envcheck.model.changes import Change, Editing
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


def edit(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits of the file's text that make the changes, and those that are refused."""
    from envcheck.gather.declarations.pipfile.editing import edit_categories

    return edit_categories(file, changes)
