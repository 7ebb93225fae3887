"""Text → HTML and Markdown that say just this text, and the Markdown document that comments and summaries are.

Services link, mention and format what stands in plain text, however it is escaped; nothing of that happens to code. So
whatever was read stands in code spans, or in ``<code>`` where a block is HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

from msgspec import Struct

from envcheck.model.findings import Finding
from envcheck.model.report import Report, TableRow
from envcheck.reporters.sanitize import sanitize
from envcheck.reporters.wording import counted, counts, in_cell, left_out, read, way_out

MARK = "<!-- envcheck -->"
"""How a comment is found again that is to be replaced."""

_OPEN = 12  # findings, up to which nothing is folded
_ROWS = 100
_RESERVE = 400


class _Section(Struct, frozen=True):
    """A part that folds: its first and last line, and what may be left out of it from the end."""

    opening: str
    lines: tuple[str, ...]
    closing: str
    findings: bool = True


def markup(text: str) -> str:
    """Return text as it is written in HTML and XML, in attributes too."""
    return escape(text, quote=True)


def code(text: str) -> str:
    """Return text as a code span of Markdown, whatever backticks are in it."""
    shown = sanitize(text)
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) else ""
    return f"{fence}{pad}{shown}{pad}{fence}" if shown.strip() else ""


def document(report: Report, limit: int) -> str:
    """Return the report as Markdown of at most ``limit`` characters; what is left out is counted at its end."""
    parts = list(_head(report))
    used = sum(map(len, parts)) + len(parts)
    rest = 0
    for section in _sections(report):
        lines = _fitting(section, limit - _RESERVE - used)
        if lines:
            shown = "\n".join((section.opening, *lines, section.closing)) + "\n"
            parts.append(shown)
            used += len(shown) + 1
        if section.findings:
            rest += len(section.lines) - len(lines)
    if rest:
        parts.append(f"{counted(rest, 'more finding')} left out here, the last of {len(report.findings)}: see the log")
    return "\n".join(parts).rstrip("\n") + "\n"


def _fitting(section: _Section, room: int) -> tuple[str, ...]:
    room -= len(section.opening) + len(section.closing) + 3
    for index, line in enumerate(section.lines):
        room -= len(line) + 1
        if room < 0:
            return section.lines[:index]
    return section.lines


def _head(report: Report) -> Iterator[str]:
    yield MARK
    yield f"### envcheck: {counts(report)}\n"
    yield f"in {read(report)}" + (f"; {report.suppressed} suppressed" if report.suppressed else "") + "\n"
    for environment in report.environments[:_OPEN]:
        python = f"Python {environment.python}" if environment.python else "unknown Python"
        found = counted(environment.distributions, "distribution")
        yield f"- environment {code(environment.shown or environment.prefix)}: {code(f'{python}, {found}')}"
    for lock in report.locks[:_OPEN]:
        if lock.disagrees:
            ways = f"{code(lock.follow)} makes the environment follow it, {code(lock.renew)} makes it follow the"
            yield f"- lock {code(lock.path)}: {ways} declarations"
    yield from (f"- {code(line)}" for line in list(left_out(report))[:_OPEN])
    yield ""


def _sections(report: Report) -> Iterator[_Section]:
    """Yield the findings file by file, those with the worst first, and at the end the table of what disagrees."""
    by_path = [list(group) for _, group in groupby(report.findings, key=lambda finding: finding.place.path)]
    folded = "" if len(report.findings) <= _OPEN else "folded"
    for findings in sorted(by_path, key=lambda group: -max(finding.severity for finding in group)):
        path = markup(sanitize(findings[0].place.path))
        opening = f"<details{'' if folded else ' open'}><summary><code>{path}</code>: {_some(findings)}</summary>\n"
        lines = tuple(_line(finding) for finding in sorted(findings, key=lambda finding: -finding.severity))
        yield _Section(opening, lines, "\n</details>\n")
    rows = tuple(_row(row) for row in report.table[:_ROWS])
    if rows:
        head = "".join(f"<th>{title}</th>" for title in ("distribution", "declared", "locked", "installed"))
        rest = f" (the first {_ROWS} of {len(report.table)})" if len(report.table) > _ROWS else ""
        opening = f"<details><summary>what disagrees, side by side{rest}</summary>\n\n<table>\n<tr>{head}</tr>"
        yield _Section(opening, rows, "</table>\n</details>\n", findings=False)


def _some(findings: list[Finding]) -> str:
    return counts(Report(tuple(findings)))


def _line(finding: Finding) -> str:
    line = f"line {finding.place.line}: " if finding.place.line else ""
    where = in_cell(finding.place) or line
    fix = f"; fix: {code(way_out(finding.fix))}" if finding.fix else ""
    return f"- {finding.severity.word} **{finding.code}** {where}{code(finding.message)}{fix}"


def _row(row: TableRow) -> str:
    texts = (row.name, row.declared, row.locked, row.installed)
    return "<tr>" + "".join(f"<td><code>{markup(sanitize(text))}</code></td>" for text in texts) + "</tr>"
