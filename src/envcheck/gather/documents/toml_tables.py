"""TOML as tables, and where each string of it stands: tomli says what, a small scanner says where."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct, field

from envcheck.gather.documents.faults import Fault
from envcheck.gather.documents.lock_texts import conflict

Path: TypeAlias = tuple[str | int, ...]
"""Keys and array indices from the root: ``("project", "dependencies", 0)``."""

_DEEPEST = 20
# A token takes the blanks and the comment before it along: so there are half as many.
TOKEN = re.compile(
    r"""[ \t\r]*(?:\#[^\n]*)?
    (?:(?P<newline>\n|\Z)|(?P<bare>[^\s\[\]{}=,."'\#]+)|(?P<mark>[\[\]{}=,.])
    |(?P<string>\"""[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*\"{3,5}|'''[^']*(?:'(?!'')[^']*)*'{3,5}
        |"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\n]*'))""",
    re.VERBOSE,
)
"""The tokens of a text that is TOML: line end, part of a key or of a value, mark, string."""


class Document(Struct, frozen=True):
    """The tables of a TOML text, none when there is a fault."""

    tables: Mapping[str, object] = field(default_factory=dict)
    fault: Fault | None = None

    def table(self, *keys: str) -> Mapping[str, object]:
        """Return the table at these keys, empty when there is none."""
        found: object = self.tables
        for key in keys:
            found = found.get(key) if isinstance(found, Mapping) else None
        return found if isinstance(found, Mapping) else {}


def parse(text: str) -> Document:
    """Return the tables of a TOML text, or what keeps it from being one; never raises."""
    import tomli

    try:
        return Document(tomli.loads(text))
    except tomli.TOMLDecodeError as error:
        return Document(fault=conflict(text) or Fault(error.msg, error.lineno, error.colno))
    except (RecursionError, ValueError) as error:  # too deep, or a number of too many digits
        return Document(fault=Fault(str(error)))


def places(text: str) -> dict[Path, tuple[int, int]]:
    """Return line and column of each string value's first character, inside the quotes, in a text that is TOML."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    found: dict[Path, tuple[int, int]] = {}
    for path, position in _Scanner().strings(text):
        line = bisect_right(starts, position)
        found[path] = line, position - starts[line - 1] + 1
    return found


class _Open(Struct):
    """A table, inline table or array that is being read; ``index`` counts an array's elements."""

    path: Path
    is_array: bool = False
    index: int = 0
    key: Path = ()
    in_value: bool = False

    @property
    def here(self) -> Path:
        """The path of the value that comes next."""
        return (*self.path, self.index) if self.is_array else (*self.path, *self.key)

    def next(self) -> None:
        """Go on to the next element or key."""
        self.index += 1
        self.key, self.in_value = (), False


class _Scanner:
    """Follows the tokens of a text; the first of the open containers is the table of the last header."""

    def __init__(self) -> None:
        self._open = [_Open(())]
        self._headers = Headers()

    def strings(self, text: str) -> Iterator[tuple[Path, int]]:
        """Yield the path of each string value, and where its text begins."""
        tokens = TOKEN.finditer(text)
        for token in tokens:
            current = self._open[-1]
            kind = token.lastgroup
            if kind == "newline":
                if len(self._open) == 1:
                    current.next()
            elif kind == "mark":
                self._mark(token["mark"], tokens)
            elif not (current.is_array or current.in_value):
                current.key = shortened((*current.key, key_of(token[kind or 0])))
            elif kind == "string":
                here = current.here
                if len(here) <= _DEEPEST:
                    yield here, token.start(kind) + opening(token[kind])

    def _mark(self, mark: str, tokens: Iterator[re.Match[str]]) -> None:
        current = self._open[-1]
        if mark in "]}" and len(self._open) > 1:
            self._open.pop()
        elif mark == ",":
            current.next()
        elif mark == "=":
            current.in_value = True
        elif mark in "[{":
            if current.is_array or current.in_value:
                self._open.append(_Open(shortened(current.here), is_array=mark == "["))
            else:
                self._open = [_Open(self._headers.read(tokens)[0])]


class Headers:
    """Reads the headers of a text in order, since each ``[[table]]`` begins the next element of its list."""

    def __init__(self) -> None:
        self._counts: dict[Path, int] = {}

    def read(self, tokens: Iterator[re.Match[str]]) -> tuple[Path, int]:
        """Return the path of the table whose header goes on to the end of the line, and where the header ends."""
        keys: list[str] = []
        brackets, stop = 1, 0
        for token in tokens:
            kind = token.lastgroup
            if kind == "newline":
                break
            stop = token.end()
            if kind == "mark":
                brackets += token["mark"] == "["
            else:
                keys.append(key_of(token[kind or 0]))
        path: Path = ()
        for key in keys[:-1]:
            path = self._resolved((*path, key))
        path = (*path, *keys[-1:])
        if brackets == 2:
            self._counts[path] = self._counts.get(path, 0) + 1
        return self._resolved(path), stop

    def _resolved(self, path: Path) -> Path:
        count = self._counts.get(path, 0)
        return shortened((*path, count - 1) if count else path)


def shortened(path: Path) -> Path:
    """Return a path, or its beginning when it is deeper than anything that is looked for."""
    # Nothing that deep is ever asked for, and hostile keys of a thousand parts would cost their square.
    return path[: _DEEPEST + 1]


def key_of(token: str) -> str:
    """Return the key that a token writes, bare or in quotes."""
    if token[0] == '"' and "\\" in token:
        import tomli

        return next(iter(tomli.loads(f"{token} = 0")))
    return token[1:-1] if token[0] in "\"'" else token


def opening(token: str) -> int:
    """Return how many characters stand before the text of a string; a first line break is none of its text."""
    if token[:3] not in ('"""', "'''"):
        return 1
    return 5 if token[3:5] == "\r\n" else 4 if token[3:4] == "\n" else 3
