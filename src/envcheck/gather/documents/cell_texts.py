r"""Where the text of a source stands in its file, so that edits of a cell become edits of the notebook's JSON.

A cell's text is one JSON string or a list of them, most often one for each line; ``\n``, ``\"`` and ``\u00e9`` are one
character of the text and several of the file. A script is one cell, number 0, whose text is that of the file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from envcheck.gather.documents.json_spans import Span, elements, members
from envcheck.gather.documents.text import decode
from envcheck.model.changes import Add, Change, Edit, Editing, IntoKernel, Refusal
from envcheck.model.readings import RawFile

CHANGED = ("changed since it was read", "run it again")
"""Why a change is refused whose place reads otherwise now, and what to do."""

_CHARACTER = r"(?s)\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|."
_LINE = r"[^\n]*\n|[^\n]+"
_BARE_SLASH = r"(?<!\\)/"


class Piece(Struct, frozen=True):
    """One string: the offset of its text in the cell's, and where in the file its characters and its end are."""

    offset: int
    starts: Sequence[int]

    def at(self, offset: int) -> int:
        """Return where in the file the character at an offset of the cell's text begins."""
        return self.starts[offset - self.offset]


class Manner(Struct, frozen=True):
    """How a file writes strings: what stands between two of a list, and what is escaped that need not be."""

    between: str = ""
    is_json: bool = True
    is_ascii: bool = False
    escapes_slashes: bool = False

    def escaped(self, text: str) -> str:
        """Return text as this file writes it within a string."""
        if not self.is_json:
            return text
        import json

        written = json.dumps(text, ensure_ascii=self.is_ascii)[1:-1]
        return written.replace("/", "\\/") if self.escapes_slashes else written


class CellText(Struct, frozen=True):
    """The text of a cell, and the strings of the file that it is joined from."""

    text: str
    pieces: tuple[Piece, ...]
    manner: Manner = Manner()

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place in the text, -1 when it has no such place."""
        if line < 1 or column < 1:
            return -1
        start = 0
        for _ in range(line - 1):
            start = self.text.find("\n", start) + 1
            if not start:
                return -1
        found = start + column - 1
        return found if found <= len(self.text) else -1

    def nearest(self, line: int, column: int) -> int:
        """Return where in the file a place of the text stands, or the beginning of its line, or that of the text."""
        tried = (self.offset(line, column), self.offset(line, 1), 0)
        offset = next(found for found in tried if found >= 0)
        return self.pieces[bisect_right([piece.offset for piece in self.pieces], offset) - 1].at(offset)

    def edits(self, edits: Iterable[Edit]) -> tuple[Edit, ...]:
        """Return edits of the text as edits of the file; a new line gets a string of its own where others have one."""
        offsets = [piece.offset for piece in self.pieces]
        return tuple(self._mapped(edit, offsets) for edit in edits)

    def _mapped(self, edit: Edit, offsets: list[int]) -> Edit:
        index = bisect_right(offsets, edit.start) - 1
        first = self.pieces[index]
        head = self.text[first.offset : edit.start] + edit.text
        last = self._last(edit, offsets, head) if edit.stop > edit.start else first
        start, stop = first.at(edit.start), last.at(edit.stop)
        is_last = edit.stop == len(self.text)
        if is_last and not head and index:
            # The last lines go with the strings that hold them.
            start = self.pieces[index - 1].at(edit.start)
        opens = edit.start == len(self.text) and self.text.endswith("\n") and edit.text != ""
        return Edit(start, stop, self._written(edit.text, opens=opens, closes=stop == last.starts[-1]))

    def _last(self, edit: Edit, offsets: list[int], head: str) -> Piece:
        """Return the string that an edit ends in; ``head`` is what becomes of the one that it begins in."""
        index = bisect_right(offsets, edit.stop) - 1
        if offsets[index] == edit.stop and (head.endswith("\n") or edit.stop == len(self.text)):
            index = bisect_right(offsets, edit.stop - 1) - 1
        return self.pieces[index]

    def _written(self, text: str, *, opens: bool, closes: bool) -> str:
        """Return text as it stands in a string; ``closes`` when the string ends with it, so that no new one begins."""
        seam = f'"{self.manner.between}"' if self.manner.between else ""
        lines = re.findall(_LINE, text) if seam else [text]
        written = seam.join(map(self.manner.escaped, lines))
        tail = seam if text.endswith("\n") and not closes else ""
        return (seam if opens else "") + written + tail


def edit_cells(
    file: RawFile, changes: Iterable[Change], edit: Callable[[CellText, Sequence[Change]], Editing]
) -> Editing:
    """Return the edits of a source's file that ``edit`` makes of the texts of its cells, each with its own changes.

    Changes to cells that are gone are refused; additions count as changes of cell 0.
    """
    source = SourceTexts(file)
    by_cell: dict[int, list[Change]] = {}
    for change in dict.fromkeys(changes):
        by_cell.setdefault(_cell_of(change), []).append(change)
    edits: list[Edit] = []
    refusals: list[Refusal] = []
    for number in sorted(by_cell):
        cell = source.cell(number)
        if cell is None:
            refusals += [Refusal(change, *CHANGED) for change in by_cell[number]]
        else:
            found = edit(cell, by_cell[number])
            edits += cell.edits(found.edits)
            refusals += found.refusals
    return Editing(tuple(sorted(edits)), tuple(refusals))


def _cell_of(change: Change) -> int:
    match change:
        case Add():
            return 0
        case IntoKernel():
            return change.place.cell
        case _:
            return change.requirement.place.cell


class SourceTexts:
    """The cells of one file by their numbers; edits are those of its text as ``text.decode`` gives it."""

    def __init__(self, file: RawFile) -> None:
        self._text = decode(file.data).text
        self._is_notebook = file.path.endswith(".ipynb")
        self._cells = _cells(self._text) if self._is_notebook else []

    def cell(self, number: int) -> CellText | None:
        """Return a cell of a notebook, or a script as cell 0; ``None`` when there is no such code."""
        if not self._is_notebook:
            script = Piece(0, range(len(self._text) + 1))
            return None if number else CellText(self._text, (script,), Manner(is_json=False))
        if not 1 <= number <= len(self._cells):
            return None
        try:
            return self._code(self._cells[number - 1])
        except (ValueError, RecursionError):
            return None

    def position(self, number: int, line: int, column: int) -> int:
        """Return where in the file's text a place of a cell stands, or the cell if it has no code; -1: no cell."""
        cell = self.cell(number)
        if cell is not None:
            return cell.nearest(line, column)
        return self._cells[number - 1].start if 1 <= number <= len(self._cells) else -1

    def _code(self, cell: Span) -> CellText | None:
        found = {member.key: member for member in members(self._text, cell.start)}
        kind, source = found.get("cell_type"), found.get("source")
        if kind is None or kind.value != "code":
            return None
        if source is None or source.value is None:
            source = found.get("input")
        if source is None:
            return None
        if isinstance(source.value, str):
            return self._joined([source], "")
        strings = list(elements(self._text, source.start))
        if not strings or not all(isinstance(string.value, str) for string in strings):
            return None
        between = self._text[strings[0].stop : strings[1].start] if strings[1:] else ""
        between = between or "," + self._text[source.start + 1 : strings[0].start]
        return self._joined(strings, between)

    def _joined(self, strings: Sequence[Span], between: str) -> CellText:
        texts, pieces, offset = [], [], 0
        for string in strings:
            text = str(string.value)
            texts.append(text)
            pieces.append(Piece(offset, self._starts(string)))
            offset += len(text)
        raw = self._text[strings[0].start : strings[-1].stop]
        escapes_slashes = "\\/" in raw and not re.search(_BARE_SLASH, raw)
        is_ascii = self._text.isascii() and "\\u" in self._text
        manner = Manner(between, is_ascii=is_ascii, escapes_slashes=escapes_slashes)
        return CellText("".join(texts), tuple(pieces), manner)

    def _starts(self, string: Span) -> list[int]:
        start, stop = string.start + 1, string.stop - 1
        return [*(match.start() for match in re.compile(_CHARACTER).finditer(self._text, start, stop)), stop]


def _cells(text: str) -> list[Span]:
    """Return the cells of a notebook in the order in which a reader counts them, none when it cannot be read."""
    try:
        return list(_cell_spans(text))
    except (ValueError, RecursionError):
        return []


def _cell_spans(text: str) -> Iterator[Span]:
    top = {member.key: member for member in members(text, 0)}
    cells, sheets = top.get("cells"), top.get("worksheets")
    if cells and text.startswith("[", cells.start):
        yield from elements(text, cells.start)
    elif sheets and text.startswith("[", sheets.start):
        for sheet in elements(text, sheets.start):
            parts = {part.key: part for part in members(text, sheet.start)} if isinstance(sheet.value, dict) else {}
            inner = parts.get("cells")
            if inner and text.startswith("[", inner.start):
                yield from elements(text, inner.start)
