"""What a run says, whole: the one thing a reporter receives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from msgspec import Struct, field

from envcheck.model.findings import Finding, Fix, Severity
from envcheck.model.places import Place
from envcheck.model.rules import Rule


class EnvironmentSummary(Struct, frozen=True):
    """An environment that was looked at, why it was, and how much is in it."""

    prefix: str
    kind: str
    python: str
    how: str
    distributions: int
    shown: str = ""
    """The prefix as people see it: relative when it lies below where they stand."""


class ScopeSummary(Struct, frozen=True):
    """Which declarations governed which sources, in which environment (its prefix, or empty)."""

    root: str
    declarations: tuple[str, ...]
    environment: str
    how: str
    sources: tuple[str, ...]


class NoticeKind(Enum):
    """What a notice is about."""

    NOT_READ = "not-read"
    """What was recognised and left alone."""
    UNUSED = "unused"
    """An ignore that silences nothing."""


class Notice(Struct, frozen=True):
    """Something that is no finding, and why: never counted, always said. The path is empty for one of the settings."""

    place: Place
    message: str
    kind: NoticeKind = NoticeKind.NOT_READ


class LockSummary(Struct, frozen=True):
    """A lock that was compared: whose it is, how much of it is wanted here, and the two ways out of a disagreement.

    ``state`` is ``fresh``, ``changed`` or ``unknown``: whether it follows what it was made from. ``uncovered`` says why
    nothing of it is wanted here, empty otherwise. ``disagrees`` is true when a finding speaks of it; an optional lock
    is for a group that was not asked for, so that nothing of it has to be there.
    """

    path: str
    manager: str
    follow: str
    renew: str
    state: str
    entries: int
    uncovered: str = ""
    disagrees: bool = False
    is_optional: bool = False


IN_TABLE = ("CON", "COV", "DRF", "LCK")
"""The families whose findings are disagreements about a distribution: those have a row."""


class TableRow(Struct, frozen=True):
    """A distribution on which the files and the environment of a scope disagree; empty where nothing is said."""

    root: str
    name: str
    declared: str
    locked: str
    installed: str
    used: int
    """In how many sources it is imported."""
    users: tuple[str, ...] = ()
    """Their paths."""
    key: str = ""
    """What findings call it, whose name may be written in other ways."""


class RulePage(Struct, frozen=True):
    """A rule with its text, as ``envcheck explain`` shows it."""

    rule: Rule
    text: str


class FileEdit(Struct, frozen=True):
    """Text to write in a file, from a line and column up to another, which is left; both count from 1."""

    path: str
    start: tuple[int, int]
    stop: tuple[int, int]
    text: str


class Details(Struct, frozen=True):
    """What only some formats need, and what costs a second look at the files.

    ``places`` maps places in cells to those in the files that hold the cells; ``edits`` are those of fixes that can be
    made as they are; ``pages`` are those of the rules that found something.
    """

    places: Mapping[Place, Place] = field(default_factory=dict)
    edits: Mapping[Fix, tuple[FileEdit, ...]] = field(default_factory=dict)
    pages: tuple[RulePage, ...] = ()


class Accepted(Struct, frozen=True):
    """What became of a baseline: how many findings it holds back, and what of it is not found any more."""

    path: str
    known: int
    gone: tuple[str, ...] = ()


class Report(Struct, frozen=True):
    """The outcome of a check; findings in reading order, ``suppressed`` counts those the user asked not to hear."""

    findings: tuple[Finding, ...] = ()
    scopes: tuple[ScopeSummary, ...] = ()
    environments: tuple[EnvironmentSummary, ...] = ()
    notices: tuple[Notice, ...] = ()
    notebooks: int = 0
    scripts: int = 0
    declarations: int = 0
    imports: int = 0
    suppressed: int = 0
    locks: tuple[LockSummary, ...] = ()
    table: Sequence[TableRow] = ()
    details: Details = Details()
    accepted: Accepted | None = None
    version: str = ""
    """That of envcheck, for formats that name what made them."""
    unchanged: int = 0
    since: str = ""
    """The revision since which nothing of ``unchanged`` findings has changed."""

    def in_file(self, place: Place) -> Place:
        """Return a place as it stands in the file: of a cell the line of the notebook's JSON, none if it is unknown."""
        return self.details.places.get(place, Place(place.path)) if place.cell else place

    def count(self, severity: Severity) -> int:
        """Return how many findings have exactly this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def fails(self, threshold: Severity) -> bool:
        """Tell whether any finding is at or above the threshold."""
        return any(finding.severity >= threshold for finding in self.findings)
