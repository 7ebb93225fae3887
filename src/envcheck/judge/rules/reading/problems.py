"""How a problem that a reader met becomes a finding."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.findings import Finding
from envcheck.model.readings import ProblemKind
from envcheck.model.rules import Rule


def findings(evidence: Evidence, rule: Rule, kind: ProblemKind) -> Iterator[Finding]:
    """Yield a finding of the rule for each problem of a kind, with the remedy that the reader knows."""
    for problem in evidence.scope.problems:
        if problem.kind is kind:
            yield rule.at(problem.place, "; ".join(filter(None, (problem.message, problem.remedy))))
