"""The tables of a pyproject.toml → what they declare."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from msgspec import Struct, field

from envcheck.gather.declarations.pyproject import NAME
from envcheck.gather.declarations.pyproject.pdm_tables import read_pdm, with_overrides
from envcheck.gather.documents.faults import encoding_problems
from envcheck.gather.documents.pep508 import read_python, read_requirement
from envcheck.gather.documents.reqfile import Origin
from envcheck.gather.documents.text import Text, decode, ignores
from envcheck.gather.documents.toml_tables import Document, Path, parse, places
from envcheck.model.declarations import Declaration, Link
from envcheck.model.names import normalize
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading, Reference, ReferenceKind
from envcheck.model.requirements import Requirement

# Tables that hold requirements of environments that the tool makes for itself.
_OTHERS = (("hatch", "envs"),)


def read_tables(file: RawFile) -> Reading[Declaration]:
    """Return what the tables declare and what is wrong in them."""
    text = decode(file.data)
    document = parse(text.text)
    if document.fault:
        problem = document.fault.problem(file.path, "correct the TOML: no tool can read the file like this")
        return Reading(Declaration(file.path, NAME, governs=False, encoding=text.encoding), (problem,))
    reader = _Reader(file.path, text.text, document)
    reader.read()
    declaration = Declaration(
        file.path,
        NAME,
        tuple(reader.requirements),
        tuple(reader.python),
        tuple(reader.links),
        governs=bool(reader.requirements or reader.python or reader.references or reader.unread),
        unread=reader.unread,
        project=reader.project,
        encoding=text.encoding,
        ignores=ignores(text.text, file.path),
    )
    problems = (*encoding_problems(text, file.path), *reader.problems, *_others(document, text, file.path))
    return Reading(declaration, problems, tuple(reader.references))


def _others(document: Document, text: Text, path: str) -> Iterator[Problem]:
    """Yield a problem for each tool whose own tables hold requirements."""
    for tool in dict.fromkeys(tool for tool, table in _OTHERS if document.table("tool", tool, table)):
        header = re.search(rf"^[ \t]*\[+[ \t]*tool[ \t]*\.[ \t]*{tool}\b", text.text, re.MULTILINE)
        line = text.text.count("\n", 0, header.end()) + 1 if header else 0
        yield Problem(
            ProblemKind.NOT_READ,
            Place(path, 0, line),
            f"[tool.{tool}] is not read: the environments are the tool's own",
        )


class _Reader(Struct):
    """Goes through the tables and keeps what it finds."""

    path: str
    text: str
    document: Document
    project: str = ""
    requirements: list[Requirement] = field(default_factory=list)
    python: list[Requirement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    unread: bool = False
    located: dict[Path, tuple[int, int]] | None = None

    def read(self) -> None:
        """Read all the tables of this dialect."""
        project = self.document.table("project")
        name = project.get("name")
        self.project = normalize(name) if isinstance(name, str) else ""
        self._python(project)
        self._list(project.get("dependencies", []), ("project", "dependencies"), "")
        for extra, entries in self.document.table("project", "optional-dependencies").items():
            self._list(entries, ("project", "optional-dependencies", extra), extra)
        self._groups(self.document.table("dependency-groups"))
        if self.document.table("tool", "pdm"):
            for found in read_pdm(self.document, self._place):
                self._keep(found, self.requirements)
            self.requirements = list(with_overrides(self.requirements, self.document))
        dynamic = project.get("dynamic")
        if isinstance(dynamic, list):
            self._dynamic(dynamic)
        if self.document.table("tool", "uv"):
            self._uv()
        if self.document.table("tool", "pixi"):
            self._pixi()
        if self.document.table("tool", "poetry"):
            self._poetry()

    def _uv(self) -> None:
        from envcheck.gather.declarations.pyproject.uv_tables import read_uv, understood

        tables = read_uv(self.document, self._place)
        for found in tables.found:
            self._keep(found, self.requirements)
        self.links += tables.links
        self.requirements = understood(self.requirements, tables.overrides, self.document)

    def _pixi(self) -> None:
        from envcheck.gather.documents.pixi_declared import declared

        found = declared(self.document, self.text, self.path, NAME, ("tool", "pixi"))
        for requirement in found.requirements:
            self._keep(requirement, self.requirements)
        self.python += found.python
        self.links += found.links
        self.problems += found.problems
        self.unread = found.unread

    def _poetry(self) -> None:
        from envcheck.gather.declarations.pyproject.poetry_tables import read_poetry

        tables = read_poetry(self.document, self._place)
        self.project = self.project or tables.project
        for found in tables.found:
            self._keep(found, self.requirements)
        for found in tables.python:
            self._keep(found, self.python)
        self.links += tables.links

    def _python(self, project: Mapping[str, object]) -> None:
        wanted = project.get("requires-python")
        if isinstance(wanted, str):
            place = self._place(("project", "requires-python"))
            self._keep(read_python(wanted, Origin(place, NAME), place), self.python)

    def _list(self, entries: object, path: Path, group: str) -> None:
        if not isinstance(entries, list):
            self._refuse(path, "no list of requirements")
            return
        for index, entry in enumerate(entries):
            here = (*path, index)
            if isinstance(entry, str):
                place = self._place(here)
                self._keep(read_requirement(entry, Origin(place, NAME, group=group), place), self.requirements)
            elif path[0] != "dependency-groups" or not _included(entry):
                self._refuse(here, "no requirement: a text is wanted")

    def _groups(self, groups: Mapping[str, object]) -> None:
        known: dict[str, str] = {}
        for group, entries in groups.items():
            path = ("dependency-groups", group)
            if normalize(group) in known:
                self._refuse(path, f"the same group as {known[normalize(group)]}")
            known[normalize(group)] = group
            self._list(entries, path, group)
        self._includes(groups, known)

    def _includes(self, groups: Mapping[str, object], known: Mapping[str, str]) -> None:
        """Check what the groups include: their requirements are there already, each in its own group."""
        graph: dict[str, list[str]] = {}
        for group, entries in groups.items():
            for index, entry in enumerate(entries if isinstance(entries, list) else ()):
                target = _included(entry)
                if target and normalize(target) not in known:
                    self._refuse(("dependency-groups", group, index), f"there is no group {target}")
                elif target:
                    graph.setdefault(group, []).append(known[normalize(target)])
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            cycle = error.args[1]
            self._refuse(("dependency-groups", cycle[-1]), f"groups include each other: {' → '.join(reversed(cycle))}")

    def _dynamic(self, dynamic: list[object]) -> None:
        """Read which files setuptools takes dependencies from."""
        base = ("tool", "setuptools", "dynamic")
        if "dependencies" in dynamic:
            self._files((*base, "dependencies"))
        if "optional-dependencies" in dynamic:
            for extra in self.document.table(*base, "optional-dependencies"):
                self._files((*base, "optional-dependencies", extra))

    def _files(self, path: tuple[str, ...]) -> None:
        files = self.document.table(*path).get("file")
        here: Path = (*path, "file")
        for index, target in enumerate(files if isinstance(files, list) else [files]):
            if isinstance(target, str):
                place = self._place((*here, index) if isinstance(files, list) else here)
                self.references.append(Reference(ReferenceKind.REQUIREMENTS, target, place))

    def _keep(self, found: Requirement | Problem, kept: list[Requirement]) -> None:
        if isinstance(found, Problem):
            self.problems.append(found)
        elif not self.project or found.name != self.project:
            # ``name[extra]`` asks for extras of the project itself, and those are all here.
            kept.append(found)

    def _refuse(self, path: Path, message: str) -> None:
        shown = ".".join(str(key) for key in path if isinstance(key, str))
        remedy = "see the specification of pyproject.toml" if path[0] == "project" else "see PEP 735"
        place = self._place(path)
        self.problems.append(Problem(ProblemKind.INVALID_REQUIREMENT, place, f"{shown}: {message}", remedy))

    def _place(self, path: Path) -> Place:
        """Return the place of a string, or of the first one within when a table or list stands there."""
        if self.located is None:
            self.located = {}
            for found, position in places(self.text).items():
                for length in range(1, len(found) + 1):
                    self.located.setdefault(found[:length], position)
        return Place(self.path, 0, *self.located.get(path, (0, 0)))


def _included(entry: object) -> str:
    """Return the group that an entry of a dependency group includes, empty when it is no include."""
    if not isinstance(entry, dict) or list(entry) != ["include-group"]:
        return ""
    target = entry["include-group"]
    return target if isinstance(target, str) else ""
