"""Changes to a setup.cfg → edits of its lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from envcheck.gather.declarations.setup_cfg.sections import Sections
from envcheck.gather.documents.ini_lines import Document, Line, parse, pieces
from envcheck.gather.documents.respec import repin
from envcheck.gather.documents.text import decode
from envcheck.gather.documents.text_edits import (
    CHANGED,
    INI_BREAK,
    NOT_HERE,
    Draft,
    Lines,
    broken,
    conflicted,
    one_each,
    placed,
)
from envcheck.model.changes import Add, Change, Edit, Editing, Pin, Remove, Replace
from envcheck.model.names import normalize
from envcheck.model.readings import RawFile

_MAIN = ("options", "install_requires")
_EXTRAS = "options.extras_require"
_INDENT = "    "


def edit_sections(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits that make the changes."""
    text = decode(file.data).text
    unresolved = conflicted(text, changes)
    if unresolved:
        return unresolved
    editor = _Editor(text)
    for change in one_each(changes, editor.draft):
        editor.make(change)
    editor.finish()
    return editor.draft.editing()


class _List(Struct):
    """One list of requirements; ``is_single`` when all its entries stand beside the option, with semicolons between.

    ``gone`` are the indices of the pieces that are removed, ``adds`` what comes.
    """

    section: str
    option: str
    lines: list[Line]
    pieces: list[Line]
    gone: set[int] = field(default_factory=set)
    adds: list[Add] = field(default_factory=list)

    @property
    def is_single(self) -> bool:
        return len(self.lines) == 1 and bool(self.lines[0].text)

    @property
    def kept(self) -> list[Line]:
        return [piece for index, piece in enumerate(self.pieces) if index not in self.gone]


class _Editor:
    def __init__(self, text: str) -> None:
        lines = Lines(text, broken(text, INI_BREAK))
        self.draft = Draft(lines)
        self._sections = Sections(lines)
        document = parse(text)
        self._lists = {(one.section, one.option): one for one in _lists(document)}
        self._python = document.lines("options", "python_requires")[:1]

    def make(self, change: Change) -> None:
        """Make a change, or put it off, or refuse it."""
        if isinstance(change, Add):
            self._put_off(change)
        elif isinstance(change, Pin | Remove | Replace):
            self._make_here(change)
        else:
            self.draft.refuse(change, *NOT_HERE)

    def _make_here(self, change: Pin | Remove | Replace) -> None:
        place, raw = change.requirement.place, change.requirement.raw
        found = next(self._standing(place.line, place.column, raw), None)
        if found is None:
            self.draft.refuse(change, *CHANGED)
            return
        owner, index = found
        start = self.draft.lines.offset(place.line, place.column)
        match change:
            case Pin() if owner is None and not change.specifier:
                reason = "python_requires says which Pythons the project supports"
                self.draft.refuse(change, reason, "give the range that it was tested with, like >=3.11,<3.12")
            case Pin():
                edit = repin(change)
                if isinstance(edit, Edit):
                    self.draft.replace(start + edit.start, start + edit.stop, edit.text)
                elif edit:
                    self.draft.refusals.append(edit)
            case Replace():
                self._replace(change, start, is_single=owner is not None and owner.is_single)
            case Remove() if owner is None:
                self.draft.replace(start, start + len(raw), "")
            case Remove():
                owner.gone.add(index)
                if _needs_its_line(owner):
                    owner.gone.discard(index)
                    reason = "what would be left has a marker, which setuptools splits off on such a line"
                    self.draft.refuse(change, reason, "begin the list on a line of its own")

    def _standing(self, line: int, column: int, raw: str) -> Iterator[tuple[_List | None, int]]:
        """Yield the list and the index of the entry that stands at a place; no list for the demand on Python."""
        at = (line, column, raw)
        for one in self._lists.values():
            yield from ((one, i) for i, p in enumerate(one.pieces) if (p.number, p.column, p.text) == at)
        yield from ((None, 0) for p in self._python if (p.number, p.column, p.text) == at)

    def _replace(self, change: Replace, start: int, *, is_single: bool) -> None:
        if not change.text.strip() or len(change.text.splitlines()) != 1 or (is_single and ";" in change.text):
            self.draft.refuse(change, "it does not fit into this line", "write it by hand")
        else:
            self.draft.replace(start, start + len(change.requirement.raw), change.text)

    def _put_off(self, change: Add) -> None:
        section, option = (_EXTRAS, change.group) if change.group else _MAIN
        same = (o for s, o in self._lists if s == section and normalize(o) == normalize(option))
        option = next(same, option)
        one = self._lists.setdefault((section, option), _List(section, option, [], []))
        if one.lines and one.lines[0].text.startswith("file:"):
            named = " ".join(line.text for line in one.lines).removeprefix("file:").strip()
            self.draft.refuse(change, f"the requirements stand in {named}", "add it there")
        else:
            one.adds.append(change)

    def finish(self) -> None:
        """Write removals and additions, list by list."""
        for one in self._lists.values():
            wanted = self._wanted(one)
            if one.is_single:
                self._remove_pieces(one)
                self._add_pieces(one, wanted)
            else:
                self._remove_lines(one)
                self._add_lines(one, wanted)

    def _wanted(self, one: _List) -> dict[str, str]:
        known = {normalize(_name(piece)): piece for piece in one.kept}
        wanted = {}
        for change in one.adds:
            entry, found = f"{change.name}{change.wanted}", known.get(normalize(change.name))
            if found is None:
                wanted[change.name] = entry
            elif found.text != entry:
                self.draft.refuse(change, f"stands in line {found.number} already", f"write {entry} there")
        return wanted

    def _start(self, piece: Line) -> int:
        return self.draft.lines.offset(piece.number, piece.column)

    def _stop(self, piece: Line) -> int:
        return self._start(piece) + len(piece.text)

    def _remove_pieces(self, one: _List) -> None:
        first = next((i for i in range(len(one.pieces)) if i not in one.gone), len(one.pieces))
        if first:
            begin = self._start(one.pieces[0])
            end = self._start(one.pieces[first]) if first < len(one.pieces) else self._stop(one.pieces[-1])
            self.draft.replace(begin, end, "")
        for index in sorted(one.gone):
            if index > first:
                self.draft.replace(self._stop(one.pieces[index - 1]), self._stop(one.pieces[index]), "")

    def _add_pieces(self, one: _List, wanted: dict[str, str]) -> None:
        kept, texts = one.kept, dict[int, list[str]]()
        for index, name in placed([_name(piece) for piece in kept], wanted):
            texts.setdefault(index, []).append(wanted[name])
        for index, entries in texts.items():
            joined = "; ".join(entries)
            if index >= 0:
                at = self._stop(kept[index])
                self.draft.replace(at, at, f"; {joined}")
            else:
                at = self._start((kept or one.pieces)[0])
                self.draft.replace(at, at, f"{joined}; " if kept else joined)

    def _deeper(self, one: _List) -> str:
        """Return an indentation that continues an option."""
        line = self.draft.lines.content(one.lines[0].number) if one.lines else ""
        return line[: len(line) - len(line.lstrip())] + _INDENT

    def _remove_lines(self, one: _List) -> None:
        for index in one.gone:
            piece = one.pieces[index]
            if piece.number == one.lines[0].number:
                line = self.draft.lines.content(piece.number)
                start = self.draft.lines.start(piece.number)
                self.draft.replace(start + len(line[: piece.column - 1].rstrip()), start + len(line), "")
            else:
                self.draft.remove_lines(piece.number, piece.number)

    def _add_lines(self, one: _List, wanted: dict[str, str]) -> None:
        if not wanted:
            return
        option = one.lines[0].number if one.lines else self._sections.add_option(self.draft, one.section, one.option)
        own = [piece for piece in one.pieces if piece.number != option]
        indent = self.draft.lines.content(own[0].number)[: own[0].column - 1] if own else self._deeper(one)
        kept = one.kept
        for index, name in placed([_name(piece) for piece in kept], wanted):
            follows = kept[index].number if index >= 0 else kept[0].number - 1 if kept else option
            self.draft.insert_after(max(follows, option), indent + wanted[name])


def _lists(document: Document) -> Iterator[_List]:
    options = [_MAIN, *((_EXTRAS, extra) for extra in document.sections.get(_EXTRAS, {}))]
    for section, option in options:
        lines = document.lines(section, option)
        if lines:
            from_files = lines[0].text.startswith("file:")
            yield _List(section, option, lines, [] if from_files else list(pieces(lines)))


def _needs_its_line(one: _List) -> bool:
    """Tell whether what is left would be read otherwise: alone beside the option it is split at semicolons."""
    beside = [piece for piece in one.kept if piece.number == one.lines[0].number]
    return not one.is_single and len(one.kept) == 1 and bool(beside) and ";" in beside[0].text


def _name(piece: Line) -> str:
    text = piece.text
    end = next((i for i, letter in enumerate(text) if not (letter.isalnum() or letter in "._-")), len(text))
    return text[:end]
