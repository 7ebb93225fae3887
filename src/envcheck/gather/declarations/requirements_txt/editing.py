"""Changes to a requirements file → edits of its lines."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from envcheck.gather.declarations.requirements_txt import group_of, read_as
from envcheck.gather.documents.reqline import LogicalLine, RequirementLine, logical_lines, split_line
from envcheck.gather.documents.respec import repin
from envcheck.gather.documents.shell_words import Word
from envcheck.gather.documents.text import decode
from envcheck.gather.documents.text_edits import CHANGED, NOT_HERE, Draft, Lines, conflicted, one_each, placed, refused
from envcheck.model.changes import Add, Change, Edit, Editing, Pin, Refusal, Remove, Replace
from envcheck.model.declarations import Declaration
from envcheck.model.names import normalize
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement, Role

_HASHED = "every entry of the file must have hashes, and those of another version are not known here"
_LOCK_AGAIN = "lock again: envcheck lock, or pip-compile --generate-hashes"


class _Entry(Struct, frozen=True):
    """One logical line that holds a requirement; ``first`` and ``last`` are its physical lines."""

    line: LogicalLine
    word: Word
    parts: RequirementLine
    raw: str

    @property
    def first(self) -> int:
        return self.line.number

    @property
    def last(self) -> int:
        return self.line.segments[-1][1]


def edit_lines(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits that make the changes; those that would leave the file half updated are refused."""
    text = decode(file.data).text
    reading = read_as(file, Role.DECLARED)
    unresolved = conflicted(text, changes)
    if unresolved:
        return unresolved
    lock = reading.value.lock
    if lock:
        return refused(changes, f"{lock.manager.name} made this file", f"lock again: {lock.manager.renew}")
    if not reading.value.governs:
        problem = reading.problems[0]
        return refused(changes, problem.message, problem.remedy)
    editor = _Editor(text, reading.value, group_of(file.path))
    for change in one_each(changes, editor.draft):
        editor.make(change)
    editor.add()
    return editor.draft.editing()


class _Editor:
    """Makes one change after the other; additions come last, when it is known what stays."""

    def __init__(self, text: str, declaration: Declaration, group: str) -> None:
        self.draft = Draft(Lines(text))
        self._group = group
        self._adds: list[Add] = []
        self._requirements = {(r.place.line, r.place.column): r for r in declaration.requirements}
        self._is_hashed = declaration.requires_hashes is True or any(r.hashes for r in declaration.requirements)
        self._entries: dict[tuple[int, int], _Entry] = {}
        for line in logical_lines(text):
            parts = split_line(line.text)
            if parts.entry and parts.entry.value and not parts.fault:
                raw = line.text[parts.entry.start : parts.entry.stop]
                self._entries[line.at(parts.entry.start)] = _Entry(line, parts.entry, parts, raw)

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
        entry = self._entries.get((place.line, place.column))
        if entry is None or entry.raw != raw:
            self.draft.refuse(change, *CHANGED)
            return
        match change:
            case Pin():
                self._pin(change, entry)
            case Remove() if self._is_hashed:
                self.draft.refuse(change, _HASHED, _LOCK_AGAIN)
            case Remove():
                self.draft.remove_lines(entry.first, entry.last)
            case Replace():
                self._replace(change, entry)

    def _pin(self, change: Pin, entry: _Entry) -> None:
        edit = repin(change)
        if isinstance(edit, Edit) and self._is_hashed:
            self.draft.refuse(change, _HASHED, _LOCK_AGAIN)
        elif isinstance(edit, Edit):
            self._write(entry, edit)
        elif edit:
            self.draft.refusals.append(edit)

    def _replace(self, change: Replace, entry: _Entry) -> None:
        completes = not entry.parts.hashes and "sha256" in change.text
        if change.text == entry.raw:
            return
        if not change.text.strip() or len(change.text.splitlines()) != 1:
            self.draft.refuse(change, "a requirement stands on one line", "write it by hand")
        elif self._is_hashed and not completes:
            self.draft.refuse(change, _HASHED, _LOCK_AGAIN)
        else:
            self._write(entry, Edit(0, len(entry.raw), change.text))

    def _write(self, entry: _Entry, edit: Edit) -> None:
        """Make an edit of an entry's text, which may be continued over several lines."""
        start, stop = entry.word.start + edit.start, entry.word.start + edit.stop
        # What is inserted follows the character before it, not the line break after that.
        first = self._offset(entry, start) if edit.start < edit.stop else self._offset(entry, start - 1) + 1
        last = self._offset(entry, stop - 1) + 1 if edit.start < edit.stop else first
        self.draft.replace(first, last, edit.text)

    def _offset(self, entry: _Entry, index: int) -> int:
        return self.draft.lines.offset(*entry.line.at(index))

    def _put_off(self, change: Add) -> None:
        if self._is_hashed:
            self.draft.refuse(change, _HASHED, _LOCK_AGAIN)
        elif change.group not in ("", self._group):
            self.draft.refuse(change, "a requirements file has no groups", f"name the file of {change.group}")
        else:
            self._adds.append(change)

    def add(self) -> None:
        """Write the additions, each at its place among what stays."""
        entries = [entry for entry in self._entries.values() if entry.first not in self.draft.gone]
        named = [(self._requirement(entry), entry) for entry in entries]
        listed = [(found, entry) for found, entry in named if found and found.name]
        known = {found.name: found for found, _ in listed}
        wanted = {}
        for change in self._adds:
            entry_text = f"{change.name}{change.wanted}"
            found = known.get(normalize(change.name))
            if found is None:
                wanted[change.name] = entry_text
            elif found.raw != entry_text:
                reason = f"stands in line {found.place.line} already"
                self.draft.refuse(change, reason, f"write {entry_text} there")
        if wanted and self._is_open_ended():
            self.draft.refusals += [Refusal(c, "the file ends with a backslash", "delete it") for c in self._adds]
            return
        names = [str(found.shown_name) for found, _ in listed]
        for index, name in placed(names, wanted):
            line, indent = self._anchor(index, [entry for _, entry in listed] or entries)
            self.draft.insert_after(line, indent + wanted[name])

    def _requirement(self, entry: _Entry) -> Requirement | None:
        return self._requirements.get(entry.line.at(entry.word.start))

    def _is_open_ended(self) -> bool:
        """Tell whether the last line is continued by nothing, so that it would take in what comes after it."""
        lines = self.draft.lines
        number = len(lines) if lines.content(len(lines)) else len(lines) - 1
        last = lines.content(number)
        return last.endswith("\\") and not last.lstrip().startswith("#") and number not in self.draft.gone

    def _anchor(self, index: int, entries: Sequence[_Entry]) -> tuple[int, str]:
        """Return the line after which an addition comes, and its indentation."""
        lines = self.draft.lines
        if not entries:
            gone = min(self.draft.gone, default=0)
            last = len(lines)
            return (gone - 1 if gone else last if lines.content(last) else last - 1), ""
        entry = entries[max(index, 0)]
        content = lines.content(entry.first)
        indent = content[: len(content) - len(content.lstrip())]
        return (entry.last if index >= 0 else entry.first - 1), indent
