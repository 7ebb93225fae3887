"""``pip freeze``: lines of ``name==version``, which only the command tells from a file that was printed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.gather.documents.notebook_outputs import OutputKind
from envcheck.gather.traces.base import Outputs, Told
from envcheck.model.traces import Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.PIP_FREEZE,)

_TOLD = Told(TraceKind.PIP_FREEZE)
_COMMAND = re.compile(r"\bpip[\d.]{0,5}['\"]?,? {0,9}['\"]?(?:freeze\b|list\b[^\n]{0,200}\bfreeze\b)")
_PINNED = re.compile(r"([A-Za-z0-9][\w.-]{0,99})===?(\d\S{0,99})")
_DIRECT = re.compile(r"([A-Za-z0-9][\w.-]{0,99}) @ (?:file|https?|git\+[a-z]{1,9})://(.+)")
_WHEEL = re.compile(r"[A-Za-z0-9][\w.]{0,99}-(\d[\w.!+%]{0,99})-[\w.-]{1,199}\.whl")
_EDITABLE = re.compile(r"# Editable .{0,200}\(([A-Za-z0-9][\w.-]{0,99})==(\d[^\s)]{0,99})\)")


def read(cell: Outputs) -> Iterator[Trace]:
    """Yield the lines of a freeze; a distribution from a URL has the version that its file tells, or none."""
    if not _COMMAND.search(cell.text):
        return
    for spot, line in cell.lines(OutputKind.STREAM, OutputKind.RESULT):
        pinned = _PINNED.fullmatch(line) or _EDITABLE.fullmatch(line)
        direct = _DIRECT.fullmatch(line)
        if pinned:
            yield from _TOLD.trace(spot, pinned[1], pinned[2])
        elif direct:
            wheel = _WHEEL.fullmatch(direct[2].partition("#")[0].rpartition("/")[2])
            yield from _TOLD.trace(spot, direct[1], wheel[1].replace("%2B", "+") if wheel else "")
