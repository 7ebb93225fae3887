"""Two locks of one folder that want different versions of the same thing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.locked import LockView
from envcheck.model.constraints import Constraint
from envcheck.model.requirements import Requirement


class Apart(NamedTuple):
    """Two locks with the pairs of entries that cannot both be installed, in the order of the second."""

    first: LockView
    second: LockView
    pairs: tuple[tuple[Requirement, Requirement], ...]


def locks_apart(evidence: Evidence) -> Iterator[Apart]:
    """Yield the pairs of locks that contradict each other here."""
    if not evidence.scope.primary:
        return
    at_home = [lock for lock in evidence.locks if lock.fact.at_home]
    for first, second in combinations(at_home, 2):
        pairs = tuple(sorted(_pairs(first, second), key=lambda pair: pair[1].place))
        if pairs:
            yield Apart(first, second, pairs)


def _pairs(first: LockView, second: LockView) -> Iterator[tuple[Requirement, Requirement]]:
    for key in first.selected.keys() & second.selected.keys():
        one, other = first.selected[key][0], second.selected[key][0]
        # Files for different groups (docs, test) may be meant for different environments.
        if one.group == other.group and one.ecosystem is other.ecosystem and _exclude(one.constraint, other.constraint):
            yield one, other


def _exclude(one: Constraint, other: Constraint) -> bool:
    if one.exact is None or other.exact is None:
        return False
    return not (one.allows(other.exact) or other.allows(one.exact))
