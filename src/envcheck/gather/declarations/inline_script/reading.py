"""The TOML of a block → what it declares."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.gather.declarations.inline_script import NAME
from envcheck.gather.documents.pep508 import read_python, read_requirement
from envcheck.gather.documents.reqfile import Origin
from envcheck.gather.documents.toml_tables import Document, Path, parse, places
from envcheck.gather.documents.uv_sources import read_indexes, read_sources, sourced
from envcheck.model.declarations import Declaration, Link, LinkKind
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, Reading
from envcheck.model.requirements import Requirement, Role
from envcheck.model.usage import InlineScript

_CLOSE = "write it once: # /// script, lines that begin with # and a blank, # ///"
_CORRECT = "correct it: no tool runs the script like this"


def read_toml(block: InlineScript) -> Reading[Declaration]:
    """Return what a block declares, each requirement at its place in the source."""
    path = block.place.path
    if block.fault:
        return _refused(block.place, f"the block # /// script {block.fault}", _CLOSE)
    document = parse(block.text)
    if document.fault:
        place = _place(block, document.fault.line, document.fault.column)
        return _refused(place, f"the block # /// script is not TOML: {document.fault.message}", _CORRECT)
    reader = _Reader(block, document)
    requirements = tuple(reader.requirements())
    python = tuple(reader.python())
    links = tuple(reader.links())
    # What cannot be read may name anything, so that nothing may be called missing.
    declaration = Declaration(path, NAME, requirements, python, links, unread=bool(reader.problems))
    return Reading(declaration, tuple(reader.problems))


def _refused(place: Place, message: str, remedy: str) -> Reading[Declaration]:
    problem = Problem(ProblemKind.INVALID_REQUIREMENT, place, message, remedy)
    return Reading(Declaration(place.path, NAME, unread=True), (problem,))


def _place(block: InlineScript, line: int, column: int) -> Place:
    """Return the place of a character of the block's TOML in the source; every line of it follows ``# ``."""
    return block.place._replace(line=block.place.line + max(line, 1) - 1, column=column and column + 2)


class _Reader:
    """Goes through the tables of a block and keeps what its tools would refuse."""

    def __init__(self, block: InlineScript, document: Document) -> None:
        self._block = block
        self._document = document
        self._located = places(block.text)
        self._sources = read_sources(document.table("tool", "uv").get("sources"))
        self._indexes = read_indexes(document.table("tool", "uv").get("index"))
        self.problems: list[Problem] = []

    def requirements(self) -> Iterator[Requirement]:
        """Yield what the script needs, and the constraints that uv obeys."""
        for requirement in self._list(("dependencies",), Role.DECLARED):
            yield from sourced(requirement, self._sources, self._indexes)
        yield from self._list(("tool", "uv", "constraint-dependencies"), Role.CONSTRAINT)

    def python(self) -> Iterator[Requirement]:
        """Yield the demand on Python."""
        if "requires-python" not in self._document.tables:
            return
        wanted, place = self._document.tables["requires-python"], self._at(("requires-python",))
        if isinstance(wanted, str):
            yield from self._kept(read_python(wanted, Origin(place, NAME), place))
        else:
            self._refuse(place, "requires-python: a text is wanted")

    def links(self) -> Iterator[Link]:
        """Yield the indexes that uv asks."""
        path: Path
        uv = self._document.table("tool", "uv")
        extra, indexes = uv.get("extra-index-url"), uv.get("index")
        named: list[tuple[object, Path]] = [(uv.get("index-url"), ("tool", "uv", "index-url"))]
        for index, url in enumerate(extra if isinstance(extra, list) else ()):
            named.append((url, ("tool", "uv", "extra-index-url", index)))
        for index, table in enumerate(indexes if isinstance(indexes, list) else ()):
            named.append((table.get("url") if isinstance(table, dict) else None, ("tool", "uv", "index", index, "url")))
        for url, path in named:
            if isinstance(url, str):
                yield Link(LinkKind.INDEX, url, self._at(path))

    def _list(self, path: tuple[str, ...], role: Role) -> Iterator[Requirement]:
        entries = self._document.table(*path[:-1]).get(path[-1], [])
        if not isinstance(entries, list):
            self._refuse(self._at(path), f"{path[-1]}: a list of requirements is wanted")
            return
        for index, entry in enumerate(entries):
            place = self._at((*path, index))
            if isinstance(entry, str):
                yield from self._kept(read_requirement(entry, Origin(place, NAME, role), place))
            else:
                self._refuse(place, f"{path[-1]}: a requirement is a text")

    def _kept(self, found: Requirement | Problem) -> Iterator[Requirement]:
        if isinstance(found, Problem):
            self.problems.append(found)
        else:
            yield found

    def _at(self, path: Path) -> Place:
        """Return the place of a string; of what is no string, that of the block."""
        return _place(self._block, *self._located.get(path, (1, 0)))

    def _refuse(self, place: Place, message: str) -> None:
        self.problems.append(Problem(ProblemKind.INVALID_REQUIREMENT, place, message, _CORRECT))
