"""setup.cfg: setuptools' declarative metadata (``[options] install_requires`` and its like)."""

from __future__ import annotations

from collections.abc import Sequence

from envcheck.model.changes import Change, Editing
from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading

NAME = "setup_cfg"


def claims(path: str) -> bool:
    """Tell by its name whether a file is setuptools' configuration."""
    return path.rpartition("/")[2] == "setup.cfg"


def read(file: RawFile) -> Reading[Declaration]:
    """Return what the file declares; one with nothing but tool settings does not govern."""
    from envcheck.gather.declarations.setup_cfg.reading import read_sections

    return read_sections(file)


def edit(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits that make the changes: ``install_requires`` and extras are lists of lines or of pieces."""
    if not changes:
        return Editing()
    from envcheck.gather.declarations.setup_cfg.editing import edit_sections

    return edit_sections(file, changes)
