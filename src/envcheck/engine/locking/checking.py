"""Whether a lock would change, from the files alone where they tell; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from envcheck.engine.check import Case, judge
from envcheck.engine.choose import ON_PATH
from envcheck.engine.locking.choice import Locking
from envcheck.engine.locking.locking import make
from envcheck.engine.locking.orders import Wish
from envcheck.lockers.base import Run
from envcheck.model.findings import Finding
from envcheck.model.locks import State
from envcheck.model.settings import Settings

_RULES = ("LCK001", "LCK002", "LCK004")
_AGAINST_INSTALLED = ("DRF003",)


class Answer(Enum):
    """What was found out about a lock."""

    FRESH = "is up to date"
    STALE = "would change"
    MISSING = "is not there"


class Checked(Struct, frozen=True):
    """A lock that was asked about, and why it would change: findings, or the moves of a lock made on trial."""

    path: str
    source: str
    answer: Answer
    reasons: tuple[str, ...] = ()
    on_trial: bool = False
    """Whether the files did not tell, so that the lock was resolved anew."""


def check(case: Case, locking: Locking, wish: Wish, run: Run, *, settings: Settings) -> Checked:
    """Return whether a lock would change. Raises ``UserError`` when it must be resolved to know, and cannot be."""
    there = case.facts.declarations.get(locking.output)
    if there is None or not there.lock:
        return Checked(locking.output, locking.source, Answer.MISSING, (f"envcheck lock {locking.source} writes it",))
    asks_for_news = wish.upgrade or wish.upgrades
    reasons = tuple(_reasons(case, locking, settings))
    if reasons and not asks_for_news:
        return Checked(locking.output, locking.source, Answer.STALE, reasons)
    if _is_proven(case, locking) and not asks_for_news:
        return Checked(locking.output, locking.source, Answer.FRESH)
    made = make(case, locking, wish, run, settings=settings)
    moves = tuple(f"{m.name} {m.before or 'nothing'} -> {m.after or 'nothing'}" for m in made.summary.moved)
    return Checked(locking.output, locking.source, Answer.STALE if moves else Answer.FRESH, moves, on_trial=True)


def _reasons(case: Case, locking: Locking, settings: Settings) -> Iterator[str]:
    """Yield what the rules say of this lock: against what it was made from, and against what is installed."""
    chosen = case.environments.default_for(locking.folder)
    rules = _RULES if chosen.environment is None or chosen.how == ON_PATH else (*_RULES, *_AGAINST_INSTALLED)
    found, _ = judge(case, replace(settings, select=rules, extend_select=(), ignore=()))
    yield from (f"{finding.code} {finding.message}" for finding in found if _speaks_of(finding, locking))


def _speaks_of(finding: Finding, locking: Locking) -> bool:
    places = (finding.place, *(related.place for related in finding.related))
    if finding.code in _AGAINST_INSTALLED or finding.code == "LCK004":
        return finding.place.path == locking.output
    return any(place.path in (locking.output, locking.source) for place in places)


def _is_proven(case: Case, locking: Locking) -> bool:
    facts = [fact for evidence in case.evidence for fact in evidence.scope.locks]
    return any(fact.declaration.path == locking.output and fact.freshness.state is State.FRESH for fact in facts)
