"""How one finding speaks of many notebooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.findings import Related
from envcheck.model.places import Place
from envcheck.model.usage import Source, SourceKind

_MOST_RELATED = 10
T = TypeVar("T")


def python_notebooks(evidence: Evidence) -> Iterator[Source]:
    """Yield the notebooks of the scope whose language is Python."""
    return (s for s in evidence.sources if s.kind is SourceKind.NOTEBOOK and s.language == "python")


def gathered(things: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    """Return things by key, in reading order; those with an empty key are left out."""
    groups: dict[str, list[T]] = {}
    for thing in things:
        name = key(thing)
        if name:
            groups.setdefault(name, []).append(thing)
    return groups


def others(places: Sequence[Place], message: str) -> tuple[Related, ...]:
    """Return all places but the first as related ones, ten at most."""
    return tuple(Related(place, message) for place in places[1 : _MOST_RELATED + 1])


def subject(count: int, one: str, many: str) -> str:
    """Return ``this notebook asks`` or ``n notebooks, this one first, ask`` for the verbs ``asks`` and ``ask``."""
    return f"this notebook {one}" if count == 1 else f"{count} notebooks, this one first, {many}"
