"""The shape of a source reader."""

from __future__ import annotations

from typing import Protocol

from envcheck.model.readings import RawFile, Reading
from envcheck.model.usage import Source


class SourceReader(Protocol):
    """What every source module offers."""

    NAME: str

    def claims(self, path: str) -> bool:
        """Tell by its name whether a file is of this sort; ``path`` is POSIX and relative to the project root."""

    def read(self, file: RawFile) -> Reading[Source]:
        """Return what the file uses; what cannot be read is a problem in the reading, never an exception."""
