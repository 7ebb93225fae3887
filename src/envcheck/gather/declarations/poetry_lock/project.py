"""The project that a lock belongs to: what Poetry begins with when it selects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from envcheck.gather.documents import poetry_project
from envcheck.gather.documents.poetry_entries import PoetryEntry, read_entry
from envcheck.gather.documents.poetry_project import MAIN, Standing
from envcheck.gather.documents.reqentry import InvalidEntry, parse_entry
from envcheck.gather.documents.text import decode
from envcheck.gather.documents.toml_tables import Document, parse
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.readings import RawFile


class Root(Struct, frozen=True):
    """What the project itself requires, in a group; ``extras`` of the project ask for it, when there are any."""

    name: NormalizedName
    group: NormalizedName
    found: PoetryEntry
    extras: tuple[NormalizedName, ...] = ()


class Project(Struct, frozen=True):
    """The tables of a pyproject.toml as Poetry sees them."""

    document: Document
    path: str
    name: NormalizedName
    is_package: bool
    groups: frozenset[NormalizedName]
    optional_groups: frozenset[NormalizedName]

    def chosen(self, groups: tuple[str, ...], *, by_default: bool) -> frozenset[NormalizedName]:
        """Return the groups to install: those asked for, the main one, and by default all that are not optional."""
        defaults = self.groups - self.optional_groups if by_default else frozenset((MAIN,))
        return defaults | frozenset(map(normalize, groups))

    def roots(self) -> Iterator[Root]:
        """Yield what the groups require, what they include as well."""
        roots: dict[NormalizedName, list[Root]] = {}
        for root in self._roots():
            roots.setdefault(root.group, []).append(root)
            yield root
        included = poetry_project.included_groups(self.document)
        for group in included:
            for other in _reachable(group, included) - {group}:
                yield from (Root(root.name, group, root.found, root.extras) for root in roots.get(other, ()))

    def python(self) -> str:
        """Return the Pythons that the project is for, in Poetry's grammar; Poetry's own table comes first."""
        own = self.document.table("tool", "poetry", "dependencies").get("python")
        given = self.document.table("project").get("requires-python")
        return next((text for text in (own, given) if isinstance(text, str)), "")

    def _roots(self) -> Iterator[Root]:
        extras: dict[NormalizedName, list[NormalizedName]] = {}
        for extra, names in poetry_project.extras_of(self.document).items():
            for added in names:
                extras.setdefault(added, []).append(extra)
        for one in poetry_project.written(self.document):
            name = normalize(one.name)
            if name == "python" or one.standing is Standing.IDLE:
                continue
            asking = tuple(extras.get(name, ())) if one.group == MAIN else ()
            try:
                yield Root(name, one.group, read_entry(one.name, one.value), asking)
            except InvalidEntry:
                continue
        project = self.document.table("project")
        yield from _texts(project.get("dependencies"), MAIN)
        for name_of_extra, entries in self.document.table("project", "optional-dependencies").items():
            yield from _texts(entries, MAIN, (normalize(name_of_extra),))
        for group, entries in self.document.table("dependency-groups").items():
            yield from _texts(entries, normalize(group))


def read_project(manifests: tuple[RawFile, ...]) -> Project | None:
    """Return the project of the manifests, ``None`` when there is none that can be read."""
    for manifest in manifests:
        if manifest.path.rpartition("/")[2] == "pyproject.toml":
            document = parse(decode(manifest.data).text)
            if document.fault is None:
                return Project(
                    document,
                    manifest.path,
                    poetry_project.name_of_project(document),
                    poetry_project.is_package(document),
                    poetry_project.groups_of(document),
                    poetry_project.optional_groups(document),
                )
    return None


def _texts(entries: object, group: NormalizedName, extras: tuple[NormalizedName, ...] = ()) -> Iterator[Root]:
    for text in entries if isinstance(entries, list) else ():
        if isinstance(text, str):
            try:
                entry = parse_entry(text)
            except InvalidEntry:
                continue
            if entry.name:
                yield Root(normalize(entry.name), group, PoetryEntry(entry, text, optional=bool(extras)), extras)


def _reachable(start: NormalizedName, edges: Mapping[NormalizedName, set[NormalizedName]]) -> frozenset[NormalizedName]:
    found, open_ = {start}, [start]
    while open_:
        new = edges.get(open_.pop(), set()) - found
        found |= new
        open_ += new
    return frozenset(found)
