"""Changes to install lines → edits of the notebook or script that holds them."""

from __future__ import annotations

from collections.abc import Sequence

from envcheck.gather.declarations.notebook_install import into_kernel
from envcheck.gather.declarations.notebook_install.words import (
    InstallLine,
    Unwritable,
    install_lines_of,
    is_unsafe,
    outer_span,
    respelled,
    spoken,
)
from envcheck.gather.documents.cell_texts import CHANGED, CellText, edit_cells
from envcheck.gather.documents.install_options import INSTALL_OPTIONS
from envcheck.gather.documents.reqfile import REFERENCES
from envcheck.gather.documents.reqoptions import read_options
from envcheck.gather.documents.respec import conda_pin, pep508_pin
from envcheck.gather.documents.shell_words import Word
from envcheck.model.changes import Add, Change, Edit, Editing, IntoKernel, Pin, Refusal, Remove, Replace
from envcheck.model.names import Ecosystem
from envcheck.model.places import Place
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement

_OPERATORS = frozenset(("==", ">=", "<=", "~=", "!="))


def edit(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits that make the changes, and those changes that are refused."""
    if not changes:
        return Editing()
    additions = [change for change in changes if isinstance(change, Add)]
    refusals = [
        Refusal(change, "a cell is no list of requirements", "add it to a file that is one") for change in additions
    ]
    found = edit_cells(file, (change for change in changes if not isinstance(change, Add)), _edit_cell)
    return Editing(found.edits, (*refusals, *found.refusals))


def _edit_cell(cell: CellText, changes: Sequence[Change]) -> Editing:
    editor = _CellEditor(cell)
    # What becomes of a line's words decides whether a magic can run it.
    for change in sorted(changes, key=lambda change: isinstance(change, IntoKernel)):
        editor.make(change)
    return Editing(tuple(editor.edits), tuple(editor.refusals))


class _CellEditor:
    """Collects the edits of one cell's text, and what it refuses."""

    def __init__(self, cell: CellText) -> None:
        self._cell = cell
        self._lines = list(install_lines_of(cell))
        self._touched: set[int] = set()
        self._removed: set[int] = set()
        self._quoted: set[int] = set()
        self.edits: list[Edit] = []
        self.refusals: list[Refusal] = []

    def make(self, change: Change) -> None:
        """Make one change or refuse it; additions are not for cells."""
        if isinstance(change, Add):
            return
        try:
            edit = self._kernel_edit(change) if isinstance(change, IntoKernel) else self._word_edit(change)
        except Unwritable as error:
            self.refusals.append(Refusal(change, error.reason, error.remedy))
            return
        if edit:
            self.edits.append(edit)

    def _kernel_edit(self, change: IntoKernel) -> Edit | None:
        offset = self._cell.offset(change.place.line, change.place.column)
        line = next((line for line in self._lines if line.start == offset), None)
        if line is None:
            raise Unwritable("no install line of a shell begins there", "write it as %pip install …")
        return into_kernel.edit(self._cell, line, quoted=line.start in self._quoted)

    def _word_edit(self, change: Pin | Remove | Replace) -> Edit | None:
        line, word = self._found(change.requirement)
        if word.start in self._touched:
            raise Unwritable("another change is about the same words", "make one after the other")
        if line.line.unbalanced or self._is_unbalanced(word):
            raise Unwritable("a quote is never closed", "close it")
        text = self._cell.text
        if isinstance(change, Remove):
            edit: Edit | None = self._removal(line, word)
        else:
            said = spoken(text, word)
            wanted = self._pinned(said, word, change) if isinstance(change, Pin) else change.text
            edit = respelled(text, word, wanted, line)
            if is_unsafe(wanted):
                self._quoted.add(line.start)
        self._touched.add(word.start)
        return edit

    def _is_unbalanced(self, word: Word) -> bool:
        """Tell whether a quote may stand open before a word in its line, in whichever command."""
        text = self._cell.text
        before = text[text.rfind("\n", 0, word.start) + 1 : word.start].rstrip("\"'")
        return any(before.count(quote) % 2 for quote in "\"'")

    def _found(self, requirement: Requirement) -> tuple[InstallLine, Word]:
        """Return the word of a requirement and its line, if it still stands there."""
        offset = self._cell.offset(requirement.place.line, requirement.place.column)
        stop = offset + len(requirement.raw)
        for line in self._lines if offset >= 0 and requirement.raw else ():
            for word in line.words():
                if word.start <= offset < word.stop == stop and self._cell.text[offset:stop] == requirement.raw:
                    # A word may begin with its option: ``--editable=./x``.
                    value = word.value if word.start == offset else requirement.raw
                    return line, Word(value, offset, stop)
        raise self._unknown(requirement.place, requirement.raw)

    def _unknown(self, place: Place, raw: str) -> Unwritable:
        """Return why nothing can be done at a place where no install line stands."""
        offset = self._cell.offset(place.line, place.column)
        if not place.column or (offset >= 0 and raw and self._cell.text.startswith(raw, offset)):
            return Unwritable("stands in a string of Python", "write the line as %pip install …")
        return Unwritable(*CHANGED)

    def _pinned(self, said: str, word: Word, change: Pin) -> str:
        """Return what a word says with the specifier that is wanted."""
        requirement = change.requirement
        if requirement.template:
            raise Unwritable("a variable tells what is installed", "pin it where the variable is set")
        if requirement.direct or not requirement.name:
            raise Unwritable("comes from a URL, a repository or a path", "name a commit or a hash there")
        start, stop = outer_span(self._cell.text, word)
        before, after = self._cell.text[:start].rstrip(" \t")[-2:], self._cell.text[stop:].lstrip(" \t")[:2]
        if before in _OPERATORS or after in _OPERATORS:
            raise Unwritable("blanks part a name from its version", "write them as one word")
        edit = (pep508_pin if requirement.ecosystem is Ecosystem.PYPI else conda_pin)(said, change.wanted)
        if edit is None:
            raise Unwritable(f"there is no place for {change.wanted} in it", "write it by hand")
        if "".join(said[edit.start : edit.stop].split()) == "".join(edit.text.split()):
            return said
        return said[: edit.start] + edit.text + said[edit.stop :]

    def _removal(self, line: InstallLine, word: Word) -> Edit:
        """Return the edit that takes a word away with the blanks before it, and so with a line of its own."""
        options, operands, _ = read_options(list(line.words()), INSTALL_OPTIONS[line.install.tool])
        named = [option for option in options if option.name in ("--editable", "--file") or option.name in REFERENCES]
        if not any(operand.start == word.start for operand in operands):
            raise Unwritable("an option stands before it", "delete both")
        remaining = [operand for operand in operands if operand.start not in self._removed | {word.start}]
        if not remaining and not named:
            raise Unwritable("the line installs nothing else", "delete the line")
        self._removed.add(word.start)
        start, stop = outer_span(self._cell.text, word)
        return Edit(_without_blanks(self._cell.text, start), stop, "")


def _without_blanks(text: str, stop: int) -> int:
    """Return where the blanks and continued breaks before an index begin."""
    while stop:
        width = 2 if text.endswith("\\\n", 0, stop) else 3 if text.endswith("\\\r\n", 0, stop) else 0
        if not width and text[stop - 1] not in " \t":
            break
        stop -= width or 1
    return stop
