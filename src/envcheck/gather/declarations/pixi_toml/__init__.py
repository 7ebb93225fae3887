"""pixi.toml (and Modular's mojoproject.toml): the manifest of a pixi workspace."""

from __future__ import annotations

from collections.abc import Sequence

from envcheck.model.changes import Change, Editing
from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading

NAME = "pixi_toml"

_NAMES = ("pixi.toml", "mojoproject.toml")


def claims(path: str) -> bool:
    """Tell by its name whether a file is a manifest of pixi's own."""
    return path.lower().rpartition("/")[2] in _NAMES


def read(file: RawFile) -> Reading[Declaration]:
    """Return what the features of the workspace declare; a manifest governs even if it declares nothing yet."""
    from envcheck.gather.declarations.pixi_toml.reading import read_manifest

    return read_manifest(file)


def edit(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits of the file's text that make the changes, and those that are refused."""
    from envcheck.gather.declarations.pixi_toml.editing import edit_manifest_of_pixi

    return edit_manifest_of_pixi(file, changes)
