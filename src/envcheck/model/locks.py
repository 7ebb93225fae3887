"""What a lock is: exact entries, what it wants for one target, and whether it still follows what it was made from."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Protocol

from msgspec import Struct, field

from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.places import Place
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement


class Target(Struct, frozen=True):
    """What a lock is asked about: an interpreter on a platform, and what the user chose.

    ``markers`` is a PEP 508 environment, ``platform`` a conda subdir (``linux-64``), ``python`` a full version or empty
    when nothing tells it. ``extras`` and ``groups`` (normalised) are wanted in addition to what the manager installs by
    itself; without ``default_groups`` the groups that it installs by itself are left out.
    """

    python: str
    platform: str
    markers: Mapping[str, str] = field(default_factory=dict)
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    default_groups: bool = True


class Selection(Struct, frozen=True):
    """What a lock wants installed for one target, nothing more and nothing less.

    ``entries`` have role LOCKED. ``own`` are the names of the project itself and of the members of its workspace: their
    entries are there when they are to be installed too, and they are never too much. ``uncovered`` says in a few words
    why the lock has nothing for this target (``made for osx-64 and win-64``), empty when it has. An optional lock
    (``requirements-dev.txt``) does not ask for anything to be there: what is there must be as it says.
    """

    entries: tuple[Requirement, ...] = ()
    own: frozenset[NormalizedName] = frozenset()
    uncovered: str = ""
    is_optional: bool = False


class State(Enum):
    """Whether a lock follows what it was made from, as far as the lock itself can tell."""

    FRESH = "fresh"
    """Proven: its content hash, or what it recorded of its inputs, is that of the inputs now."""
    CHANGED = "changed"
    """The inputs are others now; whether the lock still satisfies them is another question."""
    UNKNOWN = "unknown"
    """It recorded nothing, or in a way that is not known."""


class Departure(Struct, frozen=True):
    """One thing in which the inputs have changed since: ``words`` follow a colon (``pandas is new``)."""

    words: str
    name: str = ""
    place: Place | None = None


class Freshness(Struct, frozen=True):
    """The state of a lock, and in what the inputs have changed when that can be told."""

    state: State
    departures: tuple[Departure, ...] = ()


class Manager(Struct, frozen=True):
    """The tool that a lock belongs to, and its commands as a user types them in the folder of the lock.

    ``follow`` makes the environment follow the lock, ``renew`` makes the lock follow the declarations. Where ``follow``
    leaves alone what has the right version and another source or build, ``reinstall`` does it; where it leaves alone
    what nothing asks for, ``remove`` and a name take that away. Both are empty where ``follow`` does it all.
    """

    name: str
    follow: str
    renew: str
    reinstall: str = ""
    remove: str = ""


class IndexedEntries(Sequence[Requirement]):
    """The entries of a large lock that are read when somebody asks for them: most runs ask for a few names.

    A reader that uses it has made sure that the text is of the shape its entries are found by.
    """

    @abstractmethod
    def names(self) -> Iterable[tuple[Ecosystem, NormalizedName]]:
        """Return the names of all entries, each at least once."""

    @abstractmethod
    def named(self, ecosystem: Ecosystem, name: NormalizedName) -> Iterable[Requirement]:
        """Return the entries of a name, for whatever platform, each read when its turn comes."""

    @abstractmethod
    def needs(self) -> Iterable[tuple[Ecosystem, NormalizedName, Iterable[NormalizedName]]]:
        """Return the name of each entry with the names that it needs."""

    @abstractmethod
    def with_sources(self) -> Iterable[Requirement]:
        """Return the entries that come from no index or channel."""


class Lock(Protocol):
    """What a lock file knows beyond its entries; each dialect has its own. ``manifests`` below are files that exist."""

    @property
    def manager(self) -> Manager:
        """The tool whose lock it is."""

    @property
    def made_from(self) -> tuple[str, ...]:
        """The paths of the files that it is made from, relative to the project root; some may not exist."""

    @property
    def knows_needs(self) -> bool:
        """Whether the entries say what they need, so that what nothing needs can be told."""

    def select(self, target: Target, manifests: tuple[RawFile, ...]) -> Selection:
        """Return what the manager would install for a target, with its own defaults for groups."""

    def freshness(self, manifests: tuple[RawFile, ...]) -> Freshness:
        """Tell by content hash or recorded inputs whether the lock was made from these very files."""
