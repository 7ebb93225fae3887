"""Findings and summaries, with the paths that the user knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from envcheck.engine.load import Facts
from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.changes import Add, Change, IntoKernel
from envcheck.model.findings import Finding
from envcheck.model.readings import ProblemKind
from envcheck.model.report import LockSummary, Notice, ScopeSummary
from envcheck.model.scopes import Scope
from envcheck.model.urls import redact
from envcheck.model.viewpoint import Viewpoint


def shown_finding(finding: Finding, viewpoint: Viewpoint) -> Finding:
    """Return a finding whose places are as they are shown."""
    if viewpoint.cwd == viewpoint.root and not finding.place.path.startswith("/"):
        return finding
    related = tuple(replace(r, place=viewpoint.place(r.place)) for r in finding.related)
    fix = finding.fix and replace(finding.fix, changes=tuple(_shown(c, viewpoint) for c in finding.fix.changes))
    return replace(finding, place=viewpoint.place(finding.place), related=related, fix=fix)


def _shown(change: Change, viewpoint: Viewpoint) -> Change:
    if isinstance(change, Add):
        return replace(change, path=viewpoint.path(change.path)) if change.path else change
    if isinstance(change, IntoKernel):
        return replace(change, place=viewpoint.place(change.place))
    place = viewpoint.place(change.requirement.place)
    return replace(change, requirement=replace(change.requirement, place=place))


def shown_scope(scope: Scope) -> ScopeSummary:
    """Return what a report says of a scope."""
    path = scope.viewpoint.path
    return ScopeSummary(
        path(scope.root),
        tuple(path(d.path) for d in scope.declarations if d.dialect != "notebook_install"),
        scope.environment.prefix if scope.environment else "",
        scope.how_chosen,
        tuple(path(s.path) for s in scope.sources),
    )


def notices(facts: Facts, viewpoint: Viewpoint) -> Iterator[Notice]:
    """Yield what was recognised and left alone, in reading order."""
    said = (problem for problem in facts.problems if problem.kind is ProblemKind.NOT_READ)
    for problem in sorted(said, key=lambda problem: (problem.place, problem.message)):
        yield Notice(viewpoint.place(problem.place), problem.message)


def shown_locks(
    evidence: Iterable[Evidence], findings: Iterable[Finding], viewpoint: Viewpoint
) -> Iterator[LockSummary]:
    """Yield what a report says of each lock, in the scope that it stands in; ``findings`` are those that remain."""
    spoken = [f for f in findings if f.code.startswith(("DRF", "LCK"))]
    paths = {place.path for f in spoken for place in (f.place, *(other.place for other in f.related))}
    named = {finding.distribution for finding in spoken if finding.distribution}
    at_home = ((one, lock) for one in evidence if one.scope.primary for lock in one.locks if lock.fact.at_home)
    for one, lock in at_home:
        fact = lock.fact
        is_of_other_kind = one.environment and not lock.may_be_followed(one.environment)
        yield LockSummary(
            viewpoint.path(lock.path),
            fact.manager.name,
            redact(fact.manager.follow),
            redact(fact.manager.renew),
            fact.freshness.state.value,
            len({(e.ecosystem, e.name) for e in fact.selection.entries if e.name not in fact.selection.own}),
            fact.selection.uncovered or ("for environments of conda" if is_of_other_kind else ""),
            disagrees=lock.path in paths or any(name in lock.held for name in named),
            is_optional=fact.selection.is_optional,
        )
