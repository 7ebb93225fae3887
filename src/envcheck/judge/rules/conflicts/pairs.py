"""Which two requirements of one name have to get along."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from envcheck.judge.evidence.dossier import Dossier
from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.findings import Related
from envcheck.model.requirements import Requirement, Role

# Each is compared with each: files of thousands of different lines for one name are nobody's work.
_MOST_COMPARED = 60


def declared_pairs(dossier: Dossier, evidence: Evidence) -> Iterator[tuple[Requirement, Requirement]]:
    """Yield, once for all scopes, the pairs of a name's declared requirements and constraints that hold at once.

    The first of a pair stands before the second in reading order.
    """
    if evidence.scope.primary and len(dossier.requirements) > 1:
        for first, second in combinations(_declared(dossier), 2):
            if Role.DECLARED in (first.role, second.role) and _hold_together(first, second, evidence):
                yield first, second


def install_pairs(dossier: Dossier, evidence: Evidence) -> Iterator[tuple[Requirement, Requirement]]:
    """Yield what is declared for everybody with each install line of this scope's cells that meets it."""
    installs = [r for r in dossier.requirements if r.role is Role.AD_HOC and not r.template]
    if not installs or len(installs) == len(dossier.requirements):
        return
    own = {source.path for source in evidence.sources}
    common = [r for r in _declared(dossier) if r.role is Role.DECLARED and not r.group]
    for second in (r for r in installs if r.place.path in own):
        for first in common:
            if _hold_together(first, second, evidence):
                yield first, second


def are_installed_together(first: Requirement, second: Requirement) -> bool:
    """Tell whether both are surely wanted at once: of one group, or a group on top of what its own file says."""
    if first.group == second.group:
        return True
    is_limit = Role.CONSTRAINT in (first.role, second.role)
    return have_common_ground(first, second) and (is_limit or first.place.path == second.place.path)


def have_common_ground(first: Requirement, second: Requirement) -> bool:
    """Tell whether two groups may be wanted at once: two that are not for everybody may be alternatives."""
    return first.group == second.group or not (first.group and second.group)


def other_side(requirement: Requirement) -> tuple[Related, ...]:
    """Return the place of the other requirement of a pair, with what it says."""
    return (Related(requirement.place, f"says {requirement.constraint.text or 'any version'}"),)


def _declared(dossier: Dossier) -> list[Requirement]:
    """Return the declared requirements and constraints that say different things, in reading order."""
    found: dict[tuple[object, ...], Requirement] = {}
    for requirement in sorted(dossier.requirements, key=lambda r: r.place):
        if requirement.role in (Role.DECLARED, Role.CONSTRAINT) and not requirement.template:
            said = (requirement.place.path, requirement.group, requirement.marker, requirement.constraint)
            found.setdefault(said, requirement)
    return list(found.values())[:_MOST_COMPARED]


def _hold_together(first: Requirement, second: Requirement, evidence: Evidence) -> bool:
    if first.marker == second.marker:
        return True
    return evidence.environment is not None and evidence.applies(first) and evidence.applies(second)
