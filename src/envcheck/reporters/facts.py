"""The bare facts of ``envcheck list`` as a table for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from envcheck.model.names import normalize
from envcheck.model.places import Place
from envcheck.reporters.base import Look
from envcheck.reporters.paint import Line, Segment, Style, columns, paint
from envcheck.reporters.sanitize import sanitize

Row: TypeAlias = Mapping[str, object]


def render(content: Mapping[str, object], look: Look) -> str:
    """Return the object of ``envcheck list`` as text, a fact per line."""
    lines: list[Line] = []
    environment = content.get("environment")
    if isinstance(environment, Mapping) and look.verbosity >= 0:
        lines.append(_environment(environment))
    for kind, cells in (("imports", _import), ("requirements", _requirement), ("distributions", _distribution)):
        rows = content.get(kind)
        if isinstance(rows, list):
            lines += columns([cells(row) for row in rows])
    return paint(lines, look)


def _environment(row: Row) -> Line:
    return [
        (Style.STRONG, _text(row, "prefix")),
        (Style.PLAIN, f": Python {_text(row, 'python') or 'unknown'}"),
        (Style.FAINT, f" ({_text(row, 'how')})"),
    ]


def _import(row: Row) -> list[Segment]:
    origin, kind = _text(row, "origin"), _text(row, "kind")
    known = _text(row, "distribution") if row.get("certainty") != "unknown" else ""
    return [
        _place(row),
        (Style.STRONG, _text(row, "module")),
        (Style.PLAIN, known or (f"({origin})" if origin != "third-party" else "(unknown)")),
        (Style.FAINT, kind if kind != "plain" else ""),
    ]


def _requirement(row: Row) -> list[Segment]:
    group, role = _text(row, "group"), _text(row, "role")
    elsewhere = ", not for here" if row.get("selected") is False else ""
    remarks = [group, f"{role}{elsewhere}" if role != "declared" else "", _text(row, "platform")]
    return [
        _place(row),
        (Style.STRONG, _wish(row)),
        (Style.PLAIN, _text(row, "ecosystem")),
        (Style.FAINT, ", ".join(filter(None, remarks))),
    ]


def _wish(row: Row) -> str:
    """Return the text of a requirement, with its name where that stands elsewhere (``requires-python``)."""
    name, raw = _text(row, "name"), _text(row, "raw")
    return raw if name in normalize(raw) else f"{name} {raw}"


def _distribution(row: Row) -> list[Segment]:
    return [
        (Style.STRONG, _text(row, "name")),
        (Style.PLAIN, _text(row, "version")),
        (Style.FAINT, _text(row, "installer")),
        (Style.FAINT, _source(row)),
    ]


def _source(row: Row) -> str:
    source = row.get("source")
    if not isinstance(source, Mapping):
        return ""
    return _text(source, "url") + (" (editable)" if source.get("editable") else "")


def _place(row: Row) -> Segment:
    numbers = [value if isinstance(value, int) else 0 for value in (row.get("cell"), row.get("line"))]
    return (Style.PLAIN, sanitize(str(Place(str(row.get("path")), *numbers))))


def _text(row: Row, key: str) -> str:
    return sanitize(str(row.get(key) or ""))
