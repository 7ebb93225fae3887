"""Changes to a pixi.toml."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from envcheck.gather.documents import pixi_edits
from envcheck.gather.documents.manifest_edits import Entry, Home, edit_manifest
from envcheck.gather.documents.toml_tables import Document
from envcheck.model.changes import Add, Change, Editing
from envcheck.model.readings import RawFile


class PixiManifest:
    """The tables of a pixi.toml."""

    def entries(self, document: Document, text: str) -> Iterable[Entry]:
        """Return the entries of all tables."""
        return pixi_edits.entries(document, text)

    def home(self, document: Document, change: Add) -> Home:
        """Return the table of conda packages that a new entry goes to."""
        return pixi_edits.home(document, change)


def edit_manifest_of_pixi(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits that make the changes."""
    return edit_manifest(file, changes, PixiManifest())
