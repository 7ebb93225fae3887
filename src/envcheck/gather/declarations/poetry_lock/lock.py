"""What a poetry.lock selects for a target, and whether it was made from the pyproject.toml beside it."""

from __future__ import annotations

from msgspec import Struct

from envcheck.gather.declarations.poetry_lock import NAME
from envcheck.gather.declarations.poetry_lock.conditions import allows, holds
from envcheck.gather.declarations.poetry_lock.content_hashes import content_hashes
from envcheck.gather.declarations.poetry_lock.departures import departures
from envcheck.gather.declarations.poetry_lock.locked import Locked
from envcheck.gather.declarations.poetry_lock.project import Project, Root, read_project
from envcheck.gather.declarations.poetry_lock.walk import Demand, Walk, Wish, choices_of
from envcheck.gather.documents.lock_texts import locked
from envcheck.gather.documents.reqentry import Entry
from envcheck.model.locks import Freshness, Manager, Selection, State, Target
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.readings import RawFile
from envcheck.model.requirements import DirectKind, DirectReference, Requirement

RENEW = "poetry lock"
_MANAGER = Manager("poetry", "poetry sync", RENEW)
# ``poetry sync`` is of 2.0, which locks without updating what it need not; it also took ``--no-update`` away.
_BEFORE_2 = Manager("poetry", "poetry install --sync", "poetry lock --no-update")
_NEWEST_WRITER = (2, 5)
"""The newest Poetry whose content hash is known."""


class Generation(Struct, frozen=True):
    """The version of a lock's format, and that of the Poetry that wrote it where the first line tells."""

    version: tuple[int, int]
    writer: tuple[int, ...] = ()

    @property
    def has_groups(self) -> bool:
        """Whether the entries say for which groups and markers they are."""
        return self.version >= (2, 1)

    @property
    def is_known(self) -> bool:
        """Whether the writer's content hash can be computed; what has no first line is older than any change of it."""
        return self.writer[:2] <= _NEWEST_WRITER


class PoetryLock(Struct, frozen=True):
    """A lock of Poetry's; ``extras`` are those of the project and the names they add, ``python`` is in its grammar."""

    path: str
    generation: Generation
    entries: tuple[Locked, ...]
    extras: tuple[tuple[NormalizedName, tuple[NormalizedName, ...]], ...] = ()
    python: str = ""
    content_hash: str = ""

    @property
    def manager(self) -> Manager:
        """Poetry and its commands, those of the version that wrote the lock."""
        return _MANAGER if self.generation.has_groups else _BEFORE_2

    @property
    def made_from(self) -> tuple[str, ...]:
        """The pyproject.toml beside the lock."""
        return (self.path.removesuffix(self.path.rpartition("/")[2]) + "pyproject.toml",)

    @property
    def knows_needs(self) -> bool:
        """True: every entry has its dependencies."""
        return True

    def select(self, target: Target, manifests: tuple[RawFile, ...]) -> Selection:
        """Return what ``poetry sync`` would install, the project itself included where it is a package.

        Without ``default_groups`` that is the main group and what the target names (``--only main,…``). Without a
        pyproject.toml nothing says which groups are optional, so none is.
        """
        project = read_project(manifests)
        own = frozenset((project.name,)) if project and project.name else frozenset()
        if not allows(self.python, target.python):
            return Selection((), own, f"made for Python {self.python}")
        select = self._by_markers if self.generation.has_groups else self._by_needs
        entries = [entry.requirement for entry in select(target, project)]
        if project and project.is_package and project.name:
            entries.append(_itself(project, self.path))
        return Selection(tuple(entries), own)

    def freshness(self, manifests: tuple[RawFile, ...]) -> Freshness:
        """Tell by the content hash whether the pyproject.toml is the one that was locked."""
        project = read_project(manifests)
        if project is None or not self.content_hash:
            return Freshness(State.UNKNOWN)
        writer = self.generation.writer
        hashes = content_hashes(
            project.document,
            before_2=not self.generation.has_groups,
            before_2_3=writer[:2] < (2, 3),
        )
        computed = list(hashes)
        if self.content_hash in computed:
            return Freshness(State.FRESH)
        if not computed or not self.generation.is_known:
            return Freshness(State.UNKNOWN)
        names = frozenset(entry.name for entry in self.entries)
        return Freshness(State.CHANGED, tuple(departures(project, names, self.extras, self.python)))

    def _by_markers(self, target: Target, project: Project | None) -> list[Locked]:
        extras = frozenset(map(normalize, target.extras))
        groups: frozenset[NormalizedName] | None = None
        if project:
            groups = project.chosen(target.groups, by_default=target.default_groups)
        elif not target.default_groups:
            groups = frozenset(map(normalize, ("main", *target.groups)))
        return [
            entry
            for entry in self.entries
            if any(
                (groups is None or group in groups) and holds(marker, target.markers, extras)
                for group, marker in entry.markers
            )
        ]

    def _by_needs(self, target: Target, project: Project | None) -> list[Locked]:
        walk = Walk(choices_of(self.entries, target.python), target.markers)
        names = walk.select(self._wish(target, project) if project else self._likely_wish(target))
        chosen = {id(entry) for name, entry in walk.chosen.items() if name in names}
        return [entry for entry in self.entries if id(entry) in chosen]

    def _wish(self, target: Target, project: Project) -> Wish:
        groups = project.chosen(target.groups, by_default=target.default_groups)
        extras = frozenset(map(normalize, target.extras))
        roots = [root for root in project.roots() if root.group in groups]
        return Wish(
            tuple(_demand(root) for root in roots if holds(root.found.entry.marker, target.markers, extras)),
            tuple(_demand(root) for root in roots if not root.found.optional),
            frozenset(root.name for root in roots if extras.intersection(root.extras)),
        )

    def _likely_wish(self, target: Target) -> Wish:
        """Return what nothing needs and what the extras add: without a pyproject.toml no more can be known."""
        needed = {name for entry in self.entries for name in entry.requirement.needs if name != entry.name}
        extras = frozenset(map(normalize, target.extras))
        names = {name for extra, names in self.extras if extra in extras for name in names}
        names |= {entry.name for entry in self.entries if not (entry.optional or entry.name in needed)}
        demands = tuple(Demand(name, Entry(name)) for name in sorted(names))
        return Wish(demands, demands)


def _demand(root: Root) -> Demand:
    return Demand(root.name, root.found.entry)


def _itself(project: Project, path: str) -> Requirement:
    # Poetry installs the project by a link to it, whatever its version is by now.
    itself = DirectReference(DirectKind.PATH, ".", editable=True)
    return locked(project.name, "", Place(path), NAME, direct=itself)
