"""What libraries print of themselves when they are imported or begin to work: RDKit, pygame, Ultralytics' YOLO.

And what a script prints that travels with courses, ``python_environment_check.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.gather.documents.notebook_outputs import OutputKind
from envcheck.gather.traces.base import Outputs, Told
from envcheck.model.traces import Subject, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.BANNER,)

_TOLD = Told(TraceKind.BANNER)
_RDKIT = re.compile(r"RDKit WARNING: \[[\d:]{8}\] Enabling RDKit (\d\S{0,40}) jupyter extensions")
_PYGAME = re.compile(r"pygame(?:-ce)? (\d\S{0,40}) \(SDL [\d.]{1,20}, [Pp]ython (\d\S{0,20})\)")
# YOLOv5 is a repository and no distribution: its own version is left out.
_YOLO = re.compile(
    r"(?:Ultralytics (?:YOLOv)?(\d\S{0,40})|YOLOv5) 🚀 (?:\S{1,80} )?Python-(\d\S{0,20}) torch-(\d\S{0,40})(?: .*)?"
)
_CHECKING = "[OK] Your Python version is "
_CHECKED = re.compile(r"\[(?:OK|FAIL)\] ([A-Za-z_][\w.-]{0,99}) (\d[^\s,]{0,99})(?:, please upgrade to >= \S{1,99})?")


def read(cell: Outputs) -> Iterator[Trace]:
    """Yield what whole lines of these libraries say."""
    for spot, line in cell.lines(OutputKind.STREAM, holding=("Enabling RDKit ", "pygame", "🚀 ")):
        rdkit, pygame, yolo = (pattern.fullmatch(line) for pattern in (_RDKIT, _PYGAME, _YOLO))
        if rdkit:
            yield from _TOLD.trace(spot, "rdkit", rdkit[1])
        elif pygame:
            yield from _TOLD.trace(spot, line.split()[0], pygame[1])
            yield from _TOLD.python(spot, pygame[2])
        elif yolo:
            yield from _TOLD.trace(spot, "ultralytics", yolo[1]) if yolo[1] else ()
            yield from _TOLD.python(spot, yolo[2])
            yield from _TOLD.trace(spot, "torch", yolo[3])
    for spot, line in cell.lines(OutputKind.STREAM, holding=(_CHECKING,)):
        checked = _CHECKED.fullmatch(line)
        if checked:
            yield from _TOLD.trace(spot, checked[1], checked[2], Subject.MODULE)
