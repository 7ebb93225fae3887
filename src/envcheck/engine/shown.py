"""Findings and summaries, with the paths that the user knows."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from envcheck.engine.load import Facts
from envcheck.model.changes import Add, Change
from envcheck.model.findings import Finding
from envcheck.model.readings import ProblemKind
from envcheck.model.report import Notice, ScopeSummary
from envcheck.model.scopes import Scope
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
