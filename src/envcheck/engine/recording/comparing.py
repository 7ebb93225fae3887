"""Two names → how what they mean differs."""

from __future__ import annotations

from msgspec import Struct

from envcheck.engine.recording.sides import STDIN, Asking, open_name, side_of
from envcheck.judge.evidence.sides import contrast
from envcheck.model.errors import UserError
from envcheck.model.records import Comparison, PythonDifference


class Compared(Struct, frozen=True):
    """Two sides compared; ``kinds`` are what they are, and ``remarks`` what was noticed while they were read."""

    comparison: Comparison
    kinds: tuple[str, str]
    remarks: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether nothing differs that both know of."""
        is_python = self.comparison.python in (PythonDifference.SAME, PythonDifference.UNKNOWN)
        return is_python and not self.comparison.changed


def compare_names(first: str, second: str, asking: Asking) -> Compared:
    """Return how two things differ. Raises ``UserError`` for what is none of the kinds that can be compared."""
    if first == second == STDIN:
        raise UserError("both sides are standard input", "give one of them as a file")
    opened = open_name(first, asking), open_name(second, asking)
    before, after = side_of(opened[0], opened[1], asking), side_of(opened[1], opened[0], asking)
    remarks = tuple(dict.fromkeys((*before.remarks, *after.remarks)))
    return Compared(contrast(before, after, asking.table), (before.kind, after.kind), remarks)
