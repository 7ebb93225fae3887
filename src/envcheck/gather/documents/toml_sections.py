"""Entries of TOML's tables, however these are written, put in and taken out in the style of those beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from envcheck.gather.documents.toml_elements import insertion as element_insertion
from envcheck.gather.documents.toml_elements import removal as element_removal
from envcheck.gather.documents.toml_layout import Layout, Node, Section
from envcheck.gather.documents.toml_strings import key
from envcheck.gather.documents.toml_tables import Path
from envcheck.model.changes import Edit

_BLANKS = re.compile(r"(?:[ \t]*\r?\n)*")


class NewEntry(Struct, frozen=True):
    """An entry for the table ``path``: its key, the source of its value, and after which key it goes.

    ``after`` is ``None`` for the end of the table and empty for its beginning.
    """

    path: Path
    name: str
    source: str
    after: str | None = None


def names(layout: Layout, path: Path) -> list[str]:
    """Return the keys that stand where a new entry of a table would go, in order; those of dotted keys repeat."""
    inline = layout.node(path)
    nodes = inline.nodes if inline else _lines_of(layout, path)[1]
    return [str(node.path[len(path)]) for node in nodes]


def insertion(layout: Layout, entry: NewEntry) -> list[Edit]:
    """Return the edits that write a new entry into a table, which is made where there is none."""
    inline = layout.node(entry.path)
    if inline:
        index = _index(names(layout, entry.path), entry.after)
        equals = layout.equals(inline.nodes[0]) if inline.nodes else " = "
        return element_insertion(layout, inline, index, f"{key(entry.name)}{equals}{entry.source}")
    section, nodes = _lines_of(layout, entry.path)
    return [_into_lines(layout, section, nodes, entry) if section else _new_section(layout, entry)]


def _lines_of(layout: Layout, path: Path) -> tuple[Section | None, list[Node]]:
    """Return the section that holds the entries of a table as lines, and those lines."""
    section = layout.section(path)
    if section:
        return section, section.nodes
    for section in (section for section in layout.sections if len(section.path) < len(path)):
        nodes = [node for node in section.nodes if node.path[: len(path)] == path]
        if nodes:  # dotted keys
            return section, nodes
    return None, []


def _index(names: Sequence[object], after: str | None) -> int:
    """Return at which index comes what goes after a name: behind the last of its parts."""
    if after is None:
        return len(names)
    return max((number for number, name in enumerate(names, 1) if name == after), default=0)


def _into_lines(layout: Layout, section: Section, nodes: Sequence[Node], entry: NewEntry) -> Edit:
    prefix = entry.path[len(section.path) :]
    index = _index([node.path[len(entry.path)] for node in nodes], entry.after)
    beside = nodes[index - 1 if index else 0] if nodes else None
    written = ".".join(key(str(part)) for part in (*prefix, entry.name))
    line = f"{written}{_equals(layout, nodes, beside, written)}{entry.source}"
    indent = (layout.indentation(beside.start) if beside else None) or ""
    if index == 0 and prefix and beside:
        position = layout.line_start(beside.start)
        return Edit(position, position, f"{indent}{line}{layout.line_break}")
    stop = nodes[index - 1].stop if index else section.stop
    end = layout.line_end(stop)
    position = stop if end is None else end
    return Edit(position, position, f"{layout.line_break}{indent}{line}")


def _equals(layout: Layout, nodes: Sequence[Node], beside: Node | None, written: str) -> str:
    """Return the equals sign after a key, with blanks before it where those of the other lines are aligned."""
    if beside is None:
        return " = "
    starts = {(node.value - layout.line_start(node.start)) for node in nodes}
    lengths = {len(layout.text[node.start : node.value].rstrip(" \t=")) for node in nodes}
    equals = layout.equals(beside)
    if len(starts) == 1 and len(lengths) > 1:
        width = starts.pop() - len(layout.indentation(beside.start) or "")
        return equals.lstrip(" \t").rjust(max(width - len(written), len(equals.lstrip(" \t")) + 1))
    return equals if len(lengths) > 1 or not equals.startswith("  ") else equals.strip(" \t").center(3)


def _new_section(layout: Layout, entry: NewEntry) -> Edit:
    """Return the edit for a table that is not there: beside those it belongs to, else at the end of the file."""
    eol = layout.line_break
    header = f"[{'.'.join(key(str(part)) for part in entry.path)}]"
    lines = f"{header}{eol}{key(entry.name)} = {entry.source}"
    follower = _follower(layout, entry.path)
    if follower is None:
        text = layout.text
        if not text.endswith("\n"):
            return Edit(len(text), len(text), f"{eol}{eol}{lines}" if text.strip() else lines)
        gap = "" if text.endswith(("\n\n", "\n\r\n")) or not text.strip() else eol
        return Edit(len(text), len(text), f"{gap}{lines}{eol}")
    position = layout.line_start(follower.start)
    while position:
        above = layout.line_start(position - 1)
        if not layout.text[above:position].lstrip(" \t").startswith("#"):
            break
        position = above
    before = layout.text[:position]
    gap = "" if not before.strip() or before.endswith(("\n\n", "\n\r\n")) else eol
    return Edit(position, position, f"{gap}{lines}{eol}{eol}")


def _follower(layout: Layout, path: Path) -> Section | None:
    """Return the section before which a new one goes, ``None`` for the end of the file."""
    sections = layout.sections[1:]
    below = next((section for section in sections if section.path[: len(path)] == path), None)
    if below:
        return below
    shared = [_shared(section.path, path) for section in sections]
    most = max(shared, default=0)
    if most == 0:
        return None
    last = max(number for number, length in enumerate(shared) if length == most)
    return sections[last + 1] if last + 1 < len(sections) else None


def _shared(one: Path, other: Path) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def removal(layout: Layout, parent: Node | None, part: Node | Section) -> Edit:
    """Return the edit that takes out one part of what is written of a value, with the comment of its line."""
    if isinstance(part, Section):
        return _section_removal(layout, part)
    if parent is not None:
        return element_removal(layout, parent, part)
    return _lines(layout, part.start, part.stop)


def _lines(layout: Layout, start: int, stop: int) -> Edit:
    """Return the edit that removes whole lines; of a last one without line break, that of the line before."""
    first, end = layout.line_start(start), layout.line_end(stop)
    if end is None:
        return Edit(start, stop, "")
    following = layout.text.find("\n", end)
    if following >= 0:
        return Edit(first, following + 1, "")
    before = layout.text[:first].removesuffix("\n").removesuffix("\r")
    return Edit(len(before), len(layout.text), "")


def _section_removal(layout: Layout, section: Section) -> Edit:
    edit = _lines(layout, section.start, section.end)
    blanks = _BLANKS.match(layout.text, edit.stop)
    stop = blanks.end() if blanks else edit.stop
    if not layout.text[stop:].strip():  # the last one: the blank lines before it end the file no longer
        before = layout.text[: edit.start]
        kept = before.rstrip(" \t\r\n")
        newline = layout.text.find("\n", len(kept)) if layout.text.endswith("\n") else -1
        return Edit(newline + 1 if 0 <= newline < edit.start else len(kept), stop, "")
    return Edit(edit.start, stop, "")
