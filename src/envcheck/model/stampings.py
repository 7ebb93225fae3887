"""What came of stamping a notebook, and what a stamp says of the environment that the notebook has now."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from envcheck.model.records import Comparison, Difference, PythonDifference, Row
from envcheck.model.stamps import Stamp

_DRIFTS = frozenset({Difference.VERSION, Difference.BUILD, Difference.SOURCE, Difference.MISSING})


class Outcome(Enum):
    """What has become of the stamp of a notebook, or would."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    """The notebook says it already, or has no stamp that could be taken away."""
    REMOVED = "removed"
    REFUSED = "refused"
    LEFT_ALONE = "left-alone"
    """A notebook in another language."""


class Stamping(Struct, frozen=True):
    """A notebook with the stamp that it gets; ``path`` is as people see it, ``file`` that below the project's root.

    ``environment`` is the prefix as it is shown and ``how`` why it is that one. ``reason`` and ``remedy`` say why it is
    refused. ``doubt`` says what speaks against it that the notebook ran there. ``old`` and ``new`` are the bytes before
    and after.
    """

    path: str
    file: str
    outcome: Outcome
    stamp: Stamp | None = None
    environment: str = ""
    how: str = ""
    reason: str = ""
    remedy: str = ""
    doubt: str = ""
    old: bytes = b""
    new: bytes = b""

    @property
    def is_to_write(self) -> bool:
        """Whether the file is to be written."""
        return self.new != self.old


class State(Enum):
    """What a stamp proves of a notebook in its environment."""

    SAME = "same"
    DRIFTED = "drifted"
    UNSTAMPED = "unstamped"
    UNJUDGED = "unjudged"
    """It cannot be told: a newer or broken stamp, no environment, a notebook that cannot be read."""
    LEFT_ALONE = "left-alone"
    """A notebook in another language."""


class Verdict(Struct, frozen=True):
    """A notebook's stamp beside the environment of its kernel; ``path`` and ``environment`` are as people see them.

    ``before`` of the comparison is what the stamp says, or the lock that it refers to, ``after`` what is there.
    ``remarks`` are further things that were noticed: what the notebook imports and nothing provides.
    """

    path: str
    state: State
    environment: str = ""
    prefix: str = ""
    how: str = ""
    comparison: Comparison | None = None
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def is_ok(self) -> bool:
        """Whether nothing speaks against it that the notebook would run with what it ran with."""
        return self.state in (State.SAME, State.LEFT_ALONE)


def drifted(comparison: Comparison) -> tuple[Row, ...]:
    """Return the rows in which an environment is not as recorded; what is there besides is none."""
    return tuple(row for row in comparison.rows if row.difference in _DRIFTS)


def is_other_python(comparison: Comparison) -> bool:
    """Tell whether the Python is another one; another patch of the same minor version is not."""
    return comparison.python in (PythonDifference.MINOR, PythonDifference.IMPLEMENTATION)
