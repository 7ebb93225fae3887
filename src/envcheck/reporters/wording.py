"""A finding in one line of plain text, for formats that say where it stands in fields of their own."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.model.changes import Add
from envcheck.model.findings import Finding, Fix, Severity
from envcheck.model.places import Place
from envcheck.model.report import Report
from envcheck.reporters.sanitize import sanitize

_SHOWN = 10  # of what is gone from a baseline


def told(finding: Finding) -> str:
    """Return message and way out, and before them the cell, which no other field says."""
    fix = f" (fix: {way_out(finding.fix)})" if finding.fix else ""
    return sanitize(f"{in_cell(finding.place)}{finding.message}{fix}")


def in_cell(place: Place) -> str:
    """Return ``cell 3, line 2:`` and a space; nothing for a place in no cell."""
    line = f", line {place.line}" if place.line else ""
    return f"cell {place.cell}{line}: " if place.cell else ""


def way_out(fix: Fix) -> str:
    """Return what to write, with the file where that is another one, or what to do."""
    match fix.changes:
        case (Add(path=path, group=group), *_) if fix.text:
            return f"add {fix.text} to {f'{group} in ' if group else ''}{path or 'a new requirements.txt'}"
    return fix.text or fix.title


def counted(count: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def counts(report: Report) -> str:
    """Return how many findings of each severity there are: ``2 errors, 1 note``."""
    each = ((severity, report.count(severity)) for severity in sorted(Severity, reverse=True))
    return ", ".join(counted(count, severity.word) for severity, count in each if count) or nothing(report)


def nothing(report: Report) -> str:
    """Return what to say when no finding is shown: where some are held back, there is only nothing new."""
    held_back = report.unchanged or (report.accepted and report.accepted.known)
    return "nothing new" if held_back else "nothing wrong"


def read(report: Report) -> str:
    """Return how much was read: ``3 notebooks, 1 declaration``."""
    kinds = ((report.notebooks, "notebook"), (report.scripts, "script"), (report.declarations, "declaration"))
    return ", ".join(counted(count, noun) for count, noun in kinds if count) or "0 files"


def left_out(report: Report) -> Iterator[str]:
    """Yield what is not shown because it is old, and what of the baseline is gone, a sentence each."""
    if report.since:
        yield f"{counted(report.unchanged, 'finding')} on what has not changed since {sanitize(report.since)}"
    if report.accepted is None:
        return
    path = sanitize(report.accepted.path)
    if report.accepted.known:
        yield f"{counted(report.accepted.known, 'finding')} known from {path}"
    for line in report.accepted.gone[:_SHOWN]:
        yield f"in {path}, but not found any more: {sanitize(line)}"
    if len(report.accepted.gone) > _SHOWN:
        yield f"and {len(report.accepted.gone) - _SHOWN} more"
    if report.accepted.gone:
        yield f"{path} is to be written again: envcheck --baseline {path} --write-baseline"
