"""The locks of a scope with their entries under the names of the dossiers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.requirements import Requirement
from envcheck.model.scopes import LockFact


class LockView(Struct, frozen=True, eq=False):
    """A lock beside the dossiers: ``selected`` are the entries that it wants here, ``held`` all of them, by key."""

    fact: LockFact
    selected: Mapping[str, tuple[Requirement, ...]]
    held: Mapping[str, tuple[Requirement, ...]]

    @property
    def path(self) -> str:
        """The path of the lock."""
        return self.fact.declaration.path

    @property
    def file(self) -> str:
        """The name of the lock's file, for messages."""
        return self.path.rpartition("/")[2]

    @property
    def is_of_conda(self) -> bool:
        """Whether it holds conda packages: only conda's own environments can follow it."""
        return any(entry.ecosystem is Ecosystem.CONDA for entries in self.held.values() for entry in entries)

    @property
    def remedy(self) -> str:
        """Words that name the commands of both ways out."""
        manager = self.fact.manager
        return f"run {manager.follow}, or {manager.renew} if the lock is what is wrong"


def has_alternative(locks: Iterable[LockView], lock: LockView) -> bool:
    """Tell whether another lock of the same manager serves this environment: many have one for each platform."""
    return any(
        other is not lock
        and other.fact.at_home
        and other.fact.manager.name == lock.fact.manager.name
        and other.selected
        and not other.fact.selection.uncovered
        for other in locks
    )


def view(fact: LockFact, key_of: Callable[[Requirement], str]) -> LockView:
    """Return a lock as the dossiers see it."""
    return LockView(fact, _by_key(fact.selection.entries, key_of), _by_key(fact.declaration.requirements, key_of))


def _by_key(
    entries: Iterable[Requirement], key_of: Callable[[Requirement], str]
) -> Mapping[str, tuple[Requirement, ...]]:
    found: dict[str, list[Requirement]] = {}
    for entry in entries:
        if entry.name:
            found.setdefault(key_of(entry), []).append(entry)
    return {key: tuple(group) for key, group in found.items()}


def needed_by(locks: Iterable[LockView]) -> dict[str, tuple[str, ...]]:
    """Return for each key that a lock holds which other keys need it, as the locks themselves say."""
    found: dict[str, dict[str, None]] = {}
    for lock in locks:
        keys = {(entry.ecosystem, entry.name): key for key, held in lock.held.items() for entry in held}
        for key, held in lock.held.items():
            for need in (need for entry in held for need in _needs(entry, keys)):
                found.setdefault(need, {})[key] = None
    return {key: tuple(parents) for key, parents in found.items()}


def _needs(entry: Requirement, keys: Mapping[tuple[Ecosystem, NormalizedName], str]) -> Iterator[str]:
    for need in entry.needs:
        # pixi lets a conda package satisfy what a distribution of PyPI needs.
        key = keys.get((entry.ecosystem, need)) or keys.get((Ecosystem.CONDA, need))
        if key:
            yield key
