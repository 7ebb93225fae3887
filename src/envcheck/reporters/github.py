"""Workflow commands of GitHub Actions, which become annotations, and the summary of the step.

The runner reads a command as ``::name key=value,key=value::data`` and takes back what is escaped here
(actions/runner, src/Runner.Common/ActionCommand.cs). It shows ten annotations of each severity for a step.
"""

from __future__ import annotations

from envcheck.model.findings import Finding, Severity
from envcheck.model.report import Report
from envcheck.reporters.base import Look
from envcheck.reporters.marks import document
from envcheck.reporters.sanitize import sanitize
from envcheck.reporters.wording import told

NAME = "github"

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_SUMMARY = 900_000
"""Characters: the summary of a step may have a mebibyte."""


def render(report: Report, look: Look) -> str:  # noqa: ARG001 - a machine has no eye
    """Return a workflow command for each finding."""
    return "".join(_command(report, finding) + "\n" for finding in report.findings)


def summary(report: Report) -> str:
    """Return what is to be added to the file that ``GITHUB_STEP_SUMMARY`` names."""
    return document(report, _SUMMARY)


def _command(report: Report, finding: Finding) -> str:
    place = report.in_file(finding.place)
    properties = {
        "file": sanitize(place.path),
        "line": str(place.line or ""),
        "col": str(place.column or ""),
        "title": f"{finding.code} {finding.name}",
    }
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{_COMMANDS[finding.severity]} {written}::{_data(told(finding))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
