"""``conda env attach`` (2015) put an exported environment under ``environment``; Vertex AI means another thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from envcheck.gather.documents import matchspec
from envcheck.gather.traces.base import Spot, Told
from envcheck.gather.traces.parts import as_object, part, texts
from envcheck.gather.traces.wishes import asked
from envcheck.model.places import Place
from envcheck.model.traces import Meaning, Subject, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.CONDA_ENVIRONMENT,)

_EXPORTED = Told(TraceKind.CONDA_ENVIRONMENT, Subject.CONDA)
_ASKED = Told(TraceKind.CONDA_ENVIRONMENT, Subject.CONDA, Meaning.ASKED)


def read(metadata: Mapping[str, object], path: str) -> Iterator[Trace]:
    """Yield the exported packages: what has a build was installed, as was what pip lists with ``==``."""
    environment = part(metadata, "environment")
    spot = Spot(Place(path))
    for wish in texts(environment, "dependencies"):
        yield from _package(spot, wish)
    listed = environment.get("dependencies")
    for table in map(as_object, listed if isinstance(listed, list) else ()):
        for wish in texts(table, "pip"):
            name, pinned, version = wish.partition("==")
            if pinned:
                yield from _EXPORTED.trace(spot, name.strip(), version, Subject.DISTRIBUTION)
            else:
                yield from asked(_ASKED, spot, wish)


def _package(spot: Spot, wish: str) -> Iterator[Trace]:
    try:
        spec = matchspec.parse(wish)
    except ValueError:
        return
    subject = Subject.PYTHON if spec.name == "python" else Subject.CONDA
    if spec.build and spec.version.startswith("=="):
        yield from _EXPORTED.trace(spot, spec.name, spec.version.lstrip("="), subject)
    else:
        yield from _ASKED.trace(spot, spec.name, spec.version, subject)
