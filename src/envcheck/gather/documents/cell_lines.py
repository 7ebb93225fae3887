"""Where statements and strings begin and end, by a lexer that also reads code which does not parse."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"""\"\"\"|'''|["']|\#[^\n]*|[(\[{]|[)\]}]|\\(?:\r?\n|.)|\n|\?""")
_STRING_ENDS = {
    '"""': re.compile(r'[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""', re.DOTALL),
    "'''": re.compile(r"[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''", re.DOTALL),
    '"': re.compile(r'[^"\\\n]*(?:\\.[^"\\\n]*)*(?:"|(?=\n)|\\?\Z)', re.DOTALL),
    "'": re.compile(r"[^'\\\n]*(?:\\.[^'\\\n]*)*(?:'|(?=\n)|\\?\Z)", re.DOTALL),
}
_QUESTION = re.compile(r"\?{1,2}[ \t]*(?:\r?\n|\Z)")


def statement_end(text: str, start: int) -> tuple[int, bool]:
    """Return the offset after the logical line that begins at ``start``, and whether it asks for help (``obj?``).

    Brackets, strings and backslashes continue a line as in Python; a string that is never closed ends with its line, or
    with the text when it is triple-quoted.
    """
    depth, position = 0, start
    while token := _TOKEN.search(text, position):
        position, mark = token.end(), token[0]
        if mark in _STRING_ENDS:
            position = _string_end(text, position, mark)
        elif mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth = max(0, depth - 1)
        elif depth == 0 and mark == "\n":
            return position, False
        elif depth == 0 and mark == "?" and (question := _QUESTION.match(text, token.start())):
            return question.end(), True
    return len(text), False


def _string_end(text: str, position: int, quote: str) -> int:
    end = _STRING_ENDS[quote].match(text, position)
    return end.end() if end else len(text)


def statement_starts(text: str) -> Iterator[int]:
    """Yield the offset of every logical line."""
    position = 0
    while position < len(text):
        yield position
        position, _ = statement_end(text, position)


def long_strings(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of every closed triple-quoted string."""
    position = 0
    while token := _TOKEN.search(text, position):
        position, mark = token.end(), token[0]
        if mark not in _STRING_ENDS:
            continue
        end = _STRING_ENDS[mark].match(text, position)
        if end:
            position = end.end()
            if len(mark) == 3:
                yield token.start(), position


def line_after(text: str, start: int) -> int:
    """Return the offset after a physical line and those that its trailing backslashes join to it."""
    while True:
        end = text.find("\n", start)
        if end < 0:
            return len(text)
        if not text[start:end].rstrip("\r").endswith("\\"):
            return end + 1
        start = end + 1
