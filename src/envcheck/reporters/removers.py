"""What ``envcheck doctor`` says: which tools delete stamps here, and what keeps them."""

from __future__ import annotations

from collections.abc import Sequence

from envcheck.model.removers import Remover
from envcheck.reporters.base import Look
from envcheck.reporters.paint import Line, Style, paint
from envcheck.reporters.sanitize import sanitize


def render(removers: Sequence[Remover], look: Look) -> str:
    """Return a line for each tool, and how many there are."""
    lines: list[Line] = [_line(remover) for remover in removers]
    if not removers:
        lines.append([(Style.GOOD, "nothing that is set up here deletes stamps")])
    return paint(lines, look)


def _line(remover: Remover) -> Line:
    return [
        (Style.STRONG, sanitize(str(remover.place))),
        (Style.PLAIN, ": "),
        (Style.WARNING, remover.tool),
        (Style.PLAIN, f": {sanitize(remover.when)}; to keep stamps: {sanitize(remover.remedy)}"),
    ]
