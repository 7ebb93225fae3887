"""A comment on a pull request: Markdown that folds, as long as GitHub allows and no longer."""

from __future__ import annotations

from envcheck.model.report import Report
from envcheck.reporters.base import Look
from envcheck.reporters.marks import document

NAME = "markdown"

LONGEST = 65_000
"""Characters; GitHub refuses comments of more than 65,536."""


def render(report: Report, look: Look) -> str:  # noqa: ARG001 - never coloured, never wrapped
    """Return the report as a comment."""
    return document(report, LONGEST)
