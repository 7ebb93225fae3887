"""The entries of a pixi.lock, each once, whatever environments and platforms it is for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import overload

from envcheck.gather.declarations.pixi_lock.blocks import Packages, numbers_by_name
from envcheck.gather.declarations.pixi_lock.lock import LockedEnvironment, PixiLock, entry_of
from envcheck.gather.documents.pixi_tables import DEFAULT
from envcheck.model.locks import IndexedEntries
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.requirements import Requirement

_REMOTE = ("https://", "http://")


class Owners:
    """Which environment has a package first, and which platforms have it at all."""

    def __init__(self, lock: PixiLock) -> None:
        """Look through all environments, the default one first."""
        self._lock = lock
        self._platforms: dict[int, set[str]] = {}
        self._first: dict[int, LockedEnvironment] = {}
        for environment in sorted(lock.environments, key=lambda each: each.name != DEFAULT):
            for locked in environment.platforms:
                for number in locked.packages:
                    self._platforms.setdefault(number, set()).add(locked.platform.subdir)
                    self._first.setdefault(number, environment)

    def entry(self, number: int) -> Requirement:
        """Return the entry of a package, for the platform that alone uses it, in the first environment that has it."""
        package, owner = self._lock.packages[number], self._first.get(number)
        if owner is None:
            return package.entry
        used = self._platforms[number]
        return entry_of(package, owner, next(iter(used)) if len(used) == 1 else "")


class PixiEntries(IndexedEntries):
    """The entries of a lock whose packages are read when they are asked for."""

    def __init__(self, lock: PixiLock, packages: Packages) -> None:
        """Take a lock with its packages."""
        self._lock = lock
        self._packages = packages
        self._numbers = numbers_by_name(packages.names)
        self._owners: Owners | None = None

    def __eq__(self, other: object) -> bool:
        """Tell whether they are those of an equal lock."""
        return isinstance(other, PixiEntries) and self._lock == other._lock

    __hash__ = None  # type: ignore[assignment] # as any sequence that compares by what is in it

    def __len__(self) -> int:
        """Count the entries."""
        return len(self._packages)

    def __iter__(self) -> Iterator[Requirement]:
        """Yield all entries in the order of the file."""
        return map(self._at, range(len(self)))

    @overload
    def __getitem__(self, index: int) -> Requirement: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Requirement, ...]: ...
    def __getitem__(self, index: int | slice) -> Requirement | tuple[Requirement, ...]:
        """Return the entry at an index, as if there were a tuple of all."""
        return tuple(self)[index] if isinstance(index, slice) else self._at(range(len(self))[index])

    def names(self) -> Iterable[tuple[Ecosystem, NormalizedName]]:
        """Return the names of all entries, in the order of the file."""
        return self._numbers.keys()

    def named(self, ecosystem: Ecosystem, name: NormalizedName) -> Iterable[Requirement]:
        """Return the entries of a name, for whatever platform, each read when its turn comes."""
        return map(self._at, self._numbers.get((ecosystem, name), ()))

    def needs(self) -> Iterable[tuple[Ecosystem, NormalizedName, Iterable[NormalizedName]]]:
        """Return the name of each entry with the names that it needs."""
        return ((*name, package.needs) for name, package in zip(self._packages.names, self._packages, strict=True))

    def with_sources(self) -> Iterable[Requirement]:
        """Return the entries that come from no index or channel."""
        locations = (reference.partition(": ")[2] for reference in self._packages.references)
        here = [number for number, location in enumerate(locations) if not location.startswith(_REMOTE)]
        return (entry for entry in map(self._at, here) if entry.direct)

    def _at(self, number: int) -> Requirement:
        if self._owners is None:
            self._owners = Owners(self._lock)
        return self._owners.entry(number)
