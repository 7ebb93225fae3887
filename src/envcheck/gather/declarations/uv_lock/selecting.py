"""What ``uv sync`` installs from a lock: the walk of uv-resolver's ``installable.rs``."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from envcheck.gather.declarations.uv_lock.choices import (
    Choices,
    depends_on_choices,
    extra_choice,
    group_choice,
    project_choice,
)
from envcheck.gather.declarations.uv_lock.manifests import default_groups, read_manifests
from envcheck.gather.declarations.uv_lock.packages import Edge, Package
from envcheck.gather.documents.toml_values import table, tables, text, texts
from envcheck.model.constraints import pep440
from envcheck.model.locks import Selection, Target
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.readings import RawFile

if TYPE_CHECKING:
    from envcheck.gather.declarations.uv_lock.lock import UvLock

_MANY_WAYS = 16
_Visit = tuple[Package, str]
"""A package, and the extra of it that is followed; empty for the package itself."""


def select(lock: UvLock, target: Target, manifests: tuple[RawFile, ...]) -> Selection:
    """Return the packages that what is chosen in the target leads to."""
    own = frozenset((*lock.members, *((lock.root.name,) if lock.root else ())))
    defaults, pythons = _group_settings(lock, manifests)
    groups = {*map(normalize, target.groups), *(defaults if target.default_groups else ())}
    narrower = {group: python for group, python in pythons.items() if group in groups or "*" in groups}
    if words := _uncovered(lock, target, narrower):
        return Selection((), own, words)
    walk = _Walk(lock, Choices(target.markers), frozenset(map(normalize, target.extras)), groups)
    entries = [package.entry for package in walk.packages() if package.kind != "virtual"]
    return Selection(tuple(sorted(entries, key=lambda entry: (entry.name, entry.place))), own)


def _uncovered(lock: UvLock, target: Target, narrower: Mapping[str, str]) -> str:
    """Return why the lock is for other targets, empty when it is for this one.

    ``narrower`` are the Pythons of wanted groups that are for some of the lock's Pythons only.
    """
    python = _release(target.markers.get("python_full_version") or target.python)
    wanted = text(lock.recorded.get("requires-python"))
    if not _allows(wanted, python):
        return f"made for Python {wanted}"
    for group, specifier in narrower.items():
        if not _allows(specifier, python):
            return f"its group {group} is for Python {specifier}"
    supported = texts(lock.recorded.get("supported-markers"))
    choices = Choices(target.markers)
    if supported and not any(map(choices.holds, supported)):
        return f"made for {' or '.join(supported)}"
    return ""


def _allows(specifier: str, python: str) -> bool:
    try:
        return not python or pep440(specifier).allows(python)
    except ValueError:
        return True


def _release(python: str) -> str:
    """Return the release that a pre-release of Python becomes: uv counts it as that (``RequiresPython::contains``)."""
    found = re.match(r"\d+(?:\.\d+)*", python)
    return found[0] if found else python


def _group_settings(lock: UvLock, manifests: tuple[RawFile, ...]) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the groups that uv installs by itself, ``*`` for all, and the Pythons of groups that are for some only.

    The manifest tells, or what the lock recorded of it where there is none.
    """
    if lock.is_of_script:
        return (), {}
    root = read_manifests(manifests).get(lock.made_from[0])
    if root:
        return default_groups(root.uv), root.group_pythons()
    recorded = lock.root.recorded if lock.root else table(lock.recorded.get("manifest"))
    pythons: dict[str, str] = {}
    for group, value in table(recorded.get("group-requires-python")).items():
        pythons[normalize(group)] = text(value)
    return default_groups(recorded), pythons


class _Walk(Struct):
    """Goes from what is wanted to all that it requires; the group ``*`` means all groups."""

    lock: UvLock
    choices: Choices
    extras: frozenset[str]
    groups: set[str]
    named: dict[tuple[NormalizedName, str], list[Package]] = field(default_factory=dict)
    """Packages by name and version, and by name with an empty version."""
    meant: dict[tuple[object, ...], Package | None] = field(default_factory=dict)

    def packages(self) -> list[Package]:
        """Return what is reached, each package once."""
        for package in self.lock.packages:
            for version in {"", package.version}:
                self.named.setdefault((package.name, version), []).append(package)
        roots = self._roots()
        if self.lock.recorded.get("conflicts"):
            self._choose(roots)
        reached: dict[int, Package] = {}
        seen: set[tuple[int, str]] = set()
        queue = deque(self._starts(roots))
        for edge in self._direct_edges(roots):
            if self.choices.holds(edge.marker):
                queue.extend(self._visits(edge))
        while queue:
            package, extra = queue.popleft()
            if (id(package), extra) in seen:
                continue
            seen.add((id(package), extra))
            reached[id(package)] = package
            for edge in package.extras.get(extra, ()) if extra else package.edges:
                if self.choices.holds(edge.marker):
                    queue.extend(self._visits(edge))
        return list(reached.values())

    def _roots(self) -> list[Package]:
        """Return the project, or all members of a workspace whose root is no project."""
        root = self.lock.root
        if root:
            return [root]
        return [package for name in self.lock.members for package in self.named.get((name, ""), ())[:1]]

    def _is_wanted(self, group: str) -> bool:
        return group in self.groups or "*" in self.groups

    def _starts(self, roots: Iterable[Package]) -> Iterator[_Visit]:
        for root in roots:
            yield root, ""
            yield from ((root, extra) for extra in root.extras if extra in self.extras)

    def _direct_edges(self, roots: Iterable[Package]) -> Iterator[Edge]:
        """Yield what is wanted beside the roots: groups, and what belongs to a script or a workspace as such."""
        for root in roots:
            for group, edges in root.groups.items():
                if self._is_wanted(group):
                    yield from edges
        manifest = table(self.lock.recorded.get("manifest"))
        entries = list(tables(manifest.get("requirements")))
        for group, members in table(manifest.get("dependency-groups")).items():
            if self._is_wanted(normalize(group)):
                entries += tables(members)
        for each in entries:
            extras = tuple(map(normalize, texts(each.get("extras"))))
            yield Edge(normalize(text(each.get("name"))), text(each.get("marker")), extras)

    def _visits(self, edge: Edge) -> Iterator[_Visit]:
        package = self._meant(edge)
        if package:
            yield package, ""
            yield from ((package, extra) for extra in edge.extras)

    def _meant(self, edge: Edge) -> Package | None:
        """Return the package that an edge means; where its name alone is given, that of the fork that holds here."""
        key = (edge.name, edge.version, edge.origin)
        if key not in self.meant:
            found = self.named.get((edge.name, edge.version), [])
            if len(found) > 1 and edge.origin:
                found = [package for package in found if package.origin == edge.origin]
            if len(found) > 1:
                found = [each for each in found if not each.markers or any(map(self.choices.holds, each.markers))]
            self.meant[key] = found[0] if found else None
        return self.meant[key]

    def _choose(self, roots: list[Package]) -> None:
        """Note all projects, extras and groups that are wanted, also those that what is reached wants itself."""
        chosen = self.choices.chosen
        for root in roots:
            chosen.add(project_choice(root.name))
            chosen.update(extra_choice(root.name, extra) for extra in root.extras if extra in self.extras)
            chosen.update(group_choice(root.name, group) for group in root.groups if self._is_wanted(group))
        ways: dict[tuple[int, str], set[frozenset[str]]] = {}
        queue: deque[_Visit] = deque()
        for package, extra in self._starts(roots):
            ways[id(package), extra] = {frozenset()}
            queue.append((package, extra))
        for edge in self._direct_edges(roots):
            self._follow(edge, {frozenset()}, ways, queue)
        while queue:
            package, extra = queue.popleft()
            here = set(ways[id(package), extra])
            for edge in package.extras.get(extra, ()) if extra else package.edges:
                self._follow(edge, here, ways, queue)

    def _follow(
        self,
        edge: Edge,
        here: set[frozenset[str]],
        ways: dict[tuple[int, str], set[frozenset[str]]],
        queue: deque[_Visit],
    ) -> None:
        """Go along an edge if it holds together with one of the ways that lead to where it begins.

        uv shortens the conditions of an edge by what must hold before it is reached, so they mean little alone.
        """
        also = [extra_choice(edge.name, extra) for extra in edge.extras]
        own = frozenset((edge.marker,)) if depends_on_choices(edge.marker) else frozenset()
        further = {way | own for way in here if all(self.choices.holds(each, also) for each in way)}
        if not further or not self.choices.holds(edge.marker, also):
            return
        self.choices.chosen.update(also)
        for package, extra in self._visits(edge):
            known = ways.setdefault((id(package), extra), set())
            new = {way for way in further if not any(old <= way for old in known)}
            if new and len(known) < _MANY_WAYS:
                known.update(new)
                queue.append((package, extra))
