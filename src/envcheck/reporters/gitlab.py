"""GitLab's code quality report: a JSON list of what its merge requests show.

Fields and severities are those of GitLab's documentation (docs.gitlab.com/ci/testing/code_quality); of several entries
with one fingerprint it keeps one.
"""

from __future__ import annotations

import json

from envcheck.model.findings import Finding, Severity
from envcheck.model.fingerprints import fingerprints
from envcheck.model.report import Report
from envcheck.reporters.base import Look
from envcheck.reporters.sanitize import sanitize
from envcheck.reporters.wording import told

NAME = "gitlab"

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(report: Report, look: Look) -> str:  # noqa: ARG001 - a machine has no eye
    """Return the findings as one JSON list, an entry per line."""
    marks = fingerprints(report.findings)
    entries = [json.dumps(_entry(report, f, mark)) for f, mark in zip(report.findings, marks, strict=True)]
    return "[\n  " + ",\n  ".join(entries) + "\n]\n" if entries else "[]\n"


def _entry(report: Report, finding: Finding, mark: str) -> dict[str, object]:
    place = report.in_file(finding.place)
    return {
        "description": f"{finding.code} {told(finding)}",
        "check_name": finding.name,
        "fingerprint": mark,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": sanitize(place.path), "lines": {"begin": place.line or 1}},
    }
