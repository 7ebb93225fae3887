"""The tables of a Pipfile → what they declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from envcheck.gather.declarations.pipfile import NAME
from envcheck.gather.documents.faults import encoding_problems
from envcheck.gather.documents.lock_texts import tables_in, text_in
from envcheck.gather.documents.pep508 import read_python
from envcheck.gather.documents.pipfile_tables import categories, read_spec, written
from envcheck.gather.documents.reqentry import InvalidEntry
from envcheck.gather.documents.reqfile import Origin, invalid, requirement
from envcheck.gather.documents.text import decode, ignores
from envcheck.gather.documents.toml_tables import Document, Path, parse, places
from envcheck.model.declarations import Declaration, Link, LinkKind
from envcheck.model.places import Place
from envcheck.model.readings import Problem, RawFile, Reading
from envcheck.model.requirements import Requirement

_KEYS = {"": "packages"}


def read_categories(file: RawFile) -> Reading[Declaration]:
    """Return what the categories declare and what is wrong in them."""
    text = decode(file.data)
    document = parse(text.text)
    if document.fault:
        problem = document.fault.problem(file.path, "correct the TOML: pipenv cannot read the file like this")
        return Reading(Declaration(file.path, NAME, governs=False, encoding=text.encoding), (problem,))
    reader = _Reader(file.path, text.text, document)
    reader.read()
    declaration = Declaration(
        file.path,
        NAME,
        tuple(reader.requirements),
        tuple(reader.python),
        tuple(reader.links()),
        governs=bool(reader.requirements or reader.python),
        encoding=text.encoding,
        ignores=ignores(text.text, file.path),
    )
    return Reading(declaration, (*encoding_problems(text, file.path), *reader.problems))


class _Reader(Struct):
    """Goes through the tables and keeps what it finds."""

    path: str
    text: str
    document: Document
    requirements: list[Requirement] = field(default_factory=list)
    python: list[Requirement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    located: dict[Path, int] | None = None
    lines: list[str] = field(default_factory=list)
    texts: Mapping[Path, tuple[int, int]] = field(default_factory=dict)

    def read(self) -> None:
        """Read all categories, and what is said of Python."""
        self._python(self.document.table("requires"))
        for group, table in categories(self.document.tables):
            for name, spec in table.items():
                place = self._place((_KEYS.get(group, group), name))
                try:
                    entry = read_spec(name, spec)
                except InvalidEntry as error:
                    self.problems.append(invalid(place, name, error.reason, error.remedy))
                    continue
                origin = Origin(place, NAME, group=group)
                raw, key = written(spec, entry, name)
                if key or isinstance(spec, str):  # a version stands there by itself
                    place = self._text_place((_KEYS.get(group, group), name, *key)) or place
                self.requirements.append(requirement(entry, raw, origin, place))

    def links(self) -> Iterator[Link]:
        """Yield the indexes, in order."""
        for number, source in enumerate(tables_in(self.document.tables, "source")):
            url = text_in(source, "url")
            if url:
                yield Link(LinkKind.INDEX, url, self._place(("source", number, "url")))

    def _python(self, requires: Mapping[str, object]) -> None:
        key, text = python_text(requires)
        if key:
            place = self._place(("requires", key))
            found = read_python(text, Origin(place, NAME), place)
            (self.problems if isinstance(found, Problem) else self.python).append(found)  # type: ignore[arg-type]

    def _text_place(self, path: Path) -> Place | None:
        """Return the place of a text, inside its quotes."""
        found = self.texts.get(path)
        return Place(self.path, 0, *found) if found else None

    def _place(self, path: Path) -> Place:
        """Return the place of a key: where the line begins that its value, or the first text of it, stands on."""
        if self.located is None:
            self.located = {}
            self.lines = self.text.split("\n")
            self.texts = places(self.text)
            for found, (line, _) in self.texts.items():
                for length in range(1, len(found) + 1):
                    self.located.setdefault(found[:length], line)
        line = self.located.get(path, 0)
        column = len(self.lines[line - 1]) - len(self.lines[line - 1].lstrip()) + 1 if line else 0
        return Place(self.path, 0, line, column)


def python_text(requires: Mapping[str, object]) -> tuple[str, str]:
    """Return the key that says which Python is required, and the specifier that it amounts to; empty for any."""
    for key, ending in (("python_full_version", ""), ("python_version", ".*")):
        version = text_in(requires, key).strip()
        if version and version != "*":
            return key, f"=={version}{ending}" if version[0].isdigit() and "*" not in version else version
    return "", ""
