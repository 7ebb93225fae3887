"""The block ``# /// script`` in the comments of a source (PEP 723) → its TOML, and where that stands.

The specification has a regular expression that may be used, and says that its text takes precedence: a block is a
comment at the top level, so what stands in a string is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from envcheck.gather.documents.cell_lines import long_strings
from envcheck.model.places import Place
from envcheck.model.usage import InlineScript

OPENING = "# /// script"
"""The line that a block begins with."""
CLOSING = "# ///"
"""The line that it ends with."""


class _Block(NamedTuple):
    """The numbers of the opening line and of the closing one, from 0; -1 where there is none."""

    opening: int
    closing: int


def find(text: str, place: Place) -> InlineScript | None:
    """Return the block of a source, or of a cell, whose first line is at ``place``; ``None`` when there is none."""
    if OPENING not in text:
        return None
    lines = text.replace("\r\n", "\n").split("\n")
    blocks = list(_blocks(lines, _lines_in_strings(text)))
    if not blocks:
        return None
    unclosed = next((block for block in blocks if block.closing < 0), None)
    if unclosed:
        return InlineScript("", _at(place, unclosed.opening), "is never closed")
    if len(blocks) > 1:
        return InlineScript("", _at(place, blocks[1].opening), "stands here a second time")
    content = lines[blocks[0].opening + 1 : blocks[0].closing]
    return InlineScript("".join(f"{line[2:]}\n" for line in content), _at(place, blocks[0].opening + 1))


def _blocks(lines: list[str], hidden: set[int]) -> Iterator[_Block]:
    position = 0
    while position < len(lines):
        if lines[position] != OPENING or position in hidden:
            position += 1
            continue
        opening, closing = position, -1
        position += 1
        while position < len(lines) and (lines[position] == "#" or lines[position].startswith("# ")):
            if lines[position] == CLOSING:
                closing = position  # the last one of the comment counts
            position += 1
        yield _Block(opening, closing)


def _lines_in_strings(text: str) -> set[int]:
    """Return the numbers of the lines that begin within a string, from 0."""
    found = set[int]()
    line = counted = 0
    for start, end in long_strings(text):
        line += text.count("\n", counted, start)
        last = line + text.count("\n", start, end)
        found.update(range(line + 1, last + 1))
        line, counted = last, end
    return found


def _at(place: Place, number: int) -> Place:
    return place._replace(line=place.line + number)
