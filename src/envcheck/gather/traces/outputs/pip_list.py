"""``pip list`` and ``uv pip list``: a table, or lines of ``name (version)`` before pip 10."""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.gather.documents.notebook_outputs import OutputKind
from envcheck.gather.traces.base import Outputs, Told
from envcheck.model.traces import Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.PIP_LIST,)

_TOLD = Told(TraceKind.PIP_LIST)
_COMMAND = re.compile(r"\bpip[\d.]{0,5}['\"]?,? {0,9}['\"]?list\b")
_HEAD = re.compile(r"Package {1,99}Version(?: .*)?")
_RULE = re.compile(r"-{2,}(?: {1,9}-{2,}){1,9}")
_ROW = re.compile(r"([A-Za-z0-9][\w.-]{0,99}) {1,99}([\dvV]\S{0,99})(?: .*)?")
_LEGACY = re.compile(r"([A-Za-z0-9][\w.-]{0,99}) \((\d[^\s()]{0,99})(?:, .{0,999})?\)")


def read(cell: Outputs) -> Iterator[Trace]:
    """Yield the rows of the table, also of one whose head some ``grep`` took away."""
    is_asked = _COMMAND.search(cell.text) is not None
    before, inside = "", False
    holding = ("",) if is_asked else ("Package ",)
    for spot, line in cell.lines(OutputKind.STREAM, OutputKind.RESULT, holding=holding):
        row, legacy = _ROW.fullmatch(line), _LEGACY.fullmatch(line)
        if _HEAD.fullmatch(before) and _RULE.fullmatch(line):
            inside = True
        elif row and (inside or is_asked):
            yield from _TOLD.trace(spot, row[1], row[2])
        elif legacy and is_asked:
            yield from _TOLD.trace(spot, legacy[1], legacy[2])
        else:
            inside = False
        before = line
