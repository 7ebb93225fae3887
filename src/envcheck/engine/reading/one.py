"""One source: its file read, and what its reader makes of it."""

from __future__ import annotations

from msgspec import Struct

from envcheck.engine.reading.files import read_file
from envcheck.gather.sources.catalogue import reader_for
from envcheck.model.readings import Problem, Reading
from envcheck.model.usage import Source


class Outcome(Struct, frozen=True, array_like=True):
    """The reading of a source, or the problem that kept it from being read."""

    reading: Reading[Source] | None = None
    problem: Problem | None = None


NOTHING = Outcome()


def read_one(root: str, path: str) -> Outcome:
    """Return what a source says; nothing for a file that no reader is for."""
    reader = reader_for(path)
    if reader is None:
        return NOTHING
    found = read_file(root, path)
    return Outcome(problem=found) if isinstance(found, Problem) else Outcome(reader.read(found))
