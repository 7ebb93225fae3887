"""One side of a comparison: a record, and what whoever wrote it cannot know."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from envcheck.model.constraints import Constraint
from envcheck.model.names import NormalizedName
from envcheck.model.records import Record

TOOLS = frozenset({NormalizedName(name) for name in ("distribute", "pip", "setuptools", "wheel")})
"""What comes with an environment, and ``pip freeze`` and most locks leave out."""


class Package(Struct, frozen=True):
    """A conda package in a list that does not tell whether there is a Python distribution in it."""

    version: str
    build: str = ""


class Side(Struct, frozen=True):
    """What can be compared with another side.

    ``record`` is what it says for certain. ``packages`` are names of conda, which may or may not hold a distribution;
    ``provides`` tells that where it is known. ``open`` are names that are there in whatever version a constraint
    allows. ``spared`` are names whose absence says nothing. ``knows_conda`` and ``knows_sources`` tell whether it would
    say so if there were packages without Python in them, or distributions from no index. ``remarks`` are for people.
    """

    record: Record
    kind: str = ""
    packages: Mapping[NormalizedName, Package] = field(default_factory=dict)
    provides: Mapping[NormalizedName, tuple[NormalizedName, ...]] = field(default_factory=dict)
    open: Mapping[NormalizedName, Constraint] = field(default_factory=dict)
    spared: frozenset[NormalizedName] = frozenset()
    knows_conda: bool = False
    knows_sources: bool = True
    remarks: tuple[str, ...] = ()
