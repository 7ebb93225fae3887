"""What ``envcheck verify`` says: for people, as a table of every version, and as an object for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from envcheck.model.names import Ecosystem
from envcheck.model.records import Comparison, Difference, PythonDifference, Record, Row
from envcheck.model.stampings import State, Verdict, drifted, is_other_python
from envcheck.reporters.base import Look
from envcheck.reporters.paint import Line, Segment, Style, columns, paint
from envcheck.reporters.sanitize import sanitize

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"

_WORDS = {
    State.SAME: "as stamped",
    State.DRIFTED: "drifted",
    State.UNSTAMPED: "not stamped",
    State.UNJUDGED: "cannot be judged",
    State.LEFT_ALONE: "left alone",
}
_STYLES = {State.SAME: Style.GOOD, State.DRIFTED: Style.ERROR, State.UNSTAMPED: Style.WARNING}
_HEAD = ("notebook", "distribution", "stamped", "here", "")


def render(verdicts: Sequence[Verdict], look: Look) -> str:
    """Return what has changed since, notebook by notebook, and how many are as they were."""
    lines: list[Line] = []
    for verdict in verdicts:
        is_news = verdict.state not in (State.SAME, State.LEFT_ALONE) or verdict.remarks
        if is_news or look.verbosity >= 0:
            lines += _told(verdict)
    if look.verbosity >= 0:
        lines += [(), _summary(verdicts)]
    return paint(lines, look)


def table(verdicts: Sequence[Verdict], look: Look) -> str:
    """Return a row for every version of every notebook that could be compared; the others are told as they are."""
    rows = [row for verdict in verdicts for row in _table_rows(verdict)]
    lines: list[Line] = list(columns([[(Style.FAINT, title) for title in _HEAD], *rows])) if rows else []
    lines += [_headline(verdict) for verdict in verdicts if verdict.comparison is None]
    if look.verbosity >= 0:
        lines += [(), _summary(verdicts)]
    return paint(lines, look)


def content(verdicts: Sequence[Verdict]) -> dict[str, Json]:
    """Return the object of ``verify --format json``, by ``schemas/verify.schema.json``."""
    count = Counter(verdict.state for verdict in verdicts)
    return {
        "schema": 1,
        "summary": {state.value: count[state] for state in State},
        "notebooks": [_object(verdict) for verdict in verdicts],
    }


def _told(verdict: Verdict) -> Iterator[Line]:
    yield _headline(verdict)
    comparison = verdict.comparison
    if comparison:
        rows = [_python_row(comparison)] if is_other_python(comparison) else []
        rows += [_drift_row(row) for row in drifted(comparison)]
        yield from ([(Style.PLAIN, "    "), *line] for line in columns(rows))
        if comparison.python is PythonDifference.PATCH:
            yield _remark(f"Python {comparison.before.python} then, {comparison.after.python} now: the same series")
        extra = [f"{row.name} {row.after}" for row in comparison.rows if row.difference is Difference.EXTRA]
        if extra:
            yield _remark(f"used now, but not recorded: {', '.join(extra)}")
    for remark in verdict.remarks:
        yield _remark(remark)


def _headline(verdict: Verdict) -> Line:
    words = _WORDS[verdict.state]
    where = f" in {sanitize(verdict.environment)} ({sanitize(verdict.how)})" if verdict.environment else ""
    more = f": {'; '.join(map(sanitize, verdict.reasons))}" if verdict.reasons else _counted(verdict)
    return [
        (Style.STRONG, sanitize(verdict.path)),
        (Style.PLAIN, ": "),
        (_STYLES.get(verdict.state, Style.PLAIN), words),
        (Style.PLAIN, more),
        (Style.FAINT, where),
    ]


def _counted(verdict: Verdict) -> str:
    comparison = verdict.comparison
    if comparison is None:
        return ""
    rows = drifted(comparison)
    if not rows:
        compared = sum(row.difference is Difference.SAME for row in comparison.rows)
        return f", {compared} version{'' if compared == 1 else 's'}" if verdict.state is State.SAME else ""
    direct = sum(row.is_direct for row in rows)
    parts = [f"{direct} imported"] * bool(direct) + [f"{len(rows) - direct} required"] * (direct < len(rows))
    return f", {' and '.join(parts)}"


def _python_row(comparison: Comparison) -> list[Segment]:
    before, after = (_python(record) for record in (comparison.before, comparison.after))
    return [(Style.STRONG, "Python"), (Style.PLAIN, f"{before} → {after}")]


def _drift_row(row: Row) -> list[Segment]:
    return [
        (Style.STRONG, sanitize(row.name)),
        (Style.PLAIN, sanitize(_change(row))),
        (Style.FAINT, "" if row.is_direct else "required" if row.ecosystem is Ecosystem.PYPI else "conda"),
    ]


def _change(row: Row) -> str:
    if row.difference is Difference.MISSING:
        return f"{row.before}, not installed"
    if row.difference is Difference.SOURCE:
        return f"{row.before} from {row.before_source or 'an index'} → from {row.after_source or 'an index'}"
    return f"{row.before} → {row.after}"


def _remark(text: str) -> Line:
    return [(Style.FAINT, f"    {sanitize(text)}")]


def _summary(verdicts: Sequence[Verdict]) -> Line:
    judged = [verdict for verdict in verdicts if verdict.state is not State.LEFT_ALONE]
    good = sum(verdict.state is State.SAME for verdict in judged)
    is_fine = good == len(judged)
    words = f"{good} of {len(judged)} notebook{'' if len(judged) == 1 else 's'} as stamped"
    return [(Style.GOOD if is_fine else Style.ERROR, words)]


def _table_rows(verdict: Verdict) -> Iterator[list[Segment]]:
    comparison = verdict.comparison
    if comparison is None:
        return
    path = sanitize(verdict.path)
    pythons = _python(comparison.before), _python(comparison.after)
    yield _table_row(path, "Python", *pythons, "" if comparison.python is PythonDifference.SAME else "differs")
    for row in comparison.rows:
        words = {Difference.SAME: "", Difference.SOURCE: "source differs", Difference.EXTRA: "not recorded"}
        said = words.get(row.difference, "missing" if row.difference is Difference.MISSING else "differs")
        yield _table_row(path, row.name, row.before, row.after, said)


def _table_row(path: str, *cells: str) -> list[Segment]:
    *texts, said = (sanitize(cell) for cell in cells)
    style = Style.ERROR if said in ("differs", "missing", "source differs") else Style.FAINT
    return [(Style.PLAIN, path), *((Style.PLAIN, text or "-") for text in texts), (style, said)]


def _python(record: Record) -> str:
    return f"{record.implementation} {record.python}".strip()


def _object(verdict: Verdict) -> Json:
    comparison = verdict.comparison
    return {
        "path": verdict.path,
        "state": verdict.state.value,
        "environment": verdict.prefix or None,
        "how": verdict.how or None,
        "python": _python_object(comparison) if comparison else None,
        "distributions": [_row_object(row) for row in comparison.rows] if comparison else [],
        "reasons": list(verdict.reasons),
        "remarks": list(verdict.remarks),
    }


def _python_object(comparison: Comparison) -> Json:
    return {
        "difference": comparison.python.value,
        "stamped": _python(comparison.before) or None,
        "here": _python(comparison.after) or None,
    }


def _row_object(row: Row) -> Json:
    return {
        "name": row.name,
        "ecosystem": row.ecosystem.value,
        "difference": row.difference.value,
        "direct": row.is_direct,
        "stamped": row.before or None,
        "here": row.after or None,
        "stamped_source": row.before_source or None,
        "here_source": row.after_source or None,
    }
