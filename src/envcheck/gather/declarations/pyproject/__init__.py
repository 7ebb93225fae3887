"""pyproject.toml: ``[project]`` (PEP 621), ``[dependency-groups]`` (PEP 735) and setuptools' dynamic files."""

from __future__ import annotations

from collections.abc import Sequence

from envcheck.model.changes import Change, Editing
from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading
from envcheck.model.starting import Start

NAME = "pyproject"


def claims(path: str) -> bool:
    """Tell by its name whether a file is a pyproject.toml."""
    return path.rpartition("/")[2] == "pyproject.toml"


def read(file: RawFile) -> Reading[Declaration]:
    """Return what the file declares; one that holds neither requirements nor ``requires-python`` does not govern."""
    from envcheck.gather.declarations.pyproject.reading import read_tables

    return read_tables(file)


def edit(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits of the file's text that make the changes, and those that are refused."""
    from envcheck.gather.declarations.pyproject.editing import edit_tables

    return edit_tables(file, changes)


def begin(start: Start, text: str) -> str:
    """Return a text, empty for a new file, with what ``[project]`` must say before anything is added to it."""
    from envcheck.gather.declarations.pyproject.starting import head

    return head(start, text)
