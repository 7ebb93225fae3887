"""The document in an environment.yml → what it declares."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from envcheck.gather.declarations.environment_yml import NAME
from envcheck.gather.documents.conda_selectors import both, comment_marker, file_marker, key_marker
from envcheck.gather.documents.faults import Fault, encoding_problems
from envcheck.gather.documents.matchspec import MatchSpec, parse
from envcheck.gather.documents.reqfile import Origin, invalid, read_requirements
from envcheck.gather.documents.text import decode, ignores
from envcheck.gather.documents.yaml_events import compose
from envcheck.gather.documents.yaml_nodes import Mapping, Node, Scalar, Sequence
from envcheck.model.constraints import conda
from envcheck.model.declarations import Declaration, Link, LinkKind
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading, Reference
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role

_WORDS = re.compile(r"[-_. ]+")
_UNTOLD = frozenset(("environment", "env", "conda", "base", "main", "prod", "production", "64", "32", ""))
_TEMPLATE = re.compile(r"\{\{|\{%|\$\{|\$\(")
# Compiled with the first use, since few runs need it.
_BEGINNING = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_REMEDY = "write name, name=1.2, name==1.2.3 or name>=1.2,<2; what comes from PyPI stands below pip:"


def read_document(file: RawFile) -> Reading[Declaration]:
    """Return what the document declares and what is wrong in it."""
    text = decode(file.data)
    document = compose(text.text)
    problems = [fault.problem(file.path, "conda refuses it like this") for fault in document.faults]
    problems += encoding_problems(text, file.path)
    empty = Declaration(file.path, NAME, governs=False, encoding=text.encoding)
    root = document.root
    if not isinstance(root, Mapping):
        if not document.faults:
            what = "the file is empty" if root is None else "no name, channels and dependencies stand here"
            problems.append(Fault(what, 1, 1).problem(file.path, "write dependencies: and a list below it"))
        return Reading(empty, tuple(problems))
    if root.get("dependencies") is None:
        return Reading(empty)
    group, marker = _told_by_name(file.path)
    reader = _Reader(file.path, text.text.splitlines(), _category(root) or group, marker)
    reader.read(root)
    declaration = replace(
        empty,
        requirements=tuple(reader.requirements),
        python=tuple(reader.python),
        links=(*_links(root, file.path), *reader.links),
        governs=True,
        ignores=ignores(text.text, file.path),
    )
    return Reading(declaration, (*problems, *reader.problems), tuple(reader.references))


def _told_by_name(path: str) -> tuple[str, str]:
    """Return the group and the marker that a file's name tells: ``environment-dev.yml``, ``environment_win.yml``."""
    stem = path.lower().rpartition("/")[2].rpartition(".")[0]
    words = [word for word in _WORDS.split(stem) if word not in _UNTOLD]
    markers = [file_marker(word) for word in words if file_marker(word)]
    return "-".join(word for word in words if not file_marker(word)), (markers[0] if markers else "")


def file_group(path: str, root: Node | None) -> str:
    """Return the group that all requirements of a file belong to."""
    category = _category(root) if isinstance(root, Mapping) else ""
    return category or _told_by_name(path)[0]


def _category(root: Mapping) -> str:
    # conda-lock: a whole source file may belong to a category; main is what everybody gets.
    category = root.get("category")
    return category.text if isinstance(category, Scalar) and category.text != "main" else ""


def _links(root: Mapping, path: str) -> Iterator[Link]:
    channels, prefix = root.get("channels"), root.get("prefix")
    for channel in channels.nodes if isinstance(channels, Sequence) else ():
        if isinstance(channel, Scalar) and channel.text not in ("", "nodefaults"):
            yield Link(LinkKind.CHANNEL, channel.text, _place(path, channel))
    if isinstance(prefix, Scalar) and prefix.text:
        yield Link(LinkKind.PREFIX, prefix.text, _place(path, prefix))


def _place(path: str, node: Node) -> Place:
    return Place(path, 0, node.line, node.column)


class _Reader(Struct):
    """Goes through ``dependencies`` and keeps what it finds; ``group`` and ``marker`` hold for the whole file."""

    path: str
    lines: list[str]
    group: str
    marker: str
    requirements: list[Requirement] = field(default_factory=list)
    python: list[Requirement] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def read(self, root: Mapping) -> None:
        """Read every entry of ``dependencies``."""
        dependencies = root.get("dependencies")
        if isinstance(dependencies, Sequence):
            for node in dependencies.nodes:
                self._entry(node, self.marker)
        elif isinstance(dependencies, Mapping) or (isinstance(dependencies, Scalar) and dependencies.text):
            self._refuse(dependencies, "dependencies: is no list", "begin every entry with a dash")

    def _entry(self, node: Node, marker: str) -> None:
        match node:
            case Scalar():
                self._spec(node, marker)
            case Mapping() if self._is_new(node):
                for key, value in node.pairs:
                    self._keyed(key, value, marker)
                if not node.pairs:
                    self._refuse(node, "neither a match spec nor pip: (a template that was not rendered?)", _REMEDY)
            case Sequence():
                self._refuse(node, "a list in the list", "put its entries into the list itself")

    def _is_new(self, node: Node) -> bool:
        # An alias stands for the same node again: reading it twice says nothing new, and bombs are made of that.
        new = id(node) not in self.seen
        self.seen.add(id(node))
        return new

    def _keyed(self, key: Scalar, value: Node, marker: str) -> None:
        selected = key_marker(key.text)
        if key.text == "pip" and isinstance(value, Sequence):
            for node in value.nodes if self._is_new(value) else ():
                self._pip(node, marker)
        elif selected and isinstance(value, Scalar):
            self._spec(value, both(marker, selected))
        elif key.text != "pip" or not isinstance(value, Scalar) or value.text:
            remedy = "only pip: may have a list of its own"
            self.problems.append(invalid(_place(self.path, key), key.text, "no match spec", remedy))

    def _spec(self, scalar: Scalar, marker: str) -> None:
        marker = both(marker, comment_marker(self._rest_of_line(scalar)))
        place = _place(self.path, scalar)
        try:
            template = _TEMPLATE.search(scalar.text) is not None
            spec = _unrendered(scalar.text) if template else parse(scalar.text)
            requirement = replace(self._requirement(spec, place, marker), template=template)
        except ValueError as error:
            self.problems.append(invalid(place, scalar.text or "-", str(error), _REMEDY))
            return
        if requirement.name == "python":
            self.python.append(requirement)
        elif not requirement.name.startswith("__"):  # CEP 30: what the machine is, not what is installed
            self.requirements.append(requirement)

    def _requirement(self, spec: MatchSpec, place: Place, marker: str) -> Requirement:
        return Requirement(
            NormalizedName(spec.name),
            spec.text,
            Ecosystem.CONDA,
            place,
            conda(spec.version, spec.build, text=spec.written),
            Role.DECLARED,
            NAME,
            self.group,
            marker,
            direct=DirectReference(DirectKind.URL, spec.url) if spec.url else None,
            channel=spec.channel,
            shown_name=spec.shown_name or spec.name,
        )

    def _pip(self, node: Node, marker: str) -> None:
        if not isinstance(node, Scalar):
            self._refuse(node, "no requirement", "put it in quotes: YAML takes it for something else")
            return
        marker = both(marker, comment_marker(self._rest_of_line(node)))
        text, column = (_indented(node), 1) if node.block else (node.text, node.column)
        found = read_requirements(text, Origin(Place(self.path, 0, node.line, column), NAME, group=self.group))
        self.requirements += (replace(r, marker=both(marker, r.marker)) for r in found.requirements)
        self.links += found.links
        self.problems += found.problems
        self.references += found.references

    def _rest_of_line(self, scalar: Scalar) -> str:
        line = self.lines[scalar.line - 1] if scalar.line <= len(self.lines) else ""
        return "" if scalar.block else line[scalar.column - 1 + len(scalar.text) :]

    def _refuse(self, node: Node, message: str, remedy: str) -> None:
        self.problems.append(Problem(ProblemKind.INVALID_REQUIREMENT, _place(self.path, node), message, remedy))


def _indented(block: Scalar) -> str:
    """Return the lines of a block scalar as they stand in the file."""
    from textwrap import indent

    return indent(block.text, " " * (block.column - 1))


def _unrendered(text: str) -> MatchSpec:
    """Return the spec of a text with a template in it: no more than its name is known."""
    name = re.match(_BEGINNING, text.rpartition("::")[2].lstrip())
    if not name:
        raise ValueError("a template that was not rendered")
    return MatchSpec(name[0].lower(), text=text, shown_name=name[0])
