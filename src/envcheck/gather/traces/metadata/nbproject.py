"""nbproject (lamin): ``pypackage``, before 0.8 ``dependency``, the versions of what the notebook imports.

The keys are names of distributions; a module that it could not resolve has no version and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from envcheck.gather.traces.base import Spot, Told
from envcheck.gather.traces.parts import part
from envcheck.model.places import Place
from envcheck.model.traces import Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.NBPROJECT,)

_TOLD = Told(TraceKind.NBPROJECT)


def read(metadata: Mapping[str, object], path: str) -> Iterator[Trace]:
    """Yield the versions of both keys."""
    project = part(metadata, "nbproject")
    for key in ("pypackage", "dependency"):
        for name, version in part(project, key).items():
            if isinstance(version, str) and version:
                yield from _TOLD.trace(Spot(Place(path)), name, version)
