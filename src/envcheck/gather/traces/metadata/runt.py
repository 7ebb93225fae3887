"""nteract: ``runt.uv``, ``runt.conda`` and ``runt.pixi``, and the older ``uv`` and ``conda``: what was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from envcheck.gather.traces.base import Spot, Told
from envcheck.gather.traces.parts import part, text, texts
from envcheck.gather.traces.wishes import asked, asked_of_conda
from envcheck.model.places import Place
from envcheck.model.traces import Meaning, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.RUNT,)

_ASKED = Told(TraceKind.RUNT, meaning=Meaning.ASKED)


def read(metadata: Mapping[str, object], path: str) -> Iterator[Trace]:
    """Yield the wishes of all tables."""
    spot = Spot(Place(path))
    for tables in (part(metadata, "runt"), metadata):
        uv, conda = part(tables, "uv"), part(tables, "conda")
        for wish in texts(uv, "dependencies"):
            yield from asked(_ASKED, spot, wish)
        if text(uv, "requires-python"):
            yield from _ASKED.python(spot, text(uv, "requires-python"))
        for wish in texts(conda, "dependencies"):
            yield from asked_of_conda(_ASKED, spot, wish)
        if text(conda, "python"):
            yield from asked_of_conda(_ASKED, spot, f"python={text(conda, 'python')}")
    pixi = part(part(metadata, "runt"), "pixi")
    for wish in texts(pixi, "dependencies"):
        yield from asked_of_conda(_ASKED, spot, wish)
    for wish in texts(pixi, "pypi-dependencies"):
        yield from asked(_ASKED, spot, wish)
