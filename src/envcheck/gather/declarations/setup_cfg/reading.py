"""The sections of a setup.cfg → what they declare."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from envcheck.gather.declarations.setup_cfg import NAME
from envcheck.gather.documents.faults import encoding_problems
from envcheck.gather.documents.ini_lines import Document, Line, parse, pieces
from envcheck.gather.documents.lock_texts import conflict
from envcheck.gather.documents.pep508 import read_python, read_requirement
from envcheck.gather.documents.reqfile import Origin
from envcheck.gather.documents.text import decode, ignores
from envcheck.model.declarations import Declaration
from envcheck.model.names import normalize
from envcheck.model.places import Place
from envcheck.model.readings import Problem, RawFile, Reading, Reference, ReferenceKind
from envcheck.model.requirements import Requirement

_FILE = re.compile(r"[^,\s][^,]*")


def read_sections(file: RawFile) -> Reading[Declaration]:
    """Return what the sections declare and what is wrong in them."""
    text = decode(file.data)
    document = parse(text.text)
    reader = _Reader(file.path)
    reader.read(document)
    named = document.lines("metadata", "name")
    declaration = Declaration(
        file.path,
        NAME,
        tuple(reader.requirements),
        tuple(reader.python),
        governs=bool(reader.requirements or reader.python or reader.references),
        project=normalize(named[0].text) if named else "",
        encoding=text.encoding,
        ignores=ignores(text.text, file.path),
    )
    left = conflict(text.text)
    found = (left,) if left else document.faults
    faults = tuple(fault.problem(file.path, "setuptools refuses it like this") for fault in found)
    problems = (*faults, *encoding_problems(text, file.path), *reader.problems)
    return Reading(declaration, problems, tuple(reader.references))


class _Reader(Struct):
    path: str
    requirements: list[Requirement] = field(default_factory=list)
    python: list[Requirement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)

    def read(self, document: Document) -> None:
        """Read the options that setuptools makes requirements of."""
        for line in document.lines("options", "python_requires")[:1]:
            self._keep(read_python(line.text, self._origin(""), self._place(line)), self.python)
        self._list(document.lines("options", "install_requires"), "")
        for extra in document.sections.get("options.extras_require", {}):
            self._list(document.lines("options.extras_require", extra), extra)

    def _list(self, lines: list[Line], group: str) -> None:
        if lines and lines[0].text.startswith("file:"):
            self.references += self._files(lines)
            return
        for piece in pieces(lines):
            self._keep(read_requirement(piece.text, self._origin(group), self._place(piece)), self.requirements)

    def _files(self, lines: list[Line]) -> Iterator[Reference]:
        for line in lines:
            start = len("file:") if line is lines[0] else 0
            for match in _FILE.finditer(line.text, start):
                place = Place(self.path, 0, line.number, line.column + match.start())
                yield Reference(ReferenceKind.REQUIREMENTS, match[0].strip(), place)

    def _keep(self, found: Requirement | Problem, kept: list[Requirement]) -> None:
        if isinstance(found, Problem):
            self.problems.append(found)
        else:
            kept.append(found)

    def _origin(self, group: str) -> Origin:
        return Origin(Place(self.path), NAME, group=group)

    def _place(self, line: Line) -> Place:
        return Place(self.path, 0, line.number, line.column)
