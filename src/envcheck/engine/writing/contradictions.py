"""Pins that another declaration forbids: nobody could install what both say, so they are not written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from envcheck.engine.check import Case
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.pins.spelling import near
from envcheck.model.changes import Add, Change, Pin, Refusal, Remove, Replace
from envcheck.model.names import normalize
from envcheck.model.requirements import Requirement, Role

_BINDING = frozenset({Role.DECLARED, Role.CONSTRAINT})
_REMEDY = "let both say the same first"


def contradictions(case: Case, changes: Sequence[Change]) -> Iterator[Refusal]:
    """Yield the changes after which two declarations that hold at once would allow no common version, refused.

    What is changed in the same run does not count as it stands.
    """
    moving = {change.requirement for change in changes if isinstance(change, Pin | Remove | Replace)}
    for change in changes:
        if isinstance(change, Pin | Add):
            other = next(_forbidding(case.evidence, change, moving), None)
            if other is not None:
                says = other.constraint.text
                yield Refusal(change, f"{change.wanted} would contradict {near(other)}, which says {says}", _REMEDY)


def _forbidding(evidence: Iterable[Evidence], change: Pin | Add, moving: set[Requirement]) -> Iterator[Requirement]:
    """Yield the requirements elsewhere that do not allow the version of a change."""
    for one in evidence:
        for other in _others(one, change):
            is_binding = other.role in _BINDING and one.applies(other) and not (other.template or other.direct)
            if is_binding and other not in moving and not other.constraint.allows(change.version):
                yield other


def _others(evidence: Evidence, change: Pin | Add) -> Iterator[Requirement]:
    """Yield what else is asked of the distribution where a change is made, for groups that are wanted at once."""
    if isinstance(change, Pin):
        key = (evidence.keys or {}).get(change.requirement, "")
        group, own = change.requirement.group, change.requirement
    else:
        here = any(declaration.path == change.path for declaration in evidence.declarations)
        key, group, own = (str(normalize(change.name)) if here else ""), "", None
    dossier = evidence.dossiers.get(key)
    for other in dossier.requirements if dossier else ():
        if other != own and (other.group == group or not (other.group and group)):
            yield other
