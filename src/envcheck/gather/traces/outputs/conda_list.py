"""``conda list``, ``mamba list`` and ``micromamba list``: a table of name, version, build and channel."""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.gather.documents.notebook_outputs import OutputKind
from envcheck.gather.traces.base import Outputs, Told
from envcheck.model.traces import Subject, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.CONDA_LIST,)

_TOLD = Told(TraceKind.CONDA_LIST, Subject.CONDA)
_COMMAND = re.compile(r"\b(?:conda|mamba|micromamba) {1,9}list\b")
_HEAD = re.compile(r"(?:# )?packages in environment .*|List of packages in environment.*")
_ROW = re.compile(r" {0,9}([A-Za-z0-9_][\w.-]{0,99}) {1,99}(\d\S{0,99}|[a-z]\w{0,20}\d\w{0,20})(?: (.*))?")
_OTHER = re.compile(r"#.*| {0,9}Name {1,99}Version .*|[─-]{3,}|")


def read(cell: Outputs) -> Iterator[Trace]:
    """Yield the rows; what came from PyPI has the name of its distribution."""
    inside = _COMMAND.search(cell.text) is not None
    for spot, line in cell.lines(OutputKind.STREAM, holding=("",) if inside else ("ackages in environment",)):
        row = _ROW.fullmatch(line)
        if _HEAD.fullmatch(line):
            inside = True
        elif row and inside:
            is_python = row[1] == "python"
            is_pypi = (row[3] or "").rstrip().endswith("pypi")
            subject = Subject.PYTHON if is_python else Subject.DISTRIBUTION if is_pypi else Subject.CONDA
            yield from _TOLD.trace(spot, row[1], row[2], subject)
        elif not _OTHER.fullmatch(line.strip()):
            inside = False
