"""watermark: ``%watermark -v -p numpy -iv``, as version 1 (``numpy 1.14.5``) and 2 (``numpy: 1.14.5``) print it.

The names are those that are imported. What else a cell prints looks the same (``accuracy 0.92``), so a block of lines
counts when all of it looks so and one of its names is imported by the notebook or named where watermark is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from envcheck.gather.documents.notebook_outputs import OutputKind
from envcheck.gather.traces.base import Outputs, Spot, Told
from envcheck.model.traces import Subject, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.WATERMARK,)

_TOLD = Told(TraceKind.WATERMARK, Subject.MODULE)
_PYTHON = re.compile(r"(?:CPython|PyPy|Python version +:) (\S{1,40})")
_IPYTHON = re.compile(r"IPython(?: version +:)? (\S{1,40})")
_ITSELF = re.compile(r"(?:Watermark:|watermark v\.) ?(\S{1,40})")
_ROW = re.compile(r"([A-Za-z_][\w.-]{0,99})(?: {0,60}: | {1,60}|==)(\S{1,100}|not installed)")
_CALL = re.compile(r"watermark(?:\([^()]*|[^\n]*)")
_WORD = re.compile(r"[\w.-]+")
_PYTHONS = ("CPython", "PyPy", "IPython")
_SYSTEM = frozenset(
    (
        *("author", "date", "time", "hostname", "machine", "processor", "architecture", "runtime"),
        *("compiler", "os", "system", "release", "interpreter"),
    )
)


def read(cell: Outputs) -> Iterator[Trace]:
    """Yield what watermark tells."""
    lines = list(cell.lines(OutputKind.STREAM, OutputKind.RESULT)) if _may_tell(cell) else []
    called = " ".join(_CALL.findall(cell.text))
    known = cell.modules.union(_WORD.findall(called))
    for blank, block in groupby(lines, key=lambda line: not line[1].strip()):
        if not blank:
            yield from _block(list(block), known)


def _may_tell(cell: Outputs) -> bool:
    if "watermark" in cell.text:
        return True
    # Printed by a file that the cell runs.
    return any("Python implementation: " in output.text for output in cell.outputs)


def _block(lines: list[tuple[Spot, str]], known: frozenset[str]) -> Iterator[Trace]:
    rows = [(spot, line, _ROW.fullmatch(line)) for spot, line in lines]
    is_table = all(row and row[1].lower() not in _SYSTEM for _, _, row in rows)
    is_ours = is_table and any(row and row[1] not in _PYTHONS and _is_known(row[1], known) for _, _, row in rows)
    for spot, line, row in rows:
        heading = list(_heading(spot, line))
        yield from heading
        if row and is_ours and not heading:
            yield from _TOLD.trace(spot, row[1], row[2])


def _heading(spot: Spot, line: str) -> Iterator[Trace]:
    """Yield what the lines about Python and watermark itself tell."""
    python, ipython, itself = (pattern.fullmatch(line) for pattern in (_PYTHON, _IPYTHON, _ITSELF))
    if python:
        yield from _TOLD.python(spot, python[1])
    if ipython:
        yield from _TOLD.trace(spot, "IPython", ipython[1])
    if itself:
        yield from _TOLD.trace(spot, "watermark", itself[1])


def _is_known(name: str, known: frozenset[str]) -> bool:
    return name in known or name.partition(".")[0] in known
