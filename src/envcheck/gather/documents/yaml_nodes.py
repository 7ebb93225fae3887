"""YAML as plain nodes with places; :mod:`envcheck.gather.documents.yaml_events` makes them."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from envcheck.gather.documents.faults import Fault


class Scalar(Struct, frozen=True):
    """A scalar's text; line and column (from 1) are those of its first character, inside quotes.

    ``block`` is true for ``|`` and ``>`` scalars, whose text begins in the line after their mark. ``stop`` is the
    offset after the whole, quotes included; ``quote`` is the mark that encloses it, empty for a plain one.
    """

    text: str
    line: int
    column: int
    tag: str = ""
    block: bool = False
    stop: int = 0
    quote: str = ""


# Aliases share nodes: comparing or printing a whole tree could take for ever, so collections know only their identity.
class Sequence(Struct, frozen=True, eq=False):
    """A list; ``flow`` is true for ``[…]``, of which ``start`` and ``stop`` are the offsets."""

    nodes: tuple[Node, ...]
    line: int
    column: int
    flow: bool = False
    start: int = 0
    stop: int = 0

    __repr__ = object.__repr__


class Mapping(Struct, frozen=True, eq=False):
    """A mapping as written: pairs in order, doubled keys included, keys that are no scalars left out.

    ``flow`` is true for ``{…}``.
    """

    pairs: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int
    flow: bool = False

    __repr__ = object.__repr__

    def get(self, key: str) -> Node | None:
        """Return the last value of a key, as a YAML loader does."""
        return next((value for name, value in reversed(self.pairs) if name.text == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping


class Document(Struct, frozen=True):
    """The first document of a text: its root, ``None`` when it is empty or broken, and what is wrong with it."""

    root: Node | None
    faults: tuple[Fault, ...] = ()
