"""Changes to a block → edits of its TOML → edits of the comment lines that hold it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from envcheck.gather.documents.cell_texts import edit_cells
from envcheck.gather.documents.manifest_edits import Entry, Home, edit_manifest
from envcheck.gather.documents.requirement_edits import TextGrammar
from envcheck.gather.documents.script_block import find
from envcheck.gather.documents.text import decode
from envcheck.gather.documents.text_edits import Lines, broken, refused, rewritten
from envcheck.gather.documents.toml_draft import Impossible, Step, Write
from envcheck.gather.documents.toml_tables import Document, Path, parse, places
from envcheck.model.changes import Add, Change, Edit, Editing, Pin, Refusal, Replace, place_of
from envcheck.model.constraints import pep440
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.readings import RawFile
from envcheck.model.usage import InlineScript

_LIST = "dependencies"
_LISTS: tuple[Path, ...] = ((_LIST,), ("tool", "uv", "constraint-dependencies"))
_PYTHON = "requires-python"
_MARK = "# "
_LINE = re.compile(r"\n")
_EMPTY_COMMENT = re.compile(r"(?<=\n)# (?=\n)")


def edit_file(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits of a script, or of the cell of a notebook that holds the block."""
    if not file.path.endswith(".ipynb"):
        return edit_source(decode(file.data).text, Place(file.path, 0, 1), changes)
    # An addition names no cell.
    additions = tuple(Refusal(c, "no cell is named", "juv add") for c in changes if isinstance(c, Add))
    rest = [change for change in changes if not isinstance(change, Add)]
    found = edit_cells(file, rest, lambda cell, of_cell: edit_source(cell.text, _first_line(file, of_cell), of_cell))
    return Editing(found.edits, (*additions, *found.refusals))


def _first_line(file: RawFile, changes: Sequence[Change]) -> Place:
    cell = place_of(changes[0]).cell if changes else 0
    return Place(file.path, cell, 1)


def edit_source(text: str, place: Place, changes: Sequence[Change]) -> Editing:
    """Return the edits of a source, or of a cell, whose first line is at ``place``."""
    block = find(text, place)
    if block is None:
        return refused(changes, "no block # /// script stands there", "uv add --script writes one")
    if block.fault:
        return refused(changes, f"the block # /// script {block.fault}", "write it once")
    editing = _edit_block(block, changes)
    source = _Source(text, block, block.place.line - place.line + 1)
    edits = tuple(sorted(map(source.edit, editing.edits)))
    again = find(rewritten(text, edits), place)
    if again is None or again.text != rewritten(block.text, editing.edits):
        return refused(changes, "the block is written in an unusual way", "edit it by hand")
    return Editing(edits, editing.refusals)


def _edit_block(block: InlineScript, changes: Sequence[Change]) -> Editing:
    """Return the edits of a block's TOML, to which the list is added where it is missing."""
    document = parse(block.text)
    firsts: dict[str, Add] = {}
    if not document.fault and _LIST not in document.tables:
        firsts = {normalize(c.name): c for c in reversed(changes) if isinstance(c, Add) and not c.group}
    inner = RawFile(block.place.path, block.text.encode("utf-8", "surrogatepass"))
    rest = [change for change in changes if change not in firsts.values()]
    editing = edit_manifest(inner, rest, _Block(block))
    if not firsts:
        return editing
    entries = "".join(f'    "{change.name}{change.wanted}",\n' for _, change in sorted(firsts.items()))
    python = places(block.text).get((_PYTHON,))
    at = Lines(block.text, broken(block.text, _LINE)).stop(python[0]) if python else 0
    made = Edit(at, at, f"{_LIST} = [\n{entries}]\n")
    return Editing((*editing.edits, made), editing.refusals)


class _PythonGrammar(Struct, frozen=True):
    """The Python that the script is run with."""

    def pin(self, entry: Entry, change: Pin) -> Iterator[Step]:
        """Yield the step that writes the specifier."""
        yield _specifier(entry, change.wanted)

    def replace(self, entry: Entry, change: Replace) -> Iterator[Step]:
        """Yield the step that writes the specifier."""
        yield _specifier(entry, change.text)


def _specifier(entry: Entry, text: str) -> Step:
    try:
        pep440(text)
    except ValueError as error:
        raise Impossible(f"{text} is no specifier of PEP 440", "write one like ==3.11.*") from error
    return Write(entry.path, 0, len(entry.raw), text)


class _Block:
    """What stands where in the tables of a block; places are those in the source."""

    def __init__(self, block: InlineScript) -> None:
        self._block = block

    def entries(self, document: Document, text: str) -> Iterator[Entry]:
        """Yield the entries of the lists, and the demand on Python."""
        located = places(text)
        python = document.tables.get(_PYTHON)
        if isinstance(python, str):
            at = self._at(located.get((_PYTHON,)))
            yield Entry((_PYTHON,), python, python, at, _PythonGrammar(), NormalizedName("python"))
        for path in _LISTS:
            elements = document.table(*map(str, path[:-1])).get(str(path[-1]))
            for index, element in enumerate(elements if isinstance(elements, list) else ()):
                if isinstance(element, str):
                    here = (*path, index)
                    yield Entry(here, element, element, self._at(located.get(here)), TextGrammar())

    def home(self, document: Document, change: Add) -> Home:  # noqa: ARG002 - there is but one list
        """Return the list of what the script needs."""
        if change.group:
            raise Impossible("a script has no groups", "add it to its dependencies")
        return Home((_LIST,), f"{change.name}{change.wanted}")

    def _at(self, found: tuple[int, int] | None) -> tuple[int, int]:
        line, column = found or (1, 0)
        return self._block.place.line + line - 1, column and column + len(_MARK)


class _Source:
    """The comment lines of a block; ``first`` is the number of the first of them in the text."""

    def __init__(self, text: str, block: InlineScript, first: int) -> None:
        self._outer = Lines(text, broken(text, _LINE))
        self._inner = Lines(block.text, broken(block.text, _LINE))
        self._first = first
        self._newline = self._outer.newline

    def edit(self, edit: Edit) -> Edit:
        """Return an edit of the block's TOML as one of the source."""
        text = _EMPTY_COMMENT.sub("#", edit.text.replace("\n", f"\n{_MARK}")).replace("\n", self._newline)
        whole = not edit.text or edit.text.endswith("\n")
        if whole and self._begins_line(edit.start) and self._begins_line(edit.stop):
            # Whole lines come and go with their marks.
            text = f"{_MARK}{text[: -len(_MARK)]}" if text else ""
            return Edit(self._at(edit.start, 0), self._at(edit.stop, 0), text)
        return Edit(self._at(edit.start, len(_MARK)), self._at(edit.stop, len(_MARK)), text)

    def _begins_line(self, offset: int) -> bool:
        return offset == self._inner.start(self._inner.at(offset))

    def _at(self, offset: int, mark: int) -> int:
        line = self._inner.at(offset)
        number = self._first + line - 1
        start = self._outer.start(number)
        return min(start + mark, start + len(self._outer.content(number))) + offset - self._inner.start(line)
