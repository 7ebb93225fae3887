"""``pip show`` and ``pip --version``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.gather.documents.notebook_outputs import OutputKind
from envcheck.gather.traces.base import Outputs, Told
from envcheck.model.traces import Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.PIP_SHOW,)

_TOLD = Told(TraceKind.PIP_SHOW)
_NAME = re.compile(r"Name: ([A-Za-z0-9][\w.-]{0,99})")
_VERSION = re.compile(r"Version: (\d\S{0,99})")
_COMMAND = re.compile(r"\bpip[\d.]{0,5}['\"]?,? {0,9}['\"]?show\b")
_PIP = re.compile(r"pip (\d\S{0,40}) from .{1,999} \(python (\d\.\d{1,2})\)")


def read(cell: Outputs) -> Iterator[Trace]:
    """Yield what the pages say: a name, and below it the version, with ``Summary`` next or with the command."""
    is_asked = _COMMAND.search(cell.text) is not None
    name, pending = "", list[Trace]()
    for spot, line in cell.lines(OutputKind.STREAM, holding=("Version: ", " (python ")):
        if line.startswith("Summary:") or is_asked:
            yield from pending
        named, versioned, pip = _NAME.fullmatch(line), _VERSION.fullmatch(line), _PIP.fullmatch(line)
        pending = list(_TOLD.trace(spot, name, versioned[1])) if versioned and name else []
        # Nothing stands between name and version; pip before 10 writes Metadata-Version above the name.
        name = named[1] if named else ""
        if pip:
            yield from _TOLD.trace(spot, "pip", pip[1])
            yield from _TOLD.python(spot, pip[2])
    if is_asked:
        yield from pending
