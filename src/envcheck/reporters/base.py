"""The shape of a reporter module."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from envcheck.model.report import Report


class Look(Struct, frozen=True):
    """How a text for people shall look.

    ``width`` is where lines are wrapped, 0 for never (pipes, files); ``verbosity`` is -1 for findings only and 1 for
    all there is to say.
    """

    width: int = 0
    color: bool = False
    verbosity: int = 0


class Reporter(Protocol):
    """What every reporter module offers."""

    NAME: str

    def render(self, report: Report, look: Look) -> str:
        """Return the report as text that ends with a newline, or empty text when there is nothing to say."""
