"""What notebooks tell of their versions, for people: by distribution, or every trace when they want all there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from envcheck.reporters.base import Look
from envcheck.reporters.paint import Line, Segment, Style, columns, paint
from envcheck.reporters.sanitize import sanitize

Row: TypeAlias = Mapping[str, object]


def render(content: Row, look: Look) -> str:
    """Return the object of ``envcheck evidence`` as text; notebooks that tell nothing are counted."""
    lines: list[Line] = []
    silent = 0
    for notebook in _rows(content, "notebooks"):
        told = list(_notebook(notebook, look))
        silent += not told
        if told:
            lines += [(), *told] if lines else told
    lines += [[(Style.ERROR, _problem(problem))] for problem in _rows(content, "problems")]
    if look.verbosity >= 0 and silent:
        said = "1 notebook tells" if silent == 1 else f"{silent} notebooks tell"
        lines += [(), [(Style.FAINT, f"{said} nothing")]] if lines else [[(Style.FAINT, f"{said} nothing")]]
    return paint(lines, look)


def render_verified(content: Row, look: Look) -> str:
    """Return the object of ``envcheck verify --evidence`` as text: what is not as told, or all there is when asked."""
    lines: list[Line] = []
    for notebook in _rows(content, "notebooks"):
        rows = [row for row in _rows(notebook, "traces") if look.verbosity > 0 or row.get("state") != "same"]
        same = sum(row.get("state") == "same" for row in _rows(notebook, "traces"))
        fault, drifted = _text(notebook, "fault"), notebook.get("drifted")
        said = fault or (f"{drifted} not as told, {same} as told" if drifted else f"{same} as told")
        style = Style.ERROR if fault or drifted else Style.GOOD if same else Style.FAINT
        lines.append([(Style.STRONG, _text(notebook, "path")), (Style.PLAIN, ": "), (style, said)])
        lines += [[(Style.PLAIN, "  "), *line] for line in columns([_verified(row) for row in rows])]
    return paint(lines, look)


def _verified(row: Row) -> list[Segment]:
    state = _text(row, "state")
    style = {"same": Style.GOOD, "unknown": Style.FAINT}.get(state, Style.ERROR)
    installed = f"now {_text(row, 'installed') or 'nothing'}" if state != "unknown" else ""
    name, version = (Style.STRONG, _text(row, "name")), (Style.PLAIN, _version(row))
    return [(style, state), name, version, (Style.PLAIN, installed), (Style.FAINT, _ground(row))]


def _notebook(notebook: Row, look: Look) -> Iterator[Line]:
    rows = [_trace(row) for row in _rows(notebook, "traces")] if look.verbosity > 0 else list(_accounts(notebook))
    problems = _rows(notebook, "problems")
    if not rows and not problems:
        return
    yield [(Style.STRONG, _text(notebook, "path"))]
    for line in columns(rows):
        yield [(Style.PLAIN, "  "), *line]
    for problem in problems:
        is_left = problem.get("kind") == "not-read"
        yield [(Style.FAINT if is_left else Style.ERROR, f"  {_problem(problem)}")]


def _accounts(notebook: Row) -> Iterator[list[Segment]]:
    for row in _rows(notebook, "distributions"):
        yield [*_said(row), (Style.FAINT, _doubt(row))]
        for against in _rows(row, "against"):
            yield [(Style.WARNING, "  but"), (Style.WARNING, _version(against)), (Style.PLAIN, _ground(against))]
    for row in _rows(notebook, "hints"):
        yield _said(row)


def _said(row: Row) -> list[Segment]:
    return [(Style.STRONG, _text(row, "name")), (Style.PLAIN, _version(row)), (Style.PLAIN, _ground(row))]


def _trace(row: Row) -> list[Segment]:
    known, name = _text(row, "distribution"), _text(row, "name")
    return [*_said(row), (Style.FAINT, known if known != name else "")]


def _version(row: Row) -> str:
    version = _text(row, "version")
    if row.get("meaning") == "asked-for":
        return version or "any"
    return version or "?"


def _ground(row: Row) -> str:
    """Return who says it, and where."""
    numbers = (("cell", "cell"), ("output", "output"), ("line", "line"))
    where = [f"{word} {row[key]}" for word, key in numbers if isinstance(row.get(key), int) and row[key]]
    meaning = _text(row, "meaning")
    said = f"{meaning} by " if meaning in ("locked", "asked-for") else ""
    return f"{said}{_text(row, 'kind')}" + (f", {', '.join(where)}" if where else "")


def _doubt(row: Row) -> str:
    candidates = row.get("candidates")
    if row.get("distribution") or not isinstance(candidates, list):
        return ""
    return f"a module of {' or '.join(sanitize(str(name)) for name in candidates)}" if candidates else "a module"


def _problem(problem: Row) -> str:
    cell, remedy = problem.get("cell"), _text(problem, "remedy")
    where = f"cell {cell}: " if cell else ""
    return f"{where}{_text(problem, 'message')}" + (f"; {remedy}" if remedy else "")


def _rows(row: Row, key: str) -> list[Row]:
    found = row.get(key)
    return [inner for inner in found if isinstance(inner, Mapping)] if isinstance(found, list) else []


def _text(row: Row, key: str) -> str:
    return sanitize(str(row.get(key) or ""))
