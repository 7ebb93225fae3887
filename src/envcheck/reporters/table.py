"""The drift table for people: one row for each distribution that disagrees, and the ways out for each lock."""

from __future__ import annotations

from itertools import groupby

from envcheck.model.report import IN_TABLE, Report, TableRow
from envcheck.reporters.base import Look
from envcheck.reporters.paint import Line, Segment, Style, columns, paint
from envcheck.reporters.sanitize import sanitize
from envcheck.reporters.ways_out import ways_out

NAME = "table"

_HEAD = ("distribution", "declared", "locked", "installed", "used")


def render(report: Report, look: Look) -> str:
    """Return the table as text; what no row can say (a broken file) is counted below it."""
    lines: list[Line] = []
    for root, rows in groupby(report.table, key=lambda row: row.root):
        if lines:
            lines.append(())
        if root != ".":
            lines.append([(Style.STRONG, sanitize(root))])
        lines += columns([[(Style.FAINT, title) for title in _HEAD], *map(_row, rows)])
    if look.verbosity >= 0:
        rest = sum(not (f.distribution and f.code.startswith(IN_TABLE)) for f in report.findings)
        lines += [(), *ways_out(report)] if lines else []
        if rest:
            said = "1 finding has" if rest == 1 else f"{rest} findings have"
            lines.append([(Style.PLAIN, f"{said} no row: envcheck without --table")])
        if not report.table and not rest:
            lines.append([(Style.GOOD, "nothing disagrees")])
    return paint(lines, look)


def _row(row: TableRow) -> list[Segment]:
    used = f"{row.used} file{'s' if row.used > 1 else ''}" if row.used else "-"
    return [
        (Style.STRONG, sanitize(row.name)),
        *((Style.PLAIN, sanitize(text) or "-") for text in (row.declared, row.locked)),
        (Style.PLAIN if row.installed else Style.ERROR, sanitize(row.installed) or "-"),
        (Style.FAINT, used),
    ]
