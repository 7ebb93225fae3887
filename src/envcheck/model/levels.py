"""How far apart two versions are."""

from __future__ import annotations

import re
from enum import Enum

from envcheck.model.versions import parse_version, same_version

_NUMBERS = re.compile(r"(\d+)(?:\.(\d+))?")


class Level(Enum):
    """The first part of a version in which two differ."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"
    """Anything behind the first two numbers, pre-releases and post-releases too."""
    LOCAL = "local"
    """The part behind ``+``."""
    BUILD = "build"
    """Nothing of the version, but conda's build."""
    NONE = "none"
    UNKNOWN = "unknown"
    """One of them is no version."""


def level_of(before: str, after: str) -> Level:
    """Return in which part two versions differ; ``1`` is ``1.0``, and an epoch is more than a major version."""
    if before == after or same_version(before, after):
        return Level.NONE
    old, new = parse_version(before), parse_version(after)
    if old is None or new is None:
        return _by_numbers(before, after)
    if old.epoch != new.epoch or old.major != new.major:
        return Level.MAJOR
    if old.minor != new.minor:
        return Level.MINOR
    return Level.LOCAL if old.public == new.public else Level.PATCH


def _by_numbers(before: str, after: str) -> Level:
    """Return the level of versions that only conda understands (``2024b``, ``1.1.1w``)."""
    old, new = _NUMBERS.match(before), _NUMBERS.match(after)
    if old is None or new is None:
        return Level.UNKNOWN
    if int(old[1]) != int(new[1]):
        return Level.MAJOR
    return Level.MINOR if int(old[2] or 0) != int(new[2] or 0) else Level.PATCH
