"""Records of environments: who has which version, wherever that is written down, and how two records differ."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from msgspec import Struct, field

from envcheck.model.levels import Level, level_of
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.versions import same_version


class Record(Struct, frozen=True):
    """Names and versions that something says of an environment: a stamp, a lock, a snapshot, the environment itself.

    ``versions`` are Python distributions, ``conda`` the packages without Python in them; ``sources`` are the origins
    of those distributions that come from no index, as in a stamp. ``direct`` are the names that are wanted for their
    own sake (imported, declared), empty where nobody knows. ``python`` is empty when it is not told, and
    ``implementation`` for CPython. ``title`` names the record for people. ``builds`` are conda's builds of what stands
    in ``versions`` or ``conda``, where they are known.
    """

    title: str = ""
    python: str = ""
    implementation: str = ""
    versions: Mapping[NormalizedName, str] = field(default_factory=dict)
    sources: Mapping[NormalizedName, str] = field(default_factory=dict)
    conda: Mapping[NormalizedName, str] = field(default_factory=dict)
    direct: frozenset[NormalizedName] = frozenset()
    builds: Mapping[NormalizedName, str] = field(default_factory=dict)


class Difference(Enum):
    """How a name fares from one record to the next."""

    SAME = "same"
    VERSION = "version"
    """Another version."""
    BUILD = "build"
    """The same version, but another local part (``2.4.1`` and ``2.4.1+cu121``), or another build by conda."""
    SOURCE = "source"
    """The same version from somewhere else."""
    MISSING = "missing"
    """In the first record only."""
    EXTRA = "extra"
    """In the second record only."""


class Row(Struct, frozen=True):
    """One name in two records; a side is empty where the record does not hold it.

    ``before_source`` and ``after_source`` are empty for what comes from an index. ``is_direct`` is true when either
    record wants it for its own sake.
    """

    name: NormalizedName
    difference: Difference
    before: str = ""
    after: str = ""
    before_source: str = ""
    after_source: str = ""
    is_direct: bool = False
    ecosystem: Ecosystem = Ecosystem.PYPI
    before_build: str = ""
    after_build: str = ""

    @property
    def level(self) -> Level:
        """How far apart the versions are."""
        if self.difference is Difference.BUILD and same_version(self.before, self.after):
            return Level.BUILD
        return level_of(self.before, self.after)


class PythonDifference(Enum):
    """How the interpreters of two records differ."""

    SAME = "same"
    PATCH = "patch"
    """Only in what comes after the minor version: the same language and the same wheels."""
    MINOR = "minor"
    IMPLEMENTATION = "implementation"
    UNKNOWN = "unknown"
    """One of the two does not say which it is."""


class Comparison(Struct, frozen=True):
    """Two records side by side: every name of either, direct ones first, then by name."""

    before: Record
    after: Record
    python: PythonDifference
    rows: tuple[Row, ...] = ()

    @property
    def changed(self) -> tuple[Row, ...]:
        """The rows that differ in any way."""
        return tuple(row for row in self.rows if row.difference is not Difference.SAME)
