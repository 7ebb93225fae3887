"""Edits of a text while they are being collected: lines with their offsets, and changes that meet nobody else's."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct, field

from envcheck.gather.documents.lock_texts import conflict
from envcheck.model.changes import Add, Change, Edit, Editing, Pin, Refusal, Remove, Replace
from envcheck.model.names import normalize

INI_BREAK = re.compile(r"\r\n|\r|\n")
"""What ends a line for :mod:`~envcheck.gather.documents.ini_lines`, and mostly everywhere."""
_END = re.compile(r"[\r\n\f\v\x1c-\x1e\x85\u2028\u2029]+\Z")
CHANGED = ("changed since it was read", "check again")
"""Why a change is refused whose requirement does not stand where it was, and what to do."""


NOT_HERE = ("nothing that can be done to this file", "edit it by hand")
"""Why a change is refused that is about other sorts of files."""


class Lines:
    """The lines of a text as its reader counts them: those that ``split`` yields, line ends included."""

    def __init__(self, text: str, split: Iterable[str] | None = None) -> None:
        self.text = text
        self._starts = [0]
        for line in text.splitlines(keepends=True) if split is None else split:
            self._starts.append(self._starts[-1] + len(line))
        if len(self._starts) == 1 or _END.search(text[self._starts[-2] :]):
            self._starts.append(len(text))
        self.is_ended = not text or _END.search(text[self._starts[-2] :] or text[-1:]) is not None
        """Whether the last line has an end, as an empty text needs none."""
        newline = INI_BREAK.search(text)
        self.newline = newline[0] if newline else "\n"
        """The line end of the first line, which new ones take too."""

    def __len__(self) -> int:
        """Return how many lines there are; the last one is empty when the text ends with a line end."""
        return len(self._starts) - 1

    def start(self, line: int) -> int:
        """Return the offset of a line's first character; lines count from 1."""
        return self._starts[min(max(line, 1), len(self)) - 1]

    def stop(self, line: int) -> int:
        """Return the offset after a line's end."""
        return self._starts[min(max(line, 1), len(self))]

    def content(self, line: int) -> str:
        """Return a line without its end."""
        return _END.sub("", self.text[self.start(line) : self.stop(line)])

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a place in the text."""
        return self.start(line) + max(column, 1) - 1

    def at(self, offset: int) -> int:
        """Return the number of the line that an offset is in."""
        return min(bisect_right(self._starts, offset), len(self))


def broken(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """Yield the lines of a text whose ends match a pattern, ends included."""
    start = 0
    for match in pattern.finditer(text):
        yield text[start : match.end()]
        start = match.end()
    if start < len(text):
        yield text[start:]


class Draft(Struct):
    """What becomes of one text: edits, whole lines that go, and lines that come after others or at the beginning."""

    lines: Lines
    edits: set[Edit] = field(default_factory=set)
    refusals: list[Refusal] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    come: dict[int, list[str]] = field(default_factory=dict)

    def refuse(self, change: Change, reason: str, remedy: str = "") -> None:
        """Leave a change alone."""
        self.refusals.append(Refusal(change, reason, remedy))

    def replace(self, start: int, stop: int, text: str) -> None:
        """Write a text in place of a span, unless it reads like that already."""
        if self.lines.text[start:stop] != text:
            self.edits.add(Edit(start, stop, text))

    def remove_lines(self, first: int, last: int) -> None:
        """Let whole lines go."""
        self.gone.update(range(first, last + 1))

    def insert_after(self, line: int, content: str) -> None:
        """Let a line come after another one, and after those that have come there before; 0 is the beginning."""
        self.come.setdefault(line, []).append(content)

    def editing(self) -> Editing:
        """Return the edits in order."""
        edits = {*self.edits, *self._removals(), *self._insertions()}
        return Editing(tuple(sorted(edits)), tuple(self.refusals))

    def _runs(self) -> Iterator[tuple[int, int]]:
        """Yield the first and the last of adjacent lines that go."""
        for line in sorted(self.gone):
            if line - 1 not in self.gone:
                last = line
                while last + 1 in self.gone:
                    last += 1
                yield line, last

    def _is_tail(self, last: int) -> bool:
        """Tell whether a line is the last of a text without a final line end, which is to keep on having none."""
        return self.lines.stop(last) == len(self.lines.text) and not self.lines.is_ended

    def _removals(self) -> Iterator[Edit]:
        for first, last in self._runs():
            start = self.lines.start(first)
            if self._is_tail(last) and first > 1 and first - 1 not in self.come:
                start = self.lines.start(first - 1) + len(self.lines.content(first - 1))
            yield Edit(start, self.lines.stop(last), "")

    def _insertions(self) -> Iterator[Edit]:
        before_tail = {first - 1 for first, last in self._runs() if self._is_tail(last)}
        for line, contents in self.come.items():
            at = self.lines.stop(line) if line else 0
            if line in before_tail:
                yield Edit(at, at, self.lines.newline.join(contents))
            elif line and self._is_tail(line):
                yield Edit(at, at, "".join(self.lines.newline + content for content in contents))
            else:
                ended = self._ending(line)
                yield Edit(at, at, "".join(content + ended for content in contents))

    def _ending(self, line: int) -> str:
        found = INI_BREAK.search(self.lines.text, self.lines.start(line)) if line else None
        return found[0] if found and found.end() == self.lines.stop(line) else self.lines.newline


def rewritten(text: str, edits: Iterable[Edit]) -> str:
    """Return a text with edits made, which do not overlap."""
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.stop :]
    return text


def refused(changes: Iterable[Change], reason: str, remedy: str = "") -> Editing:
    """Return the editing that leaves a file alone as a whole."""
    return Editing(refusals=tuple(Refusal(change, reason, remedy) for change in changes))


def conflicted(text: str, changes: Iterable[Change]) -> Editing | None:
    """Return the refusal of all changes to a text that a merge left unresolved."""
    fault = conflict(text)
    return refused(changes, f"{fault.message} in line {fault.line}", "resolve it first") if fault else None


def one_each(changes: Iterable[Change], draft: Draft) -> list[Change]:
    """Return the changes, each entry's first; another one of the same entry is refused unless it says the same."""
    kept: dict[object, Change] = {}
    for change in changes:
        first = kept.setdefault(_subject(change), change)
        if first is not change and _wish(first) != _wish(change):
            draft.refuse(change, "another change of the same entry was asked for", "make one of them, then check again")
    return list(kept.values())


def _subject(change: Change) -> object:
    if isinstance(change, Add):
        return normalize(change.name), change.group
    if not isinstance(change, Pin | Remove | Replace):
        return change
    place = change.requirement.place
    return place.cell, place.line, place.column, change.requirement.raw


def _wish(change: Change) -> object:
    return type(change), change.wanted if isinstance(change, Pin | Add) else getattr(change, "text", "")


_ORDERS: tuple[Callable[[str], str], ...] = (normalize, str.lower, str)


def placed(names: Sequence[str], new: Iterable[str]) -> list[tuple[int, str]]:
    """Return for each new name the index of the one it follows, -1 for none, in the order in which they come.

    A sorted list stays sorted; to another one they come at the end.
    """
    order = next((key for key in _ORDERS if sorted(names, key=key) == list(names)), None)
    if order is None:
        return [(len(names) - 1, name) for name in new]
    keys = [order(name) for name in names]
    return [(bisect_right(keys, order(name)) - 1, name) for name in sorted(new, key=order)]
