"""What a new install would get, for people: one row for each distribution that would be another, the worst first."""

from __future__ import annotations

from collections.abc import Sequence

from envcheck.model.fresh import Fresh, Level, Resolved
from envcheck.reporters.base import Look
from envcheck.reporters.paint import Line, Segment, Style, columns, paint
from envcheck.reporters.sanitize import sanitize

_HEAD = ("", "distribution", "today", "locked", "stamped", "installed", "declared", "")
_STYLES = {Level.UNRESOLVABLE: Style.ERROR, Level.MAJOR: Style.ERROR, Level.MINOR: Style.WARNING}


def render(found: Sequence[Resolved], look: Look) -> str:
    """Return the tables as text, a line about each declaration before its own."""
    lines: list[Line] = []
    for resolved in found:
        if lines:
            lines.append(())
        if look.verbosity >= 0 or resolved.failure:
            lines.append([(Style.STRONG, sanitize(resolved.source)), (Style.PLAIN, f": {_about(resolved)}")])
        if resolved.rows:
            lines += columns([[(Style.FAINT, title) for title in _HEAD], *map(_row, resolved.rows)])
    return paint(lines, look)


def document(found: Sequence[Resolved]) -> dict[str, object]:
    """Return the same as a JSON object, of the form in ``schemas/drift.schema.json``."""
    return {"schema": 1, "declarations": [_declaration(resolved) for resolved in found]}


def _declaration(resolved: Resolved) -> dict[str, object]:
    rows = [{**{f: getattr(row, f) for f in row.__struct_fields__}, "level": row.level.word} for row in resolved.rows]
    head = {"path": resolved.source, "tool": resolved.tool, "entries": resolved.entries}
    return {**head, "failure": resolved.failure or None, "drift": rows}


def _about(resolved: Resolved) -> str:
    if resolved.failure:
        return f"a new install fails: {sanitize(resolved.failure)}"
    count = len(resolved.rows)
    moved = "nothing would be another" if not count else f"{count} of {resolved.entries} would be others"
    return f"{moved} in a new install today, by {resolved.tool}"


def _row(row: Fresh) -> list[Segment]:
    versions = (row.today, row.locked, row.stamped, row.installed)
    return [
        (_STYLES.get(row.level, Style.PLAIN), row.level.word),
        (Style.STRONG, sanitize(row.name)),
        *((Style.PLAIN, sanitize(version) or "-") for version in versions),
        (Style.FAINT, sanitize(row.declared) or "-"),
        (Style.FAINT, sanitize(row.yanked)),
    ]
