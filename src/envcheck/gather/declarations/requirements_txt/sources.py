"""The files that a compiled file was made from, as they are now → what they want."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from envcheck.gather.declarations.requirements_txt import NAME
from envcheck.gather.documents import ini_lines, toml_tables
from envcheck.gather.documents.pep508 import read_requirement
from envcheck.gather.documents.reqfile import Origin, read_requirements
from envcheck.gather.documents.text import decode
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.readings import Problem, RawFile, ReferenceKind
from envcheck.model.requirements import Requirement, Role

_CONSTRAINTS = Origin(Place(""), NAME, Role.CONSTRAINT)


class Wish(Struct, frozen=True):
    """A requirement of a source; ``certain`` unless it is in an extra or group that may not have been asked for."""

    requirement: Requirement
    certain: bool = True

    @property
    def source(self) -> str:
        """The path of the file that names it."""
        return self.requirement.place.path


class Asked(Struct, frozen=True):
    """What of a project's tables was asked for; without ``exactly``, more extras and groups may have been.

    ``groups`` are pairs of a file and the name of a group in it, ``main`` the files whose own dependencies count.
    """

    extras: frozenset[str] = frozenset()
    all_extras: bool = False
    groups: frozenset[tuple[str, str]] = frozenset()
    main: frozenset[str] = frozenset()


class Wanted(Struct):
    """What sources want; ``is_whole`` while all of it could be read."""

    wishes: list[Wish] = field(default_factory=list)
    constraints: list[Requirement] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)
    projects: set[NormalizedName] = field(default_factory=set)
    is_whole: bool = True


def read_wishes(roots: Iterable[str], files: Mapping[str, RawFile], asked: Asked) -> Wanted:
    """Return what the files at ``roots`` want, and those that they include by ``-r`` and ``-c``."""
    wanted = Wanted()
    for path in roots:
        name = posixpath.basename(path)
        if name.endswith(".toml"):
            _Tables(path, decode(files[path].data).text, asked, wanted).read()
        elif name.endswith(".cfg"):
            _read_sections(files[path], asked, wanted)
        elif name.endswith(".py"):
            wanted.is_whole = False
        else:
            _read_lines(path, files, wanted)
        wanted.reached.add(path)
    return wanted


def read_constraints(paths: Iterable[str], files: Mapping[str, RawFile]) -> list[Requirement]:
    """Return the entries of files that only limit versions, or override them."""
    found = []
    for path in paths:
        origin = Origin(Place(path, 0, 1, 1), NAME, Role.CONSTRAINT)
        found += read_requirements(decode(files[path].data).text, origin).requirements
    return found


def _read_lines(root: str, files: Mapping[str, RawFile], wanted: Wanted) -> None:
    """Read a file of lines and those that it includes, each once."""
    pending, seen = [(root, Role.DECLARED)], set[tuple[str, Role]]()
    while pending:
        path, role = pending.pop()
        if (path, role) in seen or (role is Role.DECLARED and path in wanted.reached):
            continue
        seen.add((path, role))
        found = read_requirements(decode(files[path].data).text, Origin(Place(path, 0, 1, 1), NAME, role))
        wanted.is_whole &= not found.problems and not any(r.template for r in found.requirements)
        if role is Role.CONSTRAINT:
            wanted.constraints += found.requirements
        else:
            wanted.reached.add(path)
            wanted.wishes += map(Wish, found.requirements)
        for reference in found.references:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), reference.target.replace("\\", "/")))
            if target in files:
                limits = role is Role.CONSTRAINT or reference.kind is ReferenceKind.CONSTRAINTS
                pending.append((target, Role.CONSTRAINT if limits else Role.DECLARED))
            else:
                wanted.is_whole = False


class _Tables(Struct):
    """Reads the tables of a pyproject.toml."""

    path: str
    text: str
    asked: Asked
    wanted: Wanted
    document: toml_tables.Document = field(default_factory=toml_tables.Document)
    located: dict[toml_tables.Path, tuple[int, int]] = field(default_factory=dict)
    own: NormalizedName = NormalizedName("")

    def read(self) -> None:
        """Add what was asked for, and what may have been."""
        self.document = toml_tables.parse(self.text)
        project = self.document.table("project")
        name, dynamic = project.get("name"), project.get("dynamic")
        if self.document.fault or not project or (isinstance(dynamic, list) and "dependencies" in dynamic):
            self.wanted.is_whole = False
        if self.document.fault:
            return
        self.located = toml_tables.places(self.text)
        if isinstance(name, str):
            self.own = normalize(name)
            self.wanted.projects.add(self.own)
        self._list(project.get("dependencies"), ("project", "dependencies"), certain=self.path in self.asked.main)
        extras = self._extras()
        for extra, entries in self.document.table("project", "optional-dependencies").items():
            certain = self.path in self.asked.main and (self.asked.all_extras or normalize(extra) in extras)
            self._list(entries, ("project", "optional-dependencies", extra), certain=certain)
        groups = self._groups()
        for group, entries in self.document.table("dependency-groups").items():
            self._list(entries, ("dependency-groups", group), certain=normalize(group) in groups)

    def _extras(self) -> set[str]:
        """Return the extras that were asked for, with those that they ask for themselves (``name[extra]``)."""
        optional = {normalize(k): v for k, v in self.document.table("project", "optional-dependencies").items()}
        pending, seen = [*self.asked.extras], set[str]()
        lists = [self.document.table("project").get("dependencies")]
        while pending or lists:
            if pending:
                extra = normalize(pending.pop())
                if extra not in seen:
                    seen.add(extra)
                    lists.append(optional.get(extra))
                continue
            entries = lists.pop()
            for entry in entries if isinstance(entries, list) else ():
                found = read_requirement(entry, _CONSTRAINTS, _CONSTRAINTS.place) if isinstance(entry, str) else None
                if isinstance(found, Requirement) and found.name == self.own:
                    pending += found.extras
        return seen

    def _groups(self) -> set[str]:
        """Return the groups that were asked for, with those that they include."""
        known = {normalize(k): v for k, v in self.document.table("dependency-groups").items()}
        pending, seen = [normalize(group) for path, group in self.asked.groups if path == self.path], set[str]()
        while pending:
            group = pending.pop()
            if group in seen:
                continue
            seen.add(group)
            entries = known.get(group)
            for entry in entries if isinstance(entries, list) else ():
                included = entry.get("include-group") if isinstance(entry, dict) else None
                if isinstance(included, str):
                    pending.append(normalize(included))
        return seen

    def _list(self, entries: object, path: toml_tables.Path, *, certain: bool) -> None:
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, str):
                place = Place(self.path, 0, *self.located.get((*path, index), (0, 0)))
                _keep(read_requirement(entry, Origin(place, NAME), place), self.own, self.wanted, certain=certain)


def _read_sections(file: RawFile, asked: Asked, wanted: Wanted) -> None:
    document = ini_lines.parse(decode(file.data).text)
    named = document.lines("metadata", "name")
    own = normalize(named[0].text) if named else NormalizedName("")
    wanted.projects |= {own} - {""}
    extras = document.sections.get("options.extras_require", {})
    lists = [("options", "install_requires", True)]
    lists += [("options.extras_require", e, asked.all_extras or normalize(e) in asked.extras) for e in extras]
    for section, option, certain in lists:
        lines = document.lines(section, option)
        if lines and lines[0].text.startswith("file:"):
            wanted.is_whole = False
            continue
        for piece in ini_lines.pieces(lines):
            place = Place(file.path, 0, piece.number, piece.column)
            found = read_requirement(piece.text, Origin(place, NAME), place)
            _keep(found, own, wanted, certain=certain and file.path in asked.main)


def _keep(found: Requirement | Problem, own: NormalizedName, wanted: Wanted, *, certain: bool) -> None:
    if isinstance(found, Problem):
        wanted.is_whole = False
    elif found.name != own:
        wanted.wishes.append(Wish(found, certain))
    wanted.is_whole &= not (isinstance(found, Requirement) and found.template)
