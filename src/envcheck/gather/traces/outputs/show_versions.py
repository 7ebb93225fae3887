"""``show_versions()`` of pandas, xarray and scikit-learn, and scanpy's line of ``name==version``: names of modules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.gather.documents.notebook_outputs import OutputKind
from envcheck.gather.traces.base import Outputs, Told
from envcheck.model.traces import Subject, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.SHOW_VERSIONS,)

_TOLD = Told(TraceKind.SHOW_VERSIONS, Subject.MODULE)
_OPENINGS = frozenset(("INSTALLED VERSIONS", "Python dependencies:", "Python deps:"))
_SYSTEM_OPENING = "System:"  # of scikit-learn; Python stands below it, and what is no distribution
_ROW = re.compile(r" {0,40}([A-Za-z_][\w.-]{0,99}) {0,60}: ?(\S{1,100})(?: .*)?")
_PYTHON = re.compile(r"(\d\.\d{1,2}\.\d{1,3})(?:\.final\.0)?")
_PAIR = re.compile(r"([A-Za-z_][\w.-]{0,99})==(\S{1,100})")
_SYSTEM = frozenset(("commit", "python-bits", "OS", "OS-release", "Version", "machine", "processor", "byteorder"))


def read(cell: Outputs) -> Iterator[Trace]:
    """Yield what these tell."""
    inside = below_system = False
    for spot, line in cell.lines(OutputKind.STREAM, holding=(*_OPENINGS, "==")):
        row = _ROW.fullmatch(line)
        below_system = line == _SYSTEM_OPENING or (below_system and line.startswith(" "))
        if line in _OPENINGS:
            inside = True
        elif line.strip().endswith(":") and line.strip() == line:
            inside = False  # "threadpoolctl info:", which is about libraries of C
        elif row and (inside or below_system) and row[1] == "python":
            python = _PYTHON.match(row[2])
            yield from _TOLD.python(spot, python[1]) if python else ()
        elif row and inside and row[1] not in _SYSTEM:
            yield from _TOLD.trace(spot, row[1], row[2])
        elif "logging.print_" in cell.text and line.count("==") > 1:  # scanpy.logging.print_header()
            for pair in map(_PAIR.fullmatch, line.split()):
                yield from _TOLD.trace(spot, pair[1], pair[2]) if pair else ()
