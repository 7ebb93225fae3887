"""JUnit's XML, by the schema of Jenkins' xUnit plug-in: a suite per file that was read, a test case per finding.

Errors and warnings are failures, notes are skipped cases, which every reader shows and none fails for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from envcheck.model.findings import Finding, Severity
from envcheck.model.report import Report
from envcheck.reporters.base import Look
from envcheck.reporters.marks import markup
from envcheck.reporters.sanitize import sanitize
from envcheck.reporters.wording import in_cell, told

NAME = "junit"


def render(report: Report, look: Look) -> str:  # noqa: ARG001 - a machine has no eye
    """Return the report as an XML document; a file without findings is one case that passes."""
    by_path = {path: list(group) for path, group in groupby(report.findings, key=lambda finding: finding.place.path)}
    paths = {path for scope in report.scopes for path in (*scope.declarations, *scope.sources)}
    suites = [line for path in sorted(paths.union(by_path)) for line in _suite(path, by_path.get(path, ()))]
    failures = sum(finding.severity > Severity.NOTE for finding in report.findings)
    tests = len(report.findings) + len(paths.difference(by_path))
    head = f'<testsuites name="envcheck" tests="{tests}" failures="{failures}" errors="0">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>", ""])


def _suite(path: str, findings: Sequence[Finding]) -> Iterator[str]:
    failures = sum(finding.severity > Severity.NOTE for finding in findings)
    numbers = f'tests="{len(findings) or 1}" failures="{failures}" errors="0" skipped="{len(findings) - failures}"'
    name = markup(sanitize(path))
    yield f'  <testsuite name="{name}" {numbers}>'
    for finding in findings:
        yield from _case(finding)
    if not findings:
        yield f'    <testcase name="nothing wrong" classname="{name}"/>'
    yield "  </testsuite>"


def _case(finding: Finding) -> Iterator[str]:
    line = f"line {finding.place.line}" if finding.place.line else ""
    where = in_cell(finding.place).removesuffix(": ") or line
    about = " ".join(filter(None, (finding.code, finding.name, finding.distribution, where and f"({where})")))
    kind = "skipped" if finding.severity is Severity.NOTE else "failure"
    message = markup(told(finding))
    path = markup(sanitize(finding.place.path))
    yield f'    <testcase name="{markup(sanitize(about))}" classname="{path}">'
    yield f'      <{kind} type="{finding.severity.word}" message="{message}">{path}: {message}</{kind}>'
    yield "    </testcase>"
