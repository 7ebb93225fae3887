"""The block ``# /// script`` of a cell (PEP 723; juv, nteract, marimo): what was asked for."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.gather.documents import script_block
from envcheck.gather.traces.base import Outputs, Spot, Told
from envcheck.gather.traces.parts import table, text, texts
from envcheck.gather.traces.wishes import asked
from envcheck.model.traces import Meaning, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.SCRIPT_BLOCK,)

_ASKED = Told(TraceKind.SCRIPT_BLOCK, meaning=Meaning.ASKED)


def read(cell: Outputs) -> Iterator[Trace]:
    """Yield the wishes of a cell's block."""
    block = script_block.find(cell.text, cell.place._replace(line=1))
    if block is None:
        return
    script, spot = table(block.text), Spot(cell.place)
    for wish in texts(script, "dependencies"):
        yield from asked(_ASKED, spot, wish)
    if text(script, "requires-python"):
        yield from _ASKED.python(spot, text(script, "requires-python"))
