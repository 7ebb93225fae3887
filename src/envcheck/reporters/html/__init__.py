"""One page that holds everything: what disagrees, where, and what to do; opened from a disk or a build's artifacts."""

from __future__ import annotations

from envcheck.model.report import Report
from envcheck.reporters.base import Look
from envcheck.reporters.html.page import page

NAME = "html"


def render(report: Report, look: Look) -> str:  # noqa: ARG001 - the reader's browser knows how it shall look
    """Return the report as an HTML document that loads nothing and sends nothing."""
    return page(report)
