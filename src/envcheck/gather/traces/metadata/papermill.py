"""papermill notes its own version, which need not be of the kernel's environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from envcheck.gather.traces.base import Spot, Told
from envcheck.gather.traces.parts import part, text
from envcheck.model.places import Place
from envcheck.model.traces import Meaning, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.PAPERMILL,)

_TOLD = Told(TraceKind.PAPERMILL, meaning=Meaning.HINT)


def read(metadata: Mapping[str, object], path: str) -> Iterator[Trace]:
    """Yield papermill's version."""
    version = text(part(metadata, "papermill"), "version")
    if version:
        yield from _TOLD.trace(Spot(Place(path)), "papermill", version)
