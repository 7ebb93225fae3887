"""READ: what could not be read is said, once, with its remedy."""

from __future__ import annotations

import pytest

from envcheck.judge.rules.base import RuleModule
from envcheck.judge.rules.reading import invalid_requirement, unparsable_cell, unreadable_file
from envcheck.model.findings import Severity
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind
from tests.support.evidence import evidence

PLACE = Place("analysis.ipynb", 3, 2, 1)


@pytest.mark.parametrize(
    ("rule", "kind", "code", "severity"),
    [
        (unreadable_file, ProblemKind.UNREADABLE_FILE, "READ001", Severity.ERROR),
        (unparsable_cell, ProblemKind.UNPARSABLE_CELL, "READ002", Severity.NOTE),
        (invalid_requirement, ProblemKind.INVALID_REQUIREMENT, "READ003", Severity.ERROR),
    ],
    ids=["file", "cell", "requirement"],
)
def test_a_rule_speaks_of_its_kind_of_problem_only(
    rule: RuleModule, kind: ProblemKind, code: str, severity: Severity
) -> None:
    problems = tuple(Problem(other, PLACE, other.value, "repair it") for other in ProblemKind)
    (finding,) = rule.check(evidence(problems=problems))
    assert (finding.code, finding.severity, finding.place) == (code, severity, PLACE)
    assert finding.message == f"{kind.value}; repair it"


def test_a_problem_without_remedy_is_said_as_it_is() -> None:
    problem = Problem(ProblemKind.UNREADABLE_FILE, PLACE, "not JSON")
    assert [finding.message for finding in unreadable_file.check(evidence(problems=(problem,)))] == ["not JSON"]
