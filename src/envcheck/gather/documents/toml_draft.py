"""A TOML text that is being changed: each step is spliced into the text and done to its values, and both must agree."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct

from envcheck.gather.documents.toml_elements import insertion as element_insertion
from envcheck.gather.documents.toml_layout import Layout, Node, layout
from envcheck.gather.documents.toml_sections import NewEntry, insertion, removal
from envcheck.gather.documents.toml_strings import quoted, spliced
from envcheck.gather.documents.toml_tables import Path
from envcheck.model.changes import Edit

_MOST_PARTS = 1000


class Write(Struct, frozen=True):
    """Replace the characters ``start`` to ``stop`` of the value of the string at ``path``."""

    path: Path
    start: int
    stop: int
    text: str


class Put(Struct, frozen=True):
    """Put a new entry into the table at ``path``; ``after`` as in :class:`NewEntry`."""

    path: Path
    name: str
    value: str
    after: str | None = None


class PutTable(Struct, frozen=True):
    """Write a table of texts in place of the text at ``path``."""

    path: Path
    table: tuple[tuple[str, str], ...]


class Drop(Struct, frozen=True):
    """Take out what stands at ``path``, key and all."""

    path: Path


Step: TypeAlias = Write | Put | PutTable | Drop


class Impossible(Exception):  # noqa: N818 - it is what the change is, and no error of ours
    """A change that cannot be made: why, and what to do in its place."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class Draft:
    """The text as it is by now, and which characters of it are those of the original."""

    def __init__(self, text: str, tables: dict[str, object]) -> None:
        self.text = text
        self.tables = tables
        self._length = len(text)
        self._kept: list[tuple[int, int] | str] = [(0, len(text))]
        self._layout: Layout | None = layout(text)
        self._line_break = self._layout.line_break

    @property
    def layout(self) -> Layout:
        """The layout of the text as it is by now."""
        if self._layout is None:
            self._layout = layout(self.text, self._line_break)
        return self._layout

    def copy(self) -> Draft:
        """Return a draft that goes on from here by itself."""
        other = copy.copy(self)
        other.tables = copy.deepcopy(self.tables)
        return other

    def take(self, steps: Iterable[Step]) -> None:
        """Take steps, one after the other; raises :class:`Impossible`."""
        for step in steps:
            match step:
                case Write() | PutTable():
                    self.write([step])
                case Put():
                    self.put(step)
                case Drop(path=path):
                    self.drop(path)

    def write(self, steps: Sequence[Write | PutTable]) -> None:
        """Replace texts all at once."""
        nodes = {node.path: node for section in self.layout.sections for node in _all(section.nodes)}
        edits = []
        for step in steps:
            node = nodes.get(step.path)
            if node is None or node.kind != "string":
                raise _unusual()
            before = str(self._at(step.path))
            if isinstance(step, PutTable):
                quote = self.text[node.value]
                inner = ", ".join(f"{name} = {quoted(value, quote)}" for name, value in step.table)
                edits.append(Edit(node.value, node.stop, f"{{ {inner} }}"))
                self._set(step.path, dict(step.table))
            else:
                after = before[: step.start] + step.text + before[step.stop :]
                edits.append(self._written(node, step, after))
                self._set(step.path, after)
        self._splice(edits)

    def _written(self, node: Node, step: Write, after: str) -> Edit:
        source = self.text[node.value : node.stop]
        part = spliced(source, step.start, step.stop, step.text)
        if part is None:
            return Edit(node.value, node.stop, quoted(after))
        return Edit(node.value + part[0], node.value + part[1], part[2])

    def put(self, step: Put) -> None:
        """Put an entry into a table."""
        parts = (part for _, part in self.layout.parts(step.path))
        nodes = (node for part in parts for node in _all([part] if isinstance(part, Node) else part.nodes))
        quote = next((self.text[node.value] for node in nodes if node.kind == "string"), '"')
        table = self._made(step.path)
        self._splice(insertion(self.layout, NewEntry(step.path, step.name, quoted(step.value, quote), step.after)))
        table[step.name] = step.value

    def insert(self, path: Path, index: int, value: str) -> None:
        """Make a text the element ``index`` of the list at ``path``, which is made where there is none."""
        array = self.layout.node(path)
        if array is None:
            indent, eol = "    ", self.layout.line_break
            source = f"[{eol}{indent}{quoted(value)},{eol}]"
            table = self._made(path[:-1])
            self._splice(insertion(self.layout, NewEntry(path[:-1], str(path[-1]), source)))
            table[str(path[-1])] = [value]
            return
        elements = self._at(path)
        if array.kind != "array" or not isinstance(elements, list):
            raise _unusual()
        texts = [node for node in array.nodes if node.kind == "string"]
        quote = self.text[texts[max(0, min(index, len(texts)) - 1)].value] if texts else '"'
        self._splice(element_insertion(self.layout, array, index, quoted(value, quote)))
        elements.insert(index, value)

    def drop(self, path: Path) -> None:
        """Take out what stands at a path; with the last table of a list, that list."""
        within = self._at(path[:-1])
        if isinstance(within, list) and len(within) == 1 and isinstance(within[0], dict):
            path = path[:-1]
        for _ in range(_MOST_PARTS):
            parts = self.layout.parts(path)
            if not parts:
                raise _unusual()
            self._splice([removal(self.layout, *parts[-1])])
            if len(parts) == 1:
                break
        parent = self._at(path[:-1])
        del parent[path[-1]]  # type: ignore[attr-defined]

    def holds(self) -> bool:
        """Tell whether the text says what its tables say: nothing else has changed."""
        import tomli

        try:
            return _pruned(tomli.loads(self.text, parse_float=str)) == _pruned(self.tables)
        except (tomli.TOMLDecodeError, RecursionError, ValueError):
            return False

    def edits(self) -> tuple[Edit, ...]:
        """Return what makes this text of the original one."""
        found, position, new = [], 0, ""
        for piece in (*self._kept, (self._length, self._length)):
            if isinstance(piece, str):
                new += piece
                continue
            if new or piece[0] > position:
                found.append(Edit(position, piece[0], new))
            position, new = piece[1], ""
        return tuple(found)

    def _splice(self, edits: Iterable[Edit]) -> None:
        kept: list[tuple[int, int] | str] = []
        texts, rest, position = [], self._kept, 0
        for edit in sorted(edits):
            before, rest = _cut(rest, edit.start - position)
            _, rest = _cut(rest, edit.stop - edit.start)
            kept += [*before, *([edit.text] if edit.text else [])]
            texts += [self.text[position : edit.start], edit.text]
            position = edit.stop
        self._kept = [*kept, *rest]
        self.text = "".join([*texts, self.text[position:]])
        self._layout = None

    def _at(self, path: Path) -> object:
        found: object = self.tables
        try:
            for part in path:
                found = found[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            raise _unusual() from None
        return found

    def _set(self, path: Path, value: object) -> None:
        self._at(path[:-1])[path[-1]] = value  # type: ignore[index]

    def _made(self, path: Path) -> dict[str, object]:
        """Return the table at a path, made if need be."""
        found: object = self.tables
        for part in path:
            if isinstance(found, list) and isinstance(part, int):
                found = found[part]
            elif isinstance(found, dict):
                found = found.setdefault(part, {})
        if not isinstance(found, dict):
            raise _unusual()
        return found


def _unusual() -> Impossible:
    return Impossible("the entry is written in an unusual way", "change it by hand")


def _all(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        yield node
        yield from _all(node.nodes)


def _cut(pieces: list[tuple[int, int] | str], position: int) -> tuple[list[tuple[int, int] | str], ...]:
    """Return the pieces before and after a position of the text that they make."""
    before: list[tuple[int, int] | str] = []
    for number, piece in enumerate(pieces):
        length = len(piece) if isinstance(piece, str) else piece[1] - piece[0]
        if position < length:
            if isinstance(piece, str):
                halves: tuple[tuple[int, int] | str, ...] = piece[:position], piece[position:]
            else:
                halves = (piece[0], piece[0] + position), (piece[0] + position, piece[1])
            rest = [halves[1], *pieces[number + 1 :]]
            return (before, rest) if position == 0 else ([*before, halves[0]], rest)
        before.append(piece)
        position -= length
    return before, []


def _pruned(value: object) -> object:
    """Return a value without its empty tables: a header may stand for none."""
    if isinstance(value, dict):
        inner = {name: _pruned(each) for name, each in value.items()}
        return {name: each for name, each in inner.items() if each != {}}
    return [_pruned(each) for each in value] if isinstance(value, list) else value
