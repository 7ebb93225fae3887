"""What a new install would get today: declarations resolved anew, beside locks, stamps and what is installed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from envcheck.engine.check import Case
from envcheck.engine.locking.choice import Locking
from envcheck.engine.locking.locking import resolve
from envcheck.engine.locking.orders import Wish, installed_versions, locked_versions, order_for
from envcheck.lockers import pip_tools
from envcheck.lockers.base import Order, Run
from envcheck.lockers.index import Versions, versions_on_index
from envcheck.model.errors import UserError
from envcheck.model.fresh import Fresh, Level, Resolved, level_between
from envcheck.model.requirements import Requirement
from envcheck.model.versions import parse_version


class Before(Struct, frozen=True):
    """What is known to have worked, name → version: by locks, by the stamps of notebooks, by what is installed."""

    locked: Mapping[str, str] = field(default_factory=dict)
    stamped: Mapping[str, Sequence[str]] = field(default_factory=dict)
    installed: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> tuple[str, ...]:
        """Return the versions of a name; several notebooks may have run with several."""
        known = (self.locked.get(name, ""), *self.stamped.get(name, ()), self.installed.get(name, ""))
        return tuple(version for version in known if version)


def resolve_today(case: Case, locking: Locking, wish: Wish, run: Run) -> Resolved:
    """Return what a declaration resolves to today, and where that is not what was got before, the worst first."""
    wish = replace(wish, upgrade=True)
    order = replace(order_for(case, locking, wish), hashes=False)
    before = _before(case, locking)
    declared = _declared(case, locking)
    try:
        tool, entries = resolve(case, locking, wish, order, run)
    except UserError as error:
        index = _on_index(declared, order, run)
        rows = _unresolvable(declared, index)
        return Resolved(locking.source, "", 0, tuple(_sorted(rows)), error.message)
    today = locked_versions(entries)
    known = [name for name in today if before.of(name)]
    index = {} if locking.is_conda else _on_index(known, order, run)
    wishes = {name: _text(requirements) for name, requirements in declared.items()}
    rows = _moved(today, before, index, wishes)
    return Resolved(locking.source, tool, len(entries), tuple(_sorted(rows)))


def _before(case: Case, locking: Locking) -> Before:
    locked: dict[str, str] = {}
    stamped: dict[str, list[str]] = {}
    for evidence in case.evidence:
        scope = evidence.scope
        if scope.root != locking.folder:
            continue
        for lock in scope.locks if scope.primary else ():
            locked.update(locked_versions(lock.selection.entries or tuple(lock.declaration.requirements)))
        stamps = (source.stamp for source in scope.sources if source.stamp and source.stamp.is_known)
        for name, version in (pair for stamp in stamps for pair in stamp.versions.items()):
            if version not in stamped.setdefault(name, []):
                stamped[name].append(version)
    installed = installed_versions(case.environments.default_for(locking.folder))
    return Before(locked, stamped, {} if locking.is_conda else installed)


def _declared(case: Case, locking: Locking) -> dict[str, list[Requirement]]:
    found: dict[str, list[Requirement]] = {}
    for requirement in case.facts.declarations[locking.source].requirements:
        if requirement.name and not requirement.direct:
            found.setdefault(requirement.name, []).append(requirement)
    return found


def _on_index(names: Iterable[str], order: Order, run: Run) -> Versions:
    """Return what the index has, nothing where it cannot be asked: the resolver has had its say already."""
    asked = tuple(names)
    if not asked or pip_tools.unable(replace(order, groups=(), universal=False), run.environ):
        return {}
    try:
        return versions_on_index(asked, order, run)
    except UserError:
        return {}


def _moved(today: Mapping[str, str], before: Before, index: Versions, wishes: Mapping[str, str]) -> Iterator[Fresh]:
    for name, version in today.items():
        known = before.of(name)
        levels = [level for old in known if (level := level_between(old, version))]
        yanked = next((reason for old in known if (reason := _withdrawn(index.get(name, {}), old))), "")
        if levels or yanked:
            worst = max(levels, default=Level.YANKED)
            locked, installed = before.locked.get(name, ""), before.installed.get(name, "")
            stamped = ", ".join(before.stamped.get(name, ()))
            yield Fresh(name, worst, wishes.get(name, ""), version, locked, stamped, installed, yanked)


def _withdrawn(versions: Mapping[str, str], version: str) -> str:
    """Return why a version was withdrawn, empty when it was not or the index knows nothing of it."""
    parsed = parse_version(version)
    return next((reason for text, reason in versions.items() if parsed and parse_version(text) == parsed), "")


def _unresolvable(declared: Mapping[str, list[Requirement]], index: Versions) -> Iterator[Fresh]:
    """Yield the requirements of which the index has no version that they accept."""
    for name, requirements in declared.items():
        versions = index.get(name)
        offered = [text for text, reason in versions.items() if not reason] if versions is not None else None
        if offered is not None and not any(_accepted(requirements, text) for text in offered):
            yield Fresh(name, Level.UNRESOLVABLE, _text(requirements))


def _accepted(requirements: Iterable[Requirement], version: str) -> bool:
    return all(requirement.constraint.allows(version) for requirement in requirements if not requirement.marker)


def _text(requirements: Iterable[Requirement]) -> str:
    return ", ".join(dict.fromkeys(requirement.constraint.text or "any" for requirement in requirements))


def _sorted(rows: Iterable[Fresh]) -> list[Fresh]:
    return sorted(rows, key=lambda row: (-row.level, row.name))
