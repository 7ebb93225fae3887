"""A finding per line, in the form that editors and other tools understand: ``path:line:column: CODE message``."""

from __future__ import annotations

from envcheck.model.findings import Finding
from envcheck.model.report import Report
from envcheck.reporters.base import Look
from envcheck.reporters.sanitize import sanitize
from envcheck.reporters.wording import told

NAME = "concise"


def render(report: Report, look: Look) -> str:  # noqa: ARG001 - never coloured: it is taken apart again
    """Return the findings, a line each; of a notebook the line is that of the file, and the message says the cell."""
    return "".join(_line(report, finding) + "\n" for finding in report.findings)


def _line(report: Report, finding: Finding) -> str:
    place = report.in_file(finding.place)
    return f"{sanitize(place.path)}:{place.line or 1}:{place.column or 1}: {finding.code} {told(finding)}"
