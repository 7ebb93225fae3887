"""``conda env export``: environment.yml with every package, on standard output."""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.gather.documents.notebook_outputs import OutputKind
from envcheck.gather.traces.base import Outputs, Told
from envcheck.model.traces import Subject, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.CONDA_EXPORT,)

_TOLD = Told(TraceKind.CONDA_EXPORT, Subject.CONDA)
_COMMAND = re.compile(r"\b(?:conda|mamba|micromamba) {1,9}(?:env {1,9})?export\b")
_ENTRY = re.compile(r" {0,9}- (?:[\w./-]{1,99}::)?([a-z0-9_][\w.-]{0,99})(==?)([\d][^\s=]{0,99})(?:=\S{1,99})?")
_PIP = re.compile(r" {0,9}- pip: {0,9}")


def read(cell: Outputs) -> Iterator[Trace]:
    """Yield the pins: conda's with one ``=``, those of pip below ``pip:`` with two."""
    if not _COMMAND.search(cell.text):
        return
    below_pip = False
    for spot, line in cell.lines(OutputKind.STREAM):
        entry = _ENTRY.fullmatch(line)
        below_pip = (below_pip and entry is not None) or _PIP.fullmatch(line) is not None
        if entry:
            is_python = entry[1] == "python" and not below_pip
            subject = Subject.DISTRIBUTION if below_pip else Subject.PYTHON if is_python else Subject.CONDA
            yield from _TOLD.trace(spot, entry[1], entry[3], subject)
