"""What a new install would get today, beside what was got before."""

from __future__ import annotations

from enum import IntEnum

from msgspec import Struct

from envcheck.model.versions import parse_version


class Level(IntEnum):
    """How far a new install is from what is known to work; the more, the worse."""

    YANKED = 1
    PATCH = 2
    MINOR = 3
    MAJOR = 4
    UNRESOLVABLE = 5

    @property
    def word(self) -> str:
        """The level for people and machines: ``major``."""
        return self.name.lower()


class Fresh(Struct, frozen=True):
    """A distribution of which a new install gets another version; empty where nothing is said.

    ``yanked`` says why the index has withdrawn the version that is locked or installed.
    """

    name: str
    level: Level
    declared: str = ""
    today: str = ""
    locked: str = ""
    stamped: str = ""
    installed: str = ""
    yanked: str = ""


class Resolved(Struct, frozen=True):
    """What one declaration resolves to today: ``entries`` distributions by a tool, or why it does not."""

    source: str
    tool: str
    entries: int = 0
    rows: tuple[Fresh, ...] = ()
    failure: str = ""


def level_between(before: str, after: str) -> Level | None:
    """Return by which part of the release two versions differ first, ``None`` when they are the same.

    Versions that cannot be compared differ as if in the first part.
    """
    old, new = parse_version(before), parse_version(after)
    if old is None or new is None:
        return None if before == after else Level.MAJOR
    if old.public == new.public:
        return None
    if (old.epoch, old.major) != (new.epoch, new.major):
        return Level.MAJOR
    return Level.MINOR if old.minor != new.minor else Level.PATCH
