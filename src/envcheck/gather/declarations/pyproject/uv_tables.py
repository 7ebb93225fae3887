"""``[tool.uv]``: requirements of its own, limits and overrides, and where requirements come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from envcheck.gather.declarations.pyproject import NAME
from envcheck.gather.documents.pep508 import read_requirement
from envcheck.gather.documents.reqfile import Origin, invalid
from envcheck.gather.documents.toml_tables import Document, Path
from envcheck.gather.documents.toml_values import tables, text
from envcheck.gather.documents.uv_sources import read_indexes, read_sources, sourced
from envcheck.model.declarations import Link, LinkKind
from envcheck.model.places import Place
from envcheck.model.readings import Problem
from envcheck.model.requirements import Requirement, Role

_OVERRIDES = "override-dependencies"
_LISTS = (
    ("dev-dependencies", "dev", Role.DECLARED),
    ("constraint-dependencies", "", Role.CONSTRAINT),
    (_OVERRIDES, "", Role.CONSTRAINT),
)
_LINKS = (
    ("index-url", LinkKind.INDEX),
    ("extra-index-url", LinkKind.INDEX),
    ("find-links", LinkKind.FIND_LINKS),
)


class UvTables(Struct, frozen=True):
    """What the tables add: requirements and what is wrong with them, links, and requirements that override others."""

    found: tuple[Requirement | Problem, ...]
    links: tuple[Link, ...]
    overrides: tuple[Requirement, ...]


def read_uv(document: Document, place: Callable[[Path], Place]) -> UvTables:
    """Return what ``[tool.uv]`` adds to what a project declares; ``place`` tells where a string stands."""
    lists = {key: tuple(_listed(document, key, group, role, place)) for key, group, role in _LISTS}
    overrides = tuple(each for each in lists[_OVERRIDES] if isinstance(each, Requirement))
    found = tuple(each for listed in lists.values() for each in listed)
    return UvTables(found, tuple(_links(document, place)), overrides)


def _listed(
    document: Document, key: str, group: str, role: Role, place: Callable[[Path], Place]
) -> Iterator[Requirement | Problem]:
    entries = document.table("tool", "uv").get(key)
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        here = place(("tool", "uv", key, index))
        if isinstance(entry, str):
            yield read_requirement(entry, Origin(here, NAME, role, group), here)
        elif key != _OVERRIDES or not isinstance(entry, dict):  # a table overrides what one package requires
            yield invalid(here, f"tool.uv.{key}", "no requirement: a text is wanted", "see uv's reference of settings")


def _links(document: Document, place: Callable[[Path], Place]) -> Iterator[Link]:
    settings = document.table("tool", "uv")
    for index, each in enumerate(tables(settings.get("index"))):
        if text(each.get("url")):
            yield Link(LinkKind.INDEX, text(each.get("url")), place(("tool", "uv", "index", index, "url")))
    for key, kind in _LINKS:
        entry = settings.get(key)
        for index, target in enumerate(entry if isinstance(entry, list) else [entry]):
            path: Path = ("tool", "uv", key, index) if isinstance(entry, list) else ("tool", "uv", key)
            if isinstance(target, str):
                yield Link(kind, target, place(path))


def understood(
    requirements: Iterable[Requirement], overrides: Iterable[Requirement], document: Document
) -> list[Requirement]:
    """Return requirements as uv understands them: overridden, and from their sources, for each of these once."""
    settings = document.table("tool", "uv")
    sources, indexes = read_sources(settings.get("sources")), read_indexes(settings.get("index"))
    instead: dict[str, list[Requirement]] = {}
    for override in overrides:
        instead.setdefault(override.name, []).append(override)
    return [
        found
        for requirement in requirements
        for effective in _overridden(requirement, instead)
        for found in sourced(effective, sources, indexes)
    ]


def _overridden(requirement: Requirement, instead: dict[str, list[Requirement]]) -> Iterator[Requirement]:
    """Yield what uv takes in place of a requirement: the versions, marker and URL of what overrides it."""
    if requirement.role is not Role.DECLARED or requirement.name not in instead:
        yield requirement
        return
    for each in instead[requirement.name]:
        yield replace(requirement, constraint=each.constraint, marker=each.marker, direct=each.direct)
