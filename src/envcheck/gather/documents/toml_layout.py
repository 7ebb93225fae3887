"""How a TOML text is laid out: headers, keys, values, brackets and commas, each by its characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from envcheck.gather.documents.toml_tables import TOKEN, Headers, Path, key_of, shortened

_KINDS = {"[": "array", "{": "table", "string": "string"}
_EQUALS = re.compile(r"[ \t]*=[ \t]*\Z")
_TAIL = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=\r?\n|\Z)")


class Node(Struct):
    """A key with its value, or an element of an array; ``nodes`` and ``commas`` are those between its own brackets.

    ``start`` is the first character of the key or element, ``value`` that of the value. ``commas`` has one comma for
    each node, but for the last none where there is none. ``kind`` is array, table, string or other.
    """

    path: Path
    start: int
    value: int
    stop: int
    kind: str
    nodes: list[Node] = field(default_factory=list)
    commas: list[int] = field(default_factory=list)

    def comma(self, index: int) -> int | None:
        """Return where the comma after a node is."""
        return self.commas[index] if index < len(self.commas) else None


class Section(Struct):
    """A table with a header, or what comes before the first one; ``start`` to ``stop`` is the header."""

    path: Path
    start: int = 0
    stop: int = 0
    nodes: list[Node] = field(default_factory=list)

    @property
    def end(self) -> int:
        """Where the last value ends, else the header."""
        return self.nodes[-1].stop if self.nodes else self.stop


class Layout(Struct, frozen=True):
    """A text that is TOML and its sections in order, the one without header first."""

    text: str
    sections: tuple[Section, ...]
    line_break: str = "\n"
    """That of the file, as its first line ends."""

    def node(self, path: Path) -> Node | None:
        """Return the value at a path that stands there as one: no table with a header or made of dotted keys."""
        return next((node for section in self.sections for node in _along(section.nodes, path)), None)

    def section(self, path: Path) -> Section | None:
        """Return the section of a header."""
        return next((section for section in self.sections[1:] if section.path == path), None)

    def parts(self, path: Path) -> list[tuple[Node | None, Node | Section]]:
        """Return all that is written of the value at a path, each part with the array or inline table that holds it."""
        found: list[tuple[Node | None, Node | Section]] = []
        for section in self.sections:
            if section.path[: len(path)] == path:
                found.append((None, section))
            elif path[: len(section.path)] == section.path:
                found += _below(None, section.nodes, path)
        return found

    def line_start(self, position: int) -> int:
        """Return where the line of a character begins."""
        return self.text.rfind("\n", 0, position) + 1

    def indentation(self, position: int) -> str | None:
        """Return the blanks before a character, ``None`` when something else stands before it in its line."""
        before = self.text[self.line_start(position) : position]
        return None if before.strip(" \t") else before

    def line_end(self, position: int) -> int | None:
        """Return where the line ends if nothing but a comment follows, before the line break; ``None`` if not."""
        tail = _TAIL.match(self.text, position)
        return tail.end() if tail else None

    def equals(self, node: Node) -> str:
        """Return the ``=`` between key and value with the blanks around it."""
        found = _EQUALS.search(self.text, node.start, node.value)
        return found[0] if found else " = "


def layout(text: str, line_break: str = "") -> Layout:
    """Return the layout of a text that is TOML; what is put in gets this line break, else that of its first line."""
    first = text.find("\n")
    own = "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"
    return Layout(text, tuple(_Scanner(text).sections()), line_break or own)


def _along(nodes: list[Node], path: Path) -> Iterator[Node]:
    for node in nodes:
        if node.path == path:
            yield node
        elif path[: len(node.path)] == node.path:
            yield from _along(node.nodes, path)


def _below(parent: Node | None, nodes: list[Node], path: Path) -> Iterator[tuple[Node | None, Node]]:
    for node in nodes:
        if node.path[: len(path)] == path:
            yield parent, node
        elif path[: len(node.path)] == node.path:
            yield from _below(node, node.nodes, path)


class _Open(Struct):
    """A section, array or inline table that is being read."""

    path: Path
    nodes: list[Node]
    node: Node | None = None
    key: Path = ()
    key_start: int = -1
    value: Node | None = None
    in_value: bool = False

    @property
    def is_array(self) -> bool:
        """Whether elements stand here, not keys."""
        return self.node is not None and self.node.kind == "array"

    def begin(self, kind: str, start: int, stop: int) -> Node:
        """Begin the value that comes next."""
        path = (*self.path, len(self.nodes)) if self.is_array else (*self.path, *self.key)
        first = start if self.is_array else self.key_start
        self.value = Node(shortened(path), first, start, stop, kind)
        self.nodes.append(self.value)
        return self.value

    def next(self) -> None:
        """Go on to the next key or element."""
        self.key, self.key_start, self.value, self.in_value = (), -1, None, False


class _Scanner:
    """Follows the tokens of a text."""

    def __init__(self, text: str) -> None:
        self._tokens = TOKEN.finditer(text)
        self._sections = [Section(())]
        self._open = [_Open((), self._sections[0].nodes)]

    def sections(self) -> list[Section]:
        """Return all sections."""
        headers = Headers()
        for token in self._tokens:
            current, kind = self._open[-1], token.lastgroup or ""
            start, stop = token.span(kind)
            expects_value = current.is_array or current.in_value
            if kind == "newline":
                if len(self._open) == 1:
                    current.next()
            elif kind == "mark" and token["mark"] == "[" and not expects_value:
                path, end = headers.read(self._tokens)
                self._sections.append(Section(path, start, end))
                self._open = [_Open(path, self._sections[-1].nodes)]
            elif kind == "mark":
                self._mark(token["mark"], start, stop)
            elif not expects_value:
                current.key = shortened((*current.key, key_of(token[kind])))
                current.key_start = start if current.key_start < 0 else current.key_start
            elif current.value is None:
                current.begin(_KINDS.get(kind, "other"), start, stop)
            else:  # a time after a date, or what follows the point of a number
                current.value.stop = stop
        return self._sections

    def _mark(self, mark: str, start: int, stop: int) -> None:
        current = self._open[-1]
        if mark in "[{":
            node = current.begin(_KINDS[mark], start, stop)
            self._open.append(_Open(node.path, node.nodes, node))
        elif mark in "]}" and current.node:
            current.node.stop = stop
            self._open.pop()
        elif mark == "," and current.node:
            current.node.commas.append(start)
            current.next()
        elif mark == "=":
            current.in_value = True
