"""Whether two requirements of one name have a version in common, within an ecosystem and across both."""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.model.constraints import AnyOf, Constraint, Pep440Constraint
from envcheck.model.requirements import Requirement

_LAST_NUMBER = re.compile(r"\d{1,9}(?=\D*\Z)")
_LOWEST = "0"


def agree(left: Requirement, right: Requirement) -> bool:
    """Tell whether some version satisfies both; also when that cannot be told (interpolation, patterns)."""
    return (
        left.template
        or right.template
        or any(
            _overlap(one, other) for one in _alternatives(left.constraint) for other in _alternatives(right.constraint)
        )
    )


def _alternatives(constraint: Constraint) -> tuple[Constraint, ...]:
    return constraint.alternatives if isinstance(constraint, AnyOf) else (constraint,)


def _overlap(left: Constraint, right: Constraint) -> bool:
    if not left.literals or not right.literals:
        return True  # everything, or a pattern: nothing that could be proven apart
    if any(left.allows(version) and right.allows(version) for version in _witnesses(left, right)):
        return True
    # Witnesses that fail prove nothing of ranges, so packaging is asked, but a lone version is its own only witness.
    if isinstance(left, Pep440Constraint) and isinstance(right, Pep440Constraint):
        if _is_public_pin(left) or _is_public_pin(right):
            return False
        try:
            return not left.specifiers.is_disjoint(right.specifiers)
        except ValueError:  # ``===`` compares text
            pass
    return False


def _is_public_pin(constraint: Pep440Constraint) -> bool:
    """Tell whether just one version is accepted, whatever its local part."""
    return bool(constraint.exact) and not any(mark in constraint.text for mark in ("===", "+", ","))


def _witnesses(left: Constraint, right: Constraint) -> Iterator[str]:
    """Yield versions of which both allow at least one if they have any in common: every bound and its neighbours."""
    yield _LOWEST
    for literal in dict.fromkeys((*left.literals, *right.literals)):
        yield literal
        yield f"{literal}.1"
        yield f"{literal}.0.1"
        yield _LAST_NUMBER.sub(lambda number: str(int(number[0]) + 1), literal)
