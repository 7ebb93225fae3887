"""session_info and sinfo (names of modules), session_info2 (names of distributions): as text and as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.gather.documents.notebook_outputs import Output, OutputKind
from envcheck.gather.traces.base import Outputs, Spot, Told
from envcheck.model.traces import Subject, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.SESSION_INFO,)

_TOLD = Told(TraceKind.SESSION_INFO)
_SIGNATURES = ("Session information updated at ", "Click to view session information")
_SECOND = ("----\t----", "| Package ")
_RULE = re.compile(r"-{5,}")
_ROW = re.compile(r"([A-Za-z_][\w.-]{0,99}) {1,80}(\S{1,100})")
_PYTHON = re.compile(r"Python (\d\S{1,40}) .{0,300}")
# A second version in brackets is what the module says of itself; the first is that of its metadata.
_CELLS = re.compile(r"(?:\| ?)?([A-Za-z0-9][\w.-]{0,99}) {0,80}[\t|] ?(\S{1,100})(?: .*)?")


def read(cell: Outputs) -> Iterator[Trace]:
    """Yield what session_info tells; its text and its HTML say the same, so the first is enough."""
    seen: set[int] = set()
    for output in cell.outputs:
        if output.kind is OutputKind.ERROR or output.number in seen:
            continue
        found = list(_of_output(output, cell))
        if found:
            seen.add(output.number)
        yield from found


def _of_output(output: Output, cell: Outputs) -> Iterator[Trace]:
    lines = [line.strip() for line in output.text.split("\n")]
    spots = [Spot(cell.place, output.number, number) for number in range(1, len(lines) + 1)]
    if any(signature in output.text for signature in _SIGNATURES):
        yield from _first(spots, lines)
    elif any(mark in output.text for mark in _SECOND) and _is_second(output, cell):
        yield from _second(spots, lines)


def _is_second(output: Output, cell: Outputs) -> bool:
    """Tell whether session_info2 printed a table: the code says so, or the last rows do, as where scanpy calls it."""
    return "session_info" in cell.text or ("\nPython\t" in output.text and "\nUpdated\t" in output.text)


def _first(spots: list[Spot], lines: list[str]) -> Iterator[Trace]:
    """Yield the rows between the rules that session_info draws, and Python's own line."""
    inside = False
    for spot, line in zip(spots, lines, strict=True):
        row, python = _ROW.fullmatch(line), _PYTHON.fullmatch(line)
        if _RULE.fullmatch(line) or line.startswith("Click to view"):
            inside = True
        elif python:
            inside = False
            yield from _TOLD.python(spot, python[1])
        elif inside and row:
            yield from _TOLD.trace(spot, row[1], row[2], Subject.MODULE)


def _second(spots: list[Spot], lines: list[str]) -> Iterator[Trace]:
    inside = True
    for spot, line in zip(spots, lines, strict=True):
        row = _CELLS.fullmatch(line)
        if row and row[1] == "Python":
            yield from _TOLD.python(spot, row[2])
            inside = False
        elif row and inside and row[1] not in ("Package", "Dependency", "Component"):
            yield from _TOLD.trace(spot, row[1], row[2])
        elif row and row[1] == "Component":
            inside = False
