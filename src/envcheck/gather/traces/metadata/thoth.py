"""jupyterlab-requirements (Thoth): a Pipfile and a Pipfile.lock, both JSON in a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from envcheck.gather.traces.base import Spot, Told
from envcheck.gather.traces.parts import as_object, document, part, text
from envcheck.model.places import Place
from envcheck.model.traces import Meaning, Trace, TraceKind

KINDS: tuple[TraceKind, ...] = (TraceKind.THOTH,)

_ASKED = Told(TraceKind.THOTH, meaning=Meaning.ASKED)
_LOCKED = Told(TraceKind.THOTH, meaning=Meaning.LOCKED)


def read(metadata: Mapping[str, object], path: str) -> Iterator[Trace]:
    """Yield what was wished for, and what that was locked to."""
    spot = Spot(Place(path))
    asked, locked = document(metadata, "requirements"), document(metadata, "requirements_lock")
    for table in ("packages", "dev-packages"):
        for name, wish in part(asked, table).items():
            specifier = wish if isinstance(wish, str) else text(as_object(wish), "version")
            yield from _ASKED.trace(spot, name, "" if specifier == "*" else specifier)
    requires = [part(asked, "requires"), part(part(locked, "_meta"), "requires")]
    python = next((version for table in requires if (version := text(table, "python_version"))), "")
    if python:
        yield from _ASKED.python(spot, f"=={python}.*")
    for table in ("default", "develop"):
        for name, entry in part(locked, table).items():
            version = text(as_object(entry), "version")
            if version.startswith("=="):
                yield from _LOCKED.trace(spot, name, version.lstrip("="))
