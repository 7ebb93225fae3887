"""What keeps a text from being the document that it should be."""

from __future__ import annotations

from msgspec import Struct

from envcheck.gather.documents.text import Text
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind


class Fault(Struct, frozen=True):
    """Why a text is no YAML, TOML or INI as its readers want it; line and column count from 1, 0 is unknown."""

    message: str
    line: int = 0
    column: int = 0

    def problem(self, path: str, remedy: str = "") -> Problem:
        """Return the fault as that of a file."""
        return Problem(ProblemKind.UNREADABLE_FILE, Place(path, 0, self.line, self.column), self.message, remedy)


def encoding_problems(text: Text, path: str) -> tuple[Problem, ...]:
    """Return the problem of a text in an encoding that its readers will not guess, if it is one."""
    if not text.lossy:
        return ()
    return (Problem(ProblemKind.ODD_ENCODING, Place(path), "not UTF-8: read as Latin-1", "save it as UTF-8"),)
