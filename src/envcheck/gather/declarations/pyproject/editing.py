"""Changes to a pyproject.toml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from envcheck.gather.declarations.pyproject.homes import home
from envcheck.gather.documents import pixi_edits
from envcheck.gather.documents.manifest_edits import Entry, Home, edit_manifest
from envcheck.gather.documents.pixi_tables import positions
from envcheck.gather.documents.poetry_constraints import poetry_constraint
from envcheck.gather.documents.poetry_entries import read_entry
from envcheck.gather.documents.poetry_project import written
from envcheck.gather.documents.reqentry import InvalidEntry
from envcheck.gather.documents.requirement_edits import TextGrammar, ValueGrammar, checked
from envcheck.gather.documents.toml_draft import Impossible, Step, Write
from envcheck.gather.documents.toml_tables import Document, Path
from envcheck.model.changes import Add, Change, Editing, Pin, Replace
from envcheck.model.constraints import pep440
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.readings import RawFile

_LISTS: tuple[Path, ...] = (
    ("project", "dependencies"),
    ("tool", "uv", "dev-dependencies"),
    ("tool", "uv", "constraint-dependencies"),
    ("tool", "uv", "override-dependencies"),
)
_GROUPS = (("project", "optional-dependencies"), ("dependency-groups",), ("tool", "pdm", "dev-dependencies"))
_PYTHON = NormalizedName("python")
_VERSION = ValueGrammar(poetry_constraint)


class PythonGrammar(Struct, frozen=True):
    """The Pythons that a project supports: which one it runs with is for the environment to say."""

    is_poetry: bool = False

    def pin(self, entry: Entry, change: Pin) -> Iterator[Step]:
        """Yield the step that writes the specifier; Poetry's without one is the series of the version."""
        wanted = change.specifier
        if not wanted and not self.is_poetry:
            reason = "requires-python says which Pythons the project supports"
            raise Impossible(reason, "give the range that it was tested with, like >=3.11,<3.12")
        if not wanted:
            numbers = change.version.split(".")
            wanted = ".".join((*numbers[:2], "*")) if len(numbers) > 2 else change.version
        checked(wanted, poetry_constraint if self.is_poetry else pep440)
        yield Write(entry.path, 0, len(entry.raw), wanted)

    def replace(self, entry: Entry, change: Replace) -> Iterable[Step]:
        """Return the step that writes a specifier."""
        checked(change.text, poetry_constraint if self.is_poetry else pep440)
        return (Write(entry.path, 0, len(entry.raw), change.text),)


class Tables:
    """The tables of a pyproject.toml."""

    def entries(self, document: Document, text: str) -> Iterator[Entry]:
        """Yield the entries of all tables."""
        located = positions(text)
        yield from _texts(document, located)
        yield from _poetry(document, located)
        yield from pixi_edits.entries(document, text, ("tool", "pixi"))

    def home(self, document: Document, change: Add) -> Home:
        """Return the list or table that a new entry goes to."""
        return home(document, change)


def _texts(document: Document, located: dict[Path, tuple[int, int]]) -> Iterator[Entry]:
    python = document.table("project").get("requires-python")
    if isinstance(python, str):
        path: Path = ("project", "requires-python")
        yield Entry(path, python, python, located.get(path, (0, 0)), PythonGrammar(), _PYTHON)
    groups = [((*base, group), group) for base in _GROUPS for group in document.table(*base)]
    for path, group in (*((path, "") for path in _LISTS), *groups):
        elements = document.table(*map(str, path[:-1])).get(str(path[-1]))
        for index, element in enumerate(elements if isinstance(elements, list) else ()):
            if isinstance(element, str):
                here = (*path, index)
                yield Entry(here, element, element, located.get(here, (0, 0)), TextGrammar(), group=group)


def _poetry(document: Document, located: dict[Path, tuple[int, int]]) -> Iterator[Entry]:
    for one in written(document):
        name = normalize(one.name)
        if name == _PYTHON:
            if isinstance(one.value, str):
                at = located.get(one.path, (0, 0))
                yield Entry(one.path, one.value, one.value, at, PythonGrammar(is_poetry=True), name)
            continue
        try:
            found = read_entry(one.name, one.value)
        except InvalidEntry:
            continue
        path = (*one.path, found.key) if found.key and found.raw else one.path
        yield Entry(one.path, one.value, found.raw, located.get(path, (0, 0)), _VERSION, name, one.group_name)


def edit_tables(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits that make the changes."""
    return edit_manifest(file, changes, Tables())
