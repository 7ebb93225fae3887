"""``language_info.version``: the Python that answered at the last save after a start of the kernel; it may be stale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from envcheck.gather.traces.base import Spot, Told
from envcheck.gather.traces.parts import part, text
from envcheck.model.places import Place
from envcheck.model.traces import Subject, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.LANGUAGE_INFO,)

_TOLD = Told(TraceKind.LANGUAGE_INFO, Subject.PYTHON)


def read(metadata: Mapping[str, object], path: str) -> Iterator[Trace]:
    """Yield the version, where the language is Python itself and none of those that run in it."""
    language = part(metadata, "language_info")
    if text(language, "name").lower() in ("python", "ipython"):
        yield from _TOLD.python(Spot(Place(path)), text(language, "version"))
