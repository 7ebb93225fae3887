"""A pyproject.toml with the eyes of pdm: its groups, and what belongs to each of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from envcheck.gather.declarations.pdm_lock.entries import DEFAULT
from envcheck.gather.documents.lock_texts import text_in, texts_in
from envcheck.gather.documents.text import decode
from envcheck.gather.documents.toml_tables import Document, Path, parse
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.readings import RawFile

_SELF = re.compile(r"([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?\s*\Z")


class Line(Struct, frozen=True):
    """One text in a list of requirements, and where it stands in the tables."""

    text: str
    path: Path


class Project(Struct, frozen=True):
    """The tables of a pyproject.toml that pdm makes locks of."""

    path: str
    text: str
    document: Document
    groups: Mapping[str, list[tuple[Path, list[object]]]] = field(default_factory=dict)
    """The lists of each group by its normalised name: a group may have one in two tables."""
    optional: frozenset[str] = frozenset()

    @property
    def name(self) -> NormalizedName:
        """The normalised name of the project, empty without one."""
        return normalize(text_in(self.document.table("project"), "name"))

    @property
    def is_valid(self) -> bool:
        """Whether there is a ``[project]``; without one pdm reads what poetry or flit left there."""
        return bool(self.document.table("project"))

    @property
    def development(self) -> frozenset[str]:
        """The groups that pdm installs by itself beside the default one."""
        return frozenset(self.groups) - self.optional - {DEFAULT}

    @property
    def resolution(self) -> Mapping[str, object]:
        """``[tool.pdm.resolution]``."""
        return self.document.table("tool", "pdm", "resolution")

    @property
    def excludes(self) -> frozenset[str]:
        """The names that are never locked or installed."""
        return frozenset(map(normalize, texts_in(self.resolution, "excludes")))

    @property
    def members(self) -> tuple[str, ...]:
        """The patterns of the folders that belong to the workspace of this project."""
        return texts_in(self.document.table("tool", "pdm", "workspace"), "members")

    def lines(self, group: str) -> tuple[Line, ...]:
        """Return the requirements of a group and of those that it includes, the project's own name left out."""
        found: list[Line] = []
        pending, seen = [normalize(group)], {normalize(group)}
        while pending:
            for path, entries in self.groups.get(pending.pop(), ()):
                for index, entry in enumerate(entries):
                    included = self._included(entry)
                    pending += [name for name in included or () if name not in seen]
                    seen.update(included or ())
                    if included is None and isinstance(entry, str):
                        found.append(Line(entry, (*path, index)))
        return tuple(found)

    def _included(self, entry: object) -> tuple[NormalizedName, ...] | None:
        """Return the groups that an entry stands for, ``None`` when it is a requirement."""
        if isinstance(entry, dict):
            return (normalize(text_in(entry, "include-group")),)
        own = _SELF.match(entry) if isinstance(entry, str) and self.name else None
        if own is None or normalize(own[1]) != self.name:
            return None
        return tuple(normalize(extra.strip()) for extra in (own[2] or "").split(",") if extra.strip())


def read_project(file: RawFile) -> Project | None:
    """Return what pdm reads of a pyproject.toml, ``None`` when it is no TOML."""
    text = decode(file.data).text
    document = parse(text)
    if document.fault:
        return None
    groups: dict[str, list[tuple[Path, list[object]]]] = {DEFAULT: []}
    optional = document.table("project", "optional-dependencies")
    for path, entries in _lists(document):
        name = DEFAULT if path == ("project", "dependencies") else normalize(str(path[-1]))
        groups.setdefault(name, []).append((path, entries))
    return Project(file.path, text, document, groups, frozenset(map(normalize, optional)))


def _lists(document: Document) -> Iterator[tuple[Path, list[object]]]:
    dependencies = document.table("project").get("dependencies")
    if isinstance(dependencies, list):
        yield ("project", "dependencies"), dependencies
    for keys in (("project", "optional-dependencies"), ("dependency-groups",), ("tool", "pdm", "dev-dependencies")):
        for group, entries in document.table(*keys).items():
            yield (*keys, group), entries if isinstance(entries, list) else []


def project_of(manifests: Iterable[RawFile], path: str) -> Project | None:
    """Return the project whose pyproject.toml is among the manifests."""
    return next((read_project(file) for file in manifests if file.path == path), None)
