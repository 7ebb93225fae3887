"""How the lists of an environment file are laid out: each entry with its characters and lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from envcheck.gather.documents.text_edits import Lines
from envcheck.gather.documents.yaml_nodes import Mapping, Node, Scalar, Sequence

YAML_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_DASH = re.compile(r" *- +")
_REST = re.compile(r"[ \t]*(?:#.*)?")
_NAME = re.compile(r"(?:.*::)?\s*([A-Za-z0-9_][A-Za-z0-9_.-]*)")
_PLAIN = re.compile(r"(?:[A-Za-z0-9_./<>=~^$(]|-(?=\S))(?:[^\x00-\x1f#:]|:(?=\S)|(?<!\s)#)*\Z")
_FLOW_MARKS = frozenset(",[]{}")


class Item(Struct, frozen=True):
    """One entry of a list: its scalar, which may be the value of a key of its own, and the characters it takes."""

    scalar: Scalar
    start: int
    """The offset of the scalar's first character, inside quotes."""
    first: int
    last: int
    """The lines of the whole entry; 0 when it shares them with others."""
    prefix: str = ""
    """What stands before a plain entry of its kind: indentation, dash and blank."""

    @property
    def begin(self) -> int:
        """The offset of the scalar, quotes included."""
        return self.start - len(self.scalar.quote)

    @property
    def stop(self) -> int:
        """The offset after the scalar, without quotes."""
        return self.scalar.stop - len(self.scalar.quote)

    @property
    def name(self) -> str:
        """The name that the entry begins with; empty for options and the like."""
        found = _NAME.match(self.scalar.text)
        return found[1] if found else ""


class ItemList(Struct):
    """A list of entries below a key; ``sequence`` is ``None`` where nothing stands there."""

    key: Scalar
    sequence: Sequence | None
    items: list[Item]
    gone: set[int] = field(default_factory=set)

    @property
    def flow(self) -> bool:
        """Whether it is written in brackets."""
        return self.sequence is not None and self.sequence.flow

    @property
    def kept(self) -> list[Item]:
        """The entries that stay."""
        return [item for index, item in enumerate(self.items) if index not in self.gone]

    @property
    def is_emptied(self) -> bool:
        """Whether nothing stays, of what kind ever."""
        return self.sequence is not None and len(self.gone) == len(self.sequence.nodes) > 0

    @property
    def quote(self) -> str:
        """The quotes around new entries: those that all have."""
        quotes = {item.scalar.quote for item in self.items if not item.scalar.block}
        return quotes.pop() if len(quotes) == 1 else ""


def items_of(sequence: Sequence, lines: Lines) -> Iterator[Item]:
    """Yield the entries that have text of their own; aliases have none."""
    position = sequence.start
    for node in sequence.nodes:
        scalar = _scalar_of(node)
        if scalar is None:
            continue
        start = lines.offset(scalar.line, scalar.column)
        if start < position or (sequence.flow and scalar.stop > sequence.stop):
            continue
        position = scalar.stop
        yield _item(node, scalar, start, lines)


def _scalar_of(node: Node) -> Scalar | None:
    match node:
        case Scalar():
            return node
        case Mapping(pairs=((_, Scalar() as value),)):
            return value if value.text else None
    return None


def _item(node: Node, scalar: Scalar, start: int, lines: Lines) -> Item:
    column = node.column - (len(scalar.quote) if node is scalar else 0)
    prefix = lines.content(node.line)[: column - 1]
    last = lines.at(max(scalar.stop - 1, start))
    rest = lines.text[scalar.stop : lines.start(last) + len(lines.content(last))]
    alone = _DASH.fullmatch(prefix) and _REST.fullmatch(rest) and not scalar.block
    return Item(scalar, start, node.line if alone else 0, last if alone else 0, prefix if alone else "")


def last_line(node: Node, lines: Lines) -> int:
    """Return the line in which a node ends."""
    match node:
        case Scalar():
            return lines.at(max(node.stop - 1, 0))
        case Sequence(flow=False):
            return last_line(node.nodes[-1], lines) if node.nodes else node.line
        case Sequence():
            return lines.at(node.stop - 1)
        case Mapping():
            return last_line(node.pairs[-1][1], lines) if node.pairs else node.line


def written(text: str, quote: str, *, flow: bool) -> str:
    """Return a text as it stands in YAML, quoted only where it must be or ``quote`` says so."""
    if not quote and (not _PLAIN.match(text) or text != text.strip() or (flow and _FLOW_MARKS & set(text))):
        quote = '"' if "'" in text else "'" if '"' in text else '"'
    if quote == "'":
        return f"'{inner(text, quote)}'"
    return f'"{inner(text, quote)}"' if quote else text


def inner(text: str, quote: str) -> str:
    """Return a text as it stands within these quotes."""
    if quote == "'":
        return text.replace("'", "''")
    return text.replace("\\", "\\\\").replace('"', '\\"') if quote else text
