"""juv keeps a whole uv.lock as one text under the key ``uv.lock``: what was resolved, for all platforms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from envcheck.gather.traces.base import Spot, Told
from envcheck.gather.traces.parts import as_object, part, table, text
from envcheck.model.places import Place
from envcheck.model.traces import Meaning, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.UV_LOCK,)

_TOLD = Told(TraceKind.UV_LOCK, meaning=Meaning.LOCKED)
_ASKED = Told(TraceKind.UV_LOCK, meaning=Meaning.ASKED)
_OWN = frozenset(("virtual", "editable", "directory"))


def read(metadata: Mapping[str, object], path: str) -> Iterator[Trace]:
    """Yield the locked packages and the Python that the lock is for."""
    lock = table(text(metadata, "uv.lock"))
    spot = Spot(Place(path))
    if text(lock, "requires-python"):
        yield from _ASKED.python(spot, text(lock, "requires-python"))
    packages = lock.get("package")
    for package in map(as_object, packages if isinstance(packages, list) else ()):
        if _OWN.isdisjoint(part(package, "source")):
            yield from _TOLD.trace(spot, text(package, "name"), text(package, "version"))
