"""A lock holds what nothing needs any more.

**What it does**

Follows from the declared requirements what needs what, as the lock itself says it, and reports the entries for this
platform and Python that are not reached. Silent for locks that do not say what an entry needs, where the lock proves
that it is fresh, and where not everything that is declared could be read.

**Why this is bad**

It is installed everywhere, takes time and room, and its versions hold others back.

**Example**

```
# requirements.in no longer names rich; requirements.txt still does
rich==13.7.0
    # via -r requirements.in
```

**Use instead**

Lock again: the message names the command.

**Fix**

None: a lock is written by its own manager.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.locked import LockView, needed_by
from envcheck.judge.pins.spelling import name_of
from envcheck.judge.rules.locks.satisfaction import manifest_requirements
from envcheck.model.findings import Finding, Related, Severity
from envcheck.model.locks import State
from envcheck.model.requirements import DirectKind, Requirement
from envcheck.model.rules import Rule

RULE = Rule("LCK004", "orphaned-lock-entry", "locked, needed by nothing any more", Severity.NOTE)

_MOST_RELATED = 10
# Managers lock them without being asked.
_GIVEN = frozenset(["distribute", "pip", "python", "setuptools", "wheel"])


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each lock with entries that nothing needs."""
    if not evidence.scope.primary or evidence.is_partly_unread:
        return
    for lock in evidence.locks:
        fact = lock.fact
        if fact.at_home and fact.knows_needs and fact.manifests and fact.freshness.state is not State.FRESH:
            orphans = _orphans(evidence, lock)
            if orphans:
                yield _finding(lock, orphans)


def _finding(lock: LockView, orphans: list[Requirement]) -> Finding:
    first, *others = orphans
    names = list(dict.fromkeys(name_of(entry) for entry in orphans))
    more = f" and {len(names) - 1} more are" if len(names) > 1 else " is"
    return RULE.at(
        first.place,
        f"{names[0]}{more} locked, but nothing needs {'them' if len(names) > 1 else 'it'} any more;"
        f" lock again: {lock.fact.manager.renew}",
        distribution=first.name if len(names) == 1 else "",
        related=tuple(Related(entry.place, f"locks {entry.raw}") for entry in others[:_MOST_RELATED]),
    )


def _orphans(evidence: Evidence, lock: LockView) -> list[Requirement]:
    roots = {dossier.key for dossier, _ in manifest_requirements(evidence, lock)}
    if not roots & set(lock.selected):
        return []  # nothing to start from: the manifests were not understood
    given = {*_GIVEN, *lock.fact.selection.own, *(d.project for d in evidence.declarations)}
    # What is declared without a name (``-e ./tools``) may be any entry of such a source.
    sources = {r.direct.kind for r in evidence.nameless() if r.direct and r.place.path in lock.fact.manifests}
    needed = _needed(lock)
    pending = [*roots, *(key for key, held in lock.selected.items() if _is_given(held[0], given, sources))]
    reached = set(pending)
    while pending:
        for key in needed.get(pending.pop(), ()):
            if key not in reached:
                reached.add(key)
                pending.append(key)
    return sorted((held[0] for key, held in lock.selected.items() if key not in reached), key=lambda entry: entry.place)


def _is_given(entry: Requirement, names: Collection[str], sources: Collection[DirectKind]) -> bool:
    return entry.name in names or (entry.direct is not None and entry.direct.kind in sources)


def _needed(lock: LockView) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, parents in needed_by([lock]).items():
        for parent in parents:
            found.setdefault(parent, []).append(key)
    return found
