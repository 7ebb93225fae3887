"""Changes to a Pipfile."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct

from envcheck.gather.declarations.pipfile.reading import python_text
from envcheck.gather.documents.lock_texts import text_in
from envcheck.gather.documents.manifest_edits import Entry, Home, edit_manifest
from envcheck.gather.documents.pipfile_tables import DEVELOPMENT, categories, read_spec, written
from envcheck.gather.documents.pixi_tables import positions
from envcheck.gather.documents.reqentry import InvalidEntry
from envcheck.gather.documents.requirement_edits import ValueGrammar, checked
from envcheck.gather.documents.toml_draft import Impossible, Step, Write
from envcheck.gather.documents.toml_tables import Document, Path
from envcheck.model.changes import Add, Change, Editing, Pin, Replace
from envcheck.model.names import normalize
from envcheck.model.readings import RawFile

_PACKAGES = "packages"
_DEVELOPMENT = ("dev", "develop", DEVELOPMENT)
_PLAIN = re.compile(r"(?:===?)?\s*(\d+(?:\.\d+)*)(?:\.\*)?")


class PythonGrammar(Struct, frozen=True):
    """The version of Python in ``[requires]``: ``python_version`` has two numbers."""

    def pin(self, entry: Entry, change: Pin) -> Iterator[Step]:
        """Yield the step that writes the version."""
        found = _PLAIN.fullmatch(change.wanted)
        if not found:
            raise Impossible("a Pipfile names one Python, no range", "write its version, like 3.11")
        numbers = found[1].split(".")
        is_full = entry.path[-1] == "python_full_version"
        if is_full and (change.wanted.endswith(".*") or len(numbers) < 3):
            raise Impossible("python_full_version has three numbers", "write python_version instead")
        yield Write(entry.path, 0, len(str(entry.value)), ".".join(numbers if is_full else numbers[:2]))

    def replace(self, entry: Entry, change: Replace) -> Iterable[Step]:  # noqa: ARG002 - a Grammar
        """Raise :class:`Impossible`."""
        raise Impossible(f"{entry.path[-1]} takes a version only", "pin it")


class Categories:
    """The categories of a Pipfile."""

    def entries(self, document: Document, text: str) -> Iterator[Entry]:
        """Yield the entries of all categories, and what is said of Python."""
        located, lines = positions(text), text.split("\n")

        def at(path: Path) -> tuple[int, int]:
            line = located.get(path, (0, 0))[0]
            return line, len(lines[line - 1]) - len(lines[line - 1].lstrip()) + 1 if line else 0

        for group, table in categories(document.tables):
            for name, spec in table.items():
                path = (group or _PACKAGES, name)
                try:
                    entry = read_spec(name, spec)
                except InvalidEntry:
                    continue
                grammar = ValueGrammar(partial(read_spec, name), "ref")
                raw, within = written(spec, entry, name)
                is_text = bool(within) or isinstance(spec, str)
                where = located.get((*path, *within)) if is_text else None
                yield Entry(path, spec, raw, where or at(path), grammar, normalize(entry.name), group)
        key, raw = python_text(document.table("requires"))
        if key:
            path = ("requires", key)
            yield Entry(path, text_in(document.table("requires"), key), raw, at(path), PythonGrammar())

    def home(self, document: Document, change: Add) -> Home:
        """Return the category that a new entry goes to."""
        checked(change.wanted, partial(read_spec, change.name))
        group = change.group or _PACKAGES
        if group in _DEVELOPMENT and group not in document.tables:
            group = DEVELOPMENT
        return Home((group,), change.wanted, is_table=True)


def edit_categories(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits that make the changes."""
    return edit_manifest(file, changes, Categories())
