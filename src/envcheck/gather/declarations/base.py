"""The shape of a dialect module."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from envcheck.model.changes import Change, Editing
from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading
from envcheck.model.starting import Start


class Dialect(Protocol):
    """What every dialect module offers."""

    NAME: str

    def claims(self, path: str) -> bool:
        """Tell by its name whether a file is of this dialect; ``path`` is POSIX and relative to the project root."""

    def read(self, file: RawFile) -> Reading[Declaration]:
        """Return what the file declares; what cannot be read is a problem in the reading, never an exception."""


class FileEditor(Protocol):
    """What writes files, of one dialect or, as sources, of several."""

    def edit(self, file: RawFile, changes: Sequence[Change]) -> Editing:
        """Return the edits of the file's decoded text that make the changes, and those changes that it refuses.

        Edits do not overlap and touch only what the changes are about; no changes, no edits. Never raises.
        """


class Starter(FileEditor, Protocol):
    """What a dialect offers in which a project's first declaration may be written."""

    def begin(self, start: Start, text: str) -> str:
        """Return what the file says before anything is added; ``text`` is what stands there, empty for a new one."""


class Editor(Dialect, FileEditor, Protocol):
    """What a dialect offers whose files may be written."""
