"""One package of a poetry.lock, as data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from envcheck.gather.documents.poetry_entries import read_entry
from envcheck.gather.documents.reqentry import Entry, InvalidEntry
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.requirements import Requirement

_REQUIRED = re.compile(r"\s*([A-Za-z0-9](?:[\w.-]*\w)?)\s*(?:\[([\w.,\s-]*)\])?")


class Need(Struct, frozen=True):
    """What a package requires; ``optional`` when only an extra of the package asks for it."""

    name: NormalizedName
    entry: Entry
    optional: bool = False


class Locked(Struct, frozen=True):
    """An entry, and what decides whether it is selected.

    Since lock version 2.1 that are ``markers``, by group, and an empty one always holds. Before that it is whether
    something needs it: ``requires`` (as written) and ``extras`` (the names that each adds) are empty for newer locks.
    """

    requirement: Requirement
    markers: tuple[tuple[NormalizedName, str], ...] = ()
    optional: bool = False
    requires: Mapping[str, object] = {}
    extras: tuple[tuple[NormalizedName, tuple[NormalizedName, ...]], ...] = ()

    @property
    def name(self) -> NormalizedName:
        """The normalised name."""
        return self.requirement.name

    def needs(self) -> Iterator[Need]:
        """Yield what the package requires, without what cannot be read."""
        for name, value in self.requires.items():
            for one in value if isinstance(value, list) else [value]:
                try:
                    found = read_entry(name, one)
                except InvalidEntry:
                    continue
                yield Need(normalize(name), found.entry, found.optional)


def names_in(texts: object) -> tuple[NormalizedName, ...]:
    """Return the names that texts like ``pytest (>=6)`` and ``colorama ; os_name == "nt"`` begin with."""
    return tuple(normalize(found[1]) for found in _found(texts))


def added_by(extras: Mapping[str, object], name: str) -> dict[NormalizedName, tuple[NormalizedName, ...]]:
    """Return the names that each extra of a package adds; one may ask for others of its own (``package[a,b]``)."""
    own = normalize(name)
    names = {normalize(extra): names_in(texts) for extra, texts in extras.items()}
    asked = {
        normalize(extra): [
            normalize(word)
            for found in _found(texts)
            if normalize(found[1]) == own
            for word in (found[2] or "").split(",")
            if word
        ]
        for extra, texts in extras.items()
    }
    return {extra: tuple(n for other in _reached(extra, asked) for n in names.get(other, ())) for extra in names}


def _found(texts: object) -> Iterator[re.Match[str]]:
    for text in texts if isinstance(texts, list) else ():
        found = _REQUIRED.match(text) if isinstance(text, str) else None
        if found:
            yield found


def _reached(start: NormalizedName, asked: Mapping[NormalizedName, list[NormalizedName]]) -> list[NormalizedName]:
    reached = [start]
    for extra in reached:
        reached += (other for other in dict.fromkeys(asked.get(extra, ())) if other not in reached)
    return reached
