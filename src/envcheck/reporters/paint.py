"""Lines of styled segments → text: colour, wrapping and columns, without knowing what is said.

Written out in place of rich, whose console takes 40 ms to import and five times as long to render.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias
from unicodedata import east_asian_width

from envcheck.reporters.base import Look


class Style(Enum):
    """What a segment means to the eye, as the parameters of ``ESC [ … m``."""

    PLAIN = ""
    STRONG = "1"
    FAINT = "2"
    ERROR = "1;31"
    WARNING = "1;33"
    NOTE = "1;34"
    GOOD = "32"


Segment: TypeAlias = tuple[Style, str]
Line: TypeAlias = Sequence[Segment]

_HANGING = "    "
_NARROWEST = 30


def paint(lines: Iterable[Line], look: Look) -> str:
    """Return the lines as text; on a look with a width they are wrapped at spaces, with a hanging indent."""
    width = max(look.width, _NARROWEST) if look.width else 0
    painted = (row for line in lines for row in (_wrapped(line, width) if width else (line,)))
    return "".join(_row(row, color=look.color) + "\n" for row in painted)


def columns(rows: Sequence[Sequence[Segment]], *, widest: int = 60) -> Iterator[Line]:
    """Yield a line per row with its cells one below the other; what is wider than ``widest`` pushes its row only."""
    count = max((len(row) for row in rows), default=0)
    widths = [max((_width(row[i][1]) for row in rows if len(row) > i), default=0) for i in range(count)]
    for row in rows:
        line: list[Segment] = []
        for (style, text), width in zip(row, widths, strict=False):
            line += [(style, text), (Style.PLAIN, " " * max(min(width, widest) - _width(text), 0) + "  ")]
        yield _stripped(line)


def _stripped(line: list[Segment]) -> Line:
    while line and not line[-1][1].strip():
        line.pop()
    return line


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _row(row: Line, *, color: bool) -> str:
    if not color:
        return "".join([text for _, text in row])
    painted = []
    for style, segments in groupby(row, key=itemgetter(0)):
        text = "".join(text for _, text in segments)
        painted.append(f"\x1b[{style.value}m{text}\x1b[0m" if style.value and text else text)
    return "".join(painted)


def _wrapped(line: Line, width: int) -> Iterator[Line]:
    if sum(_width(text) for _, text in line) <= width:
        yield line
        return
    hanging = _HANGING + " " * (len(line[0][1]) - len(line[0][1].lstrip(" ")))
    row: list[Segment] = []
    used = 0
    for word in _words(line):
        length = sum(_width(text) for _, text in word)
        if row and used + length - _trailing(word) > width:
            yield _trimmed(row)
            row, used = [(Style.PLAIN, hanging)], len(hanging)
        row += word
        used += length
    yield _trimmed(row)


def _words(line: Line) -> Iterator[list[Segment]]:
    """Yield what must stay together: text up to and including a space, which may reach over several segments."""
    word: list[Segment] = []
    for style, text in line:
        *finished, rest = text.split(" ")
        for part in finished:
            yield [*word, (style, part + " ")]
            word = []
        if rest:
            word.append((style, rest))
    if word:
        yield word


def _trailing(word: list[Segment]) -> int:
    return int(word[-1][1].endswith(" "))


def _trimmed(row: list[Segment]) -> Line:
    style, text = row[-1]
    return [*row[:-1], (style, text.rstrip(" "))]
