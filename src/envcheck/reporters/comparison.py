"""What ``envcheck diff`` says: for people, and as an object for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from envcheck.model.levels import Level
from envcheck.model.names import Ecosystem
from envcheck.model.records import Comparison, Difference, PythonDifference, Record, Row
from envcheck.reporters.base import Look
from envcheck.reporters.paint import Line, Segment, Style, columns, paint
from envcheck.reporters.sanitize import sanitize

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"

_ORDER = (Difference.VERSION, Difference.BUILD, Difference.SOURCE, Difference.MISSING, Difference.EXTRA)
_INDEX = "an index"


def render(comparison: Comparison, kinds: tuple[str, str], remarks: Sequence[str], look: Look) -> str:
    """Return what differs, one line for each name, and a line of figures."""
    before, after = comparison.before.title, comparison.after.title
    lines: list[Line] = []
    if look.verbosity >= 0:
        head = f"{sanitize(before)} ({kinds[0]}) → {sanitize(after)} ({kinds[1]})"
        lines += [[(Style.STRONG, head)], *([(Style.FAINT, sanitize(remark))] for remark in remarks)]
    rows = list(_python_cells(comparison))
    for difference in _ORDER:
        rows += [_cells(row, before, after) for row in comparison.rows if row.difference is difference]
    if look.verbosity > 0:
        rows += [_cells(row, before, after) for row in comparison.rows if row.difference is Difference.SAME]
    lines += columns(rows)
    if look.verbosity >= 0:
        lines += [_summary(comparison)]
    return paint(lines, look)


def content(comparison: Comparison, kinds: tuple[str, str], remarks: Sequence[str]) -> dict[str, Json]:
    """Return the object of ``diff --format json``, by ``schemas/diff.schema.json``."""
    before, after = comparison.before, comparison.after
    count = Counter(row.difference for row in comparison.rows)
    return {
        "schema": 1,
        "before": {"name": before.title, "kind": kinds[0], "python": _python(before) or None},
        "after": {"name": after.title, "kind": kinds[1], "python": _python(after) or None},
        "python": comparison.python.value,
        "summary": {difference.value: count[difference] for difference in Difference},
        "remarks": list(remarks),
        "distributions": [_object(row) for row in comparison.rows],
    }


def _python_cells(comparison: Comparison) -> Iterator[list[Segment]]:
    if comparison.python not in (PythonDifference.SAME, PythonDifference.UNKNOWN):
        change = f"{_python(comparison.before)} → {_python(comparison.after)}"
        yield [(Style.STRONG, "Python"), (Style.PLAIN, sanitize(change)), (Style.WARNING, comparison.python.value)]


def _cells(row: Row, before: str, after: str) -> list[Segment]:
    style = Style.FAINT if row.difference is Difference.SAME else Style.WARNING
    ecosystem = "conda" if row.ecosystem is Ecosystem.CONDA else ""
    return [
        (Style.STRONG, sanitize(row.name)),
        (Style.PLAIN, sanitize(_change(row))),
        (style, sanitize(_word(row, before, after))),
        (Style.FAINT, ecosystem),
    ]


def _change(row: Row) -> str:
    if row.difference in (Difference.SAME, Difference.MISSING, Difference.EXTRA):
        return row.before or row.after
    if row.difference is Difference.SOURCE:
        return f"{row.before} from {row.before_source or _INDEX} → from {row.after_source or _INDEX}"
    if row.level is Level.BUILD:
        return f"{row.before} {row.before_build} → {row.after_build}"
    return f"{row.before} → {row.after}"


def _word(row: Row, before: str, after: str) -> str:
    if row.difference in (Difference.MISSING, Difference.EXTRA):
        return f"only in {before if row.difference is Difference.MISSING else after}"
    is_version = row.difference in (Difference.VERSION, Difference.BUILD) and row.level is not Level.UNKNOWN
    return row.level.value if is_version else row.difference.value


def _summary(comparison: Comparison) -> Line:
    count = Counter(row.difference for row in comparison.rows)
    before, after = sanitize(comparison.before.title), sanitize(comparison.after.title)
    words = {
        Difference.SAME: "the same",
        Difference.VERSION: "in another version",
        Difference.BUILD: "in another build",
        Difference.SOURCE: "from another source",
        Difference.MISSING: f"only in {before}",
        Difference.EXTRA: f"only in {after}",
    }
    parts = [f"{count[difference]} {said}" for difference, said in words.items() if count[difference]]
    style = Style.PLAIN if comparison.changed else Style.GOOD
    unknown = comparison.python is PythonDifference.UNKNOWN
    python = "; one of them does not tell its Python" if unknown else ""
    return [(style, (", ".join(parts) or "nothing in either of them") + python)]


def _python(record: Record) -> str:
    return f"{record.implementation} {record.python}".strip() if record.python else ""


def _object(row: Row) -> Json:
    is_version = row.difference in (Difference.VERSION, Difference.BUILD)
    return {
        "name": row.name,
        "ecosystem": row.ecosystem.value,
        "difference": row.difference.value,
        "level": row.level.value if is_version else None,
        "before": row.before or None,
        "after": row.after or None,
        "before_source": row.before_source or None,
        "after_source": row.after_source or None,
        "before_build": row.before_build or None,
        "after_build": row.after_build or None,
    }
