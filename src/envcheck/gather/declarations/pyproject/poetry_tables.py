"""``[tool.poetry]`` of a pyproject.toml → what it declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from envcheck.gather.declarations.pyproject import NAME
from envcheck.gather.documents.poetry_constraints import poetry_constraint
from envcheck.gather.documents.poetry_entries import PoetryEntry, read_entry
from envcheck.gather.documents.poetry_project import (
    MAIN,
    Standing,
    Written,
    extras_of,
    given,
    name_of_project,
    written,
)
from envcheck.gather.documents.reqentry import InvalidEntry
from envcheck.gather.documents.reqfile import Origin, invalid, requirement
from envcheck.gather.documents.toml_tables import Document, Path
from envcheck.model.constraints import ANY
from envcheck.model.declarations import Link, LinkKind
from envcheck.model.names import Ecosystem, NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind
from envcheck.model.requirements import Requirement

_EXTRA = re.compile(r"""\bextra == "([^"]*)\"""")
_OPTIONAL = "optional"
"""The group of what is optional and in no extra: Poetry never installs it."""


class PoetryTables(Struct, frozen=True):
    """What Poetry's tables say; ``found`` are requirements and what is wrong with the others."""

    project: NormalizedName
    found: tuple[Requirement | Problem, ...]
    python: tuple[Requirement | Problem, ...]
    links: tuple[Link, ...]


def read_poetry(document: Document, place_of: Callable[[Path], Place]) -> PoetryTables:
    """Return what the tables under ``[tool.poetry]`` say; ``place_of`` tells where the text at a path stands."""
    python = [w for w in written(document) if w.name.lower() == "python" and w.group == MAIN]
    return PoetryTables(
        name_of_project(document),
        tuple(_entries(document, place_of)),
        tuple(_python(w.value, place_of(w.path)) for w in python if isinstance(w.value, str)),
        tuple(_links(document, place_of)),
    )


def _entries(document: Document, place_of: Callable[[Path], Place]) -> Iterator[Requirement | Problem]:
    known, extras = given(document), _extras(document)
    for one in written(document):
        name = normalize(one.name)
        if name == "python":
            continue
        if one.standing is Standing.IDLE:
            yield _unused(one, place_of(one.path))
            continue
        try:
            found = read_entry(one.name, one.value)
        except InvalidEntry as error:
            yield invalid(place_of(one.path), one.name, error.reason, error.remedy)
            continue
        group = _group(one, found, extras.get(name, ""))
        if one.standing is Standing.ENRICHING:
            if found.entry.direct is None and found.entry.constraint is ANY:
                continue  # it says by which index, or that it is editable
            group = known[one.group, name]
        place = place_of((*one.path, found.key) if found.key and found.raw else one.path)
        yield requirement(found.entry, found.raw, Origin(place, NAME, group=group), place)


def _extras(document: Document) -> dict[NormalizedName, NormalizedName]:
    """Return the first extra that adds each name."""
    found: dict[NormalizedName, NormalizedName] = {}
    for extra, names in extras_of(document).items():
        for name in names:
            found.setdefault(name, extra)
    return found


def _unused(one: Written, place: Place) -> Problem:
    has = "[project]" if one.group == MAIN else f"[dependency-groups] {one.group_name}"
    message = f"Poetry does not use {one.name} of [tool.poetry]: {has} says what is needed, and it is not there"
    return Problem(ProblemKind.NOT_READ, place, message)


def _group(one: Written, found: PoetryEntry, extra: str) -> str:
    """Return the group or extra that an entry is for, empty for what everybody gets."""
    if one.group != MAIN:
        return one.group_name
    in_marker = _EXTRA.search(found.entry.marker)
    return extra or (in_marker[1] if in_marker else "") or (_OPTIONAL if found.optional else "")


def _python(text: str, place: Place) -> Requirement | Problem:
    try:
        constraint = poetry_constraint(text)
    except ValueError as error:
        return invalid(place, text, str(error), "write a constraint like ^3.10 or >=3.10,<3.14")
    name = NormalizedName("python")
    return Requirement(name, text, Ecosystem.PYPI, place, constraint, dialect=NAME, shown_name="python")


def _links(document: Document, place_of: Callable[[Path], Place]) -> Iterator[Link]:
    sources = document.table("tool", "poetry").get("source")
    for index, source in enumerate(sources if isinstance(sources, list) else ()):
        url = source.get("url") if isinstance(source, Mapping) else None
        if isinstance(url, str):
            yield Link(LinkKind.INDEX, url, place_of(("tool", "poetry", "source", index, "url")))
