"""What is said in the end: findings, their fixes, and the report that carries them."""

from __future__ import annotations

from enum import Enum, IntEnum

from msgspec import Struct

from envcheck.model.changes import Change
from envcheck.model.places import Place


class Severity(IntEnum):
    """How much a finding matters; ordered, so that ``--fail-on warning`` is a comparison."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The lower-case word for people and files."""
        return self.name.lower()


class Safety(Enum):
    """Whether a fix may be applied without being asked about again."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class Fix(Struct, frozen=True):
    """A way out: what it does in a few words, whether that is safe, and the wishes it consists of.

    ``text`` is what the entry should read (``pandas==2.1.4``), ready to be pasted in its place; empty when there is no
    such.
    """

    title: str
    safety: Safety
    changes: tuple[Change, ...] = ()
    text: str = ""


class Related(Struct, frozen=True):
    """Another place that belongs to a finding, with what stands there."""

    place: Place
    message: str


class Finding(Struct, frozen=True):
    """One thing that is wrong, where, and what to do: *who: what; what to do*.

    ``installed`` and ``wanted`` are versions or specifiers for machines; empty when they do not apply.
    """

    code: str
    name: str
    severity: Severity
    place: Place
    message: str
    distribution: str = ""
    installed: str = ""
    wanted: str = ""
    fix: Fix | None = None
    related: tuple[Related, ...] = ()

    @property
    def order(self) -> tuple[str, int, int, int, str, str]:
        """The key that sorts findings in reading order."""
        return (*self.place, self.code, self.message)
