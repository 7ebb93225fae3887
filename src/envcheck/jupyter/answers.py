"""What the stamp of an open notebook says, as the JSON that the page gets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, cast

from envcheck.engine.live.opened import Judged, as_json
from envcheck.model.records import Comparison, Difference, PythonDifference, Record, Row
from envcheck.model.stampings import State, drifted, is_other_python
from envcheck.model.stamps import Stamp

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"

SCHEMA = 1
_STATES = {State.SAME: "ok", State.DRIFTED: "drifted", State.UNSTAMPED: "not stamped", State.LEFT_ALONE: "left alone"}
_WORDS = {
    Difference.SAME: "as stamped",
    Difference.VERSION: "another version",
    Difference.BUILD: "another build",
    Difference.SOURCE: "from another source",
    Difference.MISSING: "not installed",
    Difference.EXTRA: "not in the stamp",
}


def answer(judged: Judged, path: str) -> dict[str, Json]:
    """Return what the page is told of a notebook: one of ``ok``, ``drifted``, ``not stamped``, ``unknown``, and why.

    ``rows`` come drifted ones first. ``stamp`` is what it would get now, ``pins`` are lines for a requirements file.
    """
    verdict, comparison = judged.verdict, judged.verdict.comparison
    count = len(drifted(comparison)) + is_other_python(comparison) if comparison else 0
    state = _STATES.get(verdict.state, "unknown")
    return {
        "schema": SCHEMA,
        "path": path,
        "state": state,
        "drifted": count,
        "summary": f"{count} drifted" if state == "drifted" else state,
        "python": judged.python,
        "environment": verdict.environment,
        "how": verdict.how,
        "rows": list(_rows(comparison)) if comparison else [],
        "reasons": [*verdict.reasons, *verdict.remarks],
        "stamp": cast("Json", as_json(judged.fresh)) if judged.fresh else None,
        "pins": list(pins(judged.fresh)) if judged.fresh else [],
    }


def pins(stamp: Stamp) -> Iterator[str]:
    """Yield a requirement for each distribution that a stamp says is imported, as pip reads it."""
    for name, version in sorted(stamp.packages.items()):
        source = stamp.sources.get(name, "")
        if "://" in source:
            yield f"{name} @ {source}"
        else:
            yield f"{name}=={version}" + ("  # installed from a path of this machine" if source else "")


def _rows(comparison: Comparison) -> Iterator[Json]:
    python = comparison.python
    if python not in (PythonDifference.SAME, PythonDifference.UNKNOWN):
        words = "another patch of the same series" if python is PythonDifference.PATCH else "another Python"
        sides = _python(comparison.before), _python(comparison.after)
        yield _object("Python", sides, words, is_drift=is_other_python(comparison), is_direct=True)
    drifts = drifted(comparison)
    rest = [row for row in comparison.rows if row not in drifts]
    yield from (_row(row, is_drift=True) for row in drifts)
    yield from (_row(row, is_drift=False) for row in rest)


def _row(row: Row, *, is_drift: bool) -> Json:
    sides = row.before, row.after
    if row.difference is Difference.SOURCE:
        sides = _from(row.before, row.before_source), _from(row.after, row.after_source)
    return _object(row.name, sides, _WORDS[row.difference], is_drift=is_drift, is_direct=row.is_direct)


def _from(version: str, source: str) -> str:
    return f"{version} from {source or 'an index'}"


def _object(name: str, sides: tuple[str, str], words: str, *, is_drift: bool, is_direct: bool) -> dict[str, Json]:
    stamped, here = sides
    return {"name": name, "stamped": stamped, "here": here, "words": words, "drift": is_drift, "direct": is_direct}


def _python(record: Record) -> str:
    return f"{record.implementation} {record.python}".strip()
