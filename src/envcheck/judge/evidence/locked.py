"""The locks of a scope with their entries under the names of the dossiers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, KeysView, Mapping, Sequence
from itertools import chain, starmap
from typing import TypeAlias

from msgspec import Struct

from envcheck.model.environment import Environment
from envcheck.model.locks import IndexedEntries
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.on_demand import OnDemand
from envcheck.model.requirements import Requirement
from envcheck.model.scopes import LockFact

Name: TypeAlias = tuple[Ecosystem, NormalizedName]
Needs: TypeAlias = tuple[Ecosystem, NormalizedName, Iterable[NormalizedName]]
KeyOf: TypeAlias = Callable[[Ecosystem, NormalizedName], str]
"""Answers under which key a name of an ecosystem has its dossier."""


class Held(Mapping[str, Sequence[Requirement]]):
    """All entries of a lock by the keys of their dossiers; a large lock's are read when they are asked for."""

    def __init__(self, entries: Sequence[Requirement], key_of: KeyOf) -> None:
        """Take the entries of a lock, whatever platform they are for."""
        self._entries = entries
        self._found: dict[str, Sequence[Requirement]] = {}
        if isinstance(entries, IndexedEntries):
            named = dict.fromkeys(entries.names())
        else:
            named = dict.fromkeys((entry.ecosystem, entry.name) for entry in entries if entry.name)
            self._found.update(by_key(entries, key_of))
        self.names: KeysView[Name] = named.keys()
        self._names: dict[str, list[Name]] = {}
        for name in named:
            self._names.setdefault(key_of(*name), []).append(name)

    def __getitem__(self, key: str) -> Sequence[Requirement]:
        """Return the entries of a key. Raises ``KeyError`` for a name that the lock does not hold."""
        names = self._names[key]
        if key not in self._found and isinstance(self._entries, IndexedEntries):
            self._found[key] = OnDemand(chain.from_iterable(starmap(self._entries.named, names)))
        return self._found[key]

    def __contains__(self, key: object) -> bool:
        """Tell whether the lock holds something of that key, without reading it."""
        return key in self._names

    def __iter__(self) -> Iterator[str]:
        """Yield the keys, without reading any entry."""
        return iter(self._names)

    def __len__(self) -> int:
        """Count the keys."""
        return len(self._names)

    @property
    def keys_of_names(self) -> dict[Name, str]:
        """The key of each name."""
        return {name: key for key, names in self._names.items() for name in names}

    def needs(self) -> list[Needs]:
        """Return the name of each entry with the names that it needs, sorted, without reading more of it."""
        if isinstance(self._entries, IndexedEntries):
            found = self._entries.needs()
        else:
            found = ((entry.ecosystem, entry.name, entry.needs) for entry in self._entries if entry.name)
        return sorted(found, key=lambda each: (each[0].value, each[1]))


class LockView(Struct, frozen=True, eq=False):
    """A lock beside the dossiers: ``selected`` are the entries that it wants here, ``held`` all of them, by key."""

    fact: LockFact
    selected: Mapping[str, tuple[Requirement, ...]]
    held: Held

    @property
    def path(self) -> str:
        """The path of the lock."""
        return self.fact.declaration.path

    @property
    def file(self) -> str:
        """The name of the lock's file, for messages; juv keeps a notebook's lock inside of it."""
        name = self.path.rpartition("/")[2]
        return f"the lock in {name}" if name.endswith(".ipynb") else name

    @property
    def is_of_conda(self) -> bool:
        """Whether it holds conda packages."""
        return any(ecosystem is Ecosystem.CONDA for ecosystem, _ in self.held.names)

    def suits(self, python: str) -> bool:
        """Tell whether the lock is for this Python, as far as it says which it is for."""
        demands = self.fact.declaration.python
        return not python or all(demand.template or demand.constraint.allows(python) for demand in demands)

    def may_be_followed(self, environment: Environment) -> bool:
        """Tell whether an environment can follow it: a conda lock only one that conda has made."""
        return bool(environment.conda) or not self.is_of_conda

    @property
    def has_no_room_for_pip(self) -> bool:
        """Whether it is conda's own list of its packages: what pip installs beside them stands nowhere in it."""
        return self.fact.manager.name == "conda" and all(
            ecosystem is Ecosystem.CONDA for ecosystem, _ in self.held.names
        )

    @property
    def remedy(self) -> str:
        """Words that name the commands of both ways out."""
        return self._ways_out(self.fact.manager.follow)

    @property
    def remedy_of_same_version(self) -> str:
        """The same where the version is right, and the source or the build is not."""
        return self._ways_out(self.fact.manager.reinstall or self.fact.manager.follow)

    def remedy_of_too_much(self, name: str) -> str:
        """Return words that name the commands for something that the lock does not know."""
        manager = self.fact.manager
        away = f"{manager.remove} {name}" if manager.remove else f"{manager.follow} to remove it"
        return f"run {away}, or declare it and run {manager.renew}"

    def _ways_out(self, follow: str) -> str:
        return f"run {follow}, or {self.fact.manager.renew} if the lock is what is wrong"


def has_alternative(locks: Iterable[LockView], lock: LockView, python: str) -> bool:
    """Tell whether another lock of the same manager serves this environment: many have one for each platform."""
    return any(
        other is not lock
        and other.fact.at_home
        and other.fact.manager.name == lock.fact.manager.name
        and other.selected
        and not (other.fact.selection.uncovered or other.fact.selection.is_optional)
        and other.suits(python)
        for other in locks
    )


def view(fact: LockFact, key_of: KeyOf) -> LockView:
    """Return a lock as the dossiers see it."""
    return LockView(fact, by_key(fact.selection.entries, key_of), Held(fact.declaration.requirements, key_of))


def by_key(entries: Iterable[Requirement], key_of: KeyOf) -> dict[str, tuple[Requirement, ...]]:
    """Return entries that have a name by the keys of their dossiers."""
    found: dict[str, list[Requirement]] = {}
    for entry in entries:
        if entry.name:
            found.setdefault(key_of(entry.ecosystem, entry.name), []).append(entry)
    return {key: tuple(group) for key, group in found.items()}


def needed_by(locks: Iterable[LockView]) -> dict[str, tuple[str, ...]]:
    """Return for each key that a lock wants here which other keys need it, as the locks themselves say.

    Without environment nothing is wanted here, and all that a lock holds counts.
    """
    found: dict[str, dict[str, None]] = {}
    for lock in locks:
        keys = _selected_keys(lock) if lock.selected else lock.held.keys_of_names
        for ecosystem, name, needs in _selected_needs(lock) if lock.selected else lock.held.needs():
            for need in needs:
                # pixi lets a conda package satisfy what a distribution of PyPI needs.
                key = keys.get((ecosystem, need)) or keys.get((Ecosystem.CONDA, need))
                if key:
                    found.setdefault(key, {})[keys[ecosystem, name]] = None
    return {key: tuple(parents) for key, parents in found.items()}


def _selected_keys(lock: LockView) -> dict[Name, str]:
    return {(entry.ecosystem, entry.name): key for key, group in lock.selected.items() for entry in group}


def _selected_needs(lock: LockView) -> Iterator[Needs]:
    return ((entry.ecosystem, entry.name, entry.needs) for group in lock.selected.values() for entry in group)
