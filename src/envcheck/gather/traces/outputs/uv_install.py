"""What ``uv pip install``, ``uv add`` and ``uv sync`` say that they changed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.gather.documents.notebook_outputs import OutputKind
from envcheck.gather.traces.base import Outputs, Told
from envcheck.model.traces import Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.UV_INSTALL,)

_TOLD = Told(TraceKind.UV_INSTALL)
_HEAD = re.compile(r"(?:Installed|Reinstalled|Uninstalled) \d{1,6} packages? in \S{1,40}")
_ROW = re.compile(r" [+~] ([A-Za-z0-9][\w.-]{0,99})==(\d\S{0,99})(?: \(.{0,1999}\))?")
_GONE = re.compile(r" - \S.{0,1999}")
_PYTHON = re.compile(r"Using (?:C?Python) (\d\.\d{1,2}\.\d{1,3}\S{0,9}) (?:environment|interpreter)(?: at:? .{1,999})?")


def read(cell: Outputs) -> Iterator[Trace]:
    """Yield what was added, and the Python that it was added to."""
    inside = False
    for spot, line in cell.lines(OutputKind.STREAM, holding=("nstalled ", "Using ")):
        row, python = _ROW.fullmatch(line), _PYTHON.fullmatch(line)
        if _HEAD.fullmatch(line):
            inside = True
        elif row and inside:
            yield from _TOLD.trace(spot, row[1], row[2])
        elif not _GONE.fullmatch(line):
            inside = False
        if python:
            yield from _TOLD.python(spot, python[1])
