"""What a lock before version 2.1 selects: all that is reached from what the project requires, as Poetry resolves it.

Such a lock says neither groups nor markers of its entries. Poetry resolves again with nothing but the entries of the
lock to choose from; here every name that is reached gets the newest entry that all who need it accept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field
from packaging.version import Version

from envcheck.gather.declarations.poetry_lock.conditions import allows, holds
from envcheck.gather.declarations.poetry_lock.locked import Locked
from envcheck.gather.documents.reqentry import Entry
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.versions import parse_version

_ROUNDS = 8
"""Two versions of one name are rare, and a choice among them that changes what is needed is rarer still."""


class Demand(Struct, frozen=True):
    """A name that is required, and how."""

    name: NormalizedName
    entry: Entry


class Wish(Struct, frozen=True):
    """What a selection begins with.

    ``demands`` hold for the target, those of extras among them that nobody asked for: they take part when versions are
    chosen. In the end only what ``kept`` reaches stays, the demands of everybody whatever their markers say, and what
    is reached from ``added``, the names that the extras asked for bring in (``Transaction.calculate_operations``).
    """

    demands: tuple[Demand, ...]
    kept: tuple[Demand, ...]
    added: frozenset[NormalizedName] = frozenset()


class Walk(Struct):
    """One selection; ``choices`` are the entries of each name that suit the target's Python, newest first."""

    choices: Mapping[NormalizedName, list[Locked]]
    environment: Mapping[str, str]
    chosen: dict[NormalizedName, Locked] = field(default_factory=dict)
    edges: dict[NormalizedName, list[NormalizedName]] = field(default_factory=dict)
    resolved: set[tuple[NormalizedName, tuple[str, ...]]] = field(default_factory=set)

    def select(self, wish: Wish) -> frozenset[NormalizedName]:
        """Return the names that are wanted; ``chosen`` has their entries."""
        for _ in range(_ROUNDS):
            demands = self._demands(wish.demands)
            chosen = {name: best for name, entries in demands.items() if (best := self._best(name, entries))}
            if chosen == self.chosen:
                break
            self.chosen = chosen
        return frozenset(self._kept(wish.kept) | self._added(wish.added))

    def _kept(self, roots: tuple[Demand, ...]) -> set[NormalizedName]:
        """Return what is reached; to Poetry a name with extras is another package than the name alone."""
        reached: set[tuple[NormalizedName, tuple[str, ...]]] = set()
        waiting = list(roots)
        while waiting:
            demand = waiting.pop()
            key = demand.name, demand.entry.extras
            if key in self.resolved and key not in reached and demand.name in self.chosen:
                reached.add(key)
                waiting += self._needs(self.chosen[demand.name], set(map(normalize, demand.entry.extras)))
        return {name for name, _ in reached}

    def _added(self, names: frozenset[NormalizedName]) -> set[NormalizedName]:
        reached = set(names.intersection(self.chosen))
        waiting = list(reached)
        while waiting:
            new = self.chosen.keys() & set(self.edges.get(waiting.pop(), ())) - reached
            reached |= new
            waiting += new
        return reached

    def _demands(self, roots: tuple[Demand, ...]) -> dict[NormalizedName, list[Entry]]:
        """Return how each name is required that can be reached by what is chosen now."""
        found: dict[NormalizedName, list[Entry]] = {}
        wanted: dict[NormalizedName, set[NormalizedName]] = {}
        waiting = list(roots[::-1])
        self.edges, self.resolved = {}, set()
        while waiting:
            demand = waiting.pop()
            name, extras = demand.name, set(map(normalize, demand.entry.extras))
            is_new = name not in found
            self.resolved.add((name, demand.entry.extras))
            found.setdefault(name, []).append(demand.entry)
            known = wanted.setdefault(name, set())
            if is_new or not extras <= known:
                known |= extras
                entry = self.chosen.get(name) or self._best(name, [demand.entry])
                needs = self._needs(entry, known) if entry else []
                self.edges[name] = [need.name for need in needs]
                waiting += needs
        return found

    def _needs(self, entry: Locked, extras: set[NormalizedName]) -> list[Demand]:
        added = {name for extra, names in entry.extras if extra in extras for name in names}
        return [
            Demand(need.name, need.entry)
            for need in entry.needs()
            if (need.name in added or not need.optional) and holds(need.entry.marker, self.environment, None)
        ]

    def _best(self, name: NormalizedName, demands: list[Entry]) -> Locked | None:
        entries = self.choices.get(name, ())
        if len(entries) < 2:
            return next(iter(entries), None)
        # Where no entry suits all, Poetry stops; the one that suits most is what the lock comes nearest to.
        return max(entries, key=lambda entry: sum(_suits(entry, demand) for demand in demands))


def choices_of(entries: Iterable[Locked], python: str) -> dict[NormalizedName, list[Locked]]:
    """Return the entries of each name, newest first, without those for other Pythons where there are others."""
    found: dict[NormalizedName, list[Locked]] = {}
    for entry in entries:
        found.setdefault(entry.name, []).append(entry)
    for name, several in found.items():
        if len(several) > 1:
            suitable = [entry for entry in several if allows(entry.requirement.python, python)] or several
            found[name] = sorted(suitable, key=_order, reverse=True)
    return found


def _order(entry: Locked) -> tuple[bool, Version]:
    version = parse_version(entry.requirement.constraint.exact or "")
    return version is not None, version or Version("0")


def _suits(entry: Locked, demand: Entry) -> bool:
    direct = entry.requirement.direct
    if demand.direct:
        return direct is not None and direct.kind is demand.direct.kind
    return demand.constraint.allows(entry.requirement.constraint.exact or "")
