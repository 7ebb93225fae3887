"""Elements of TOML's arrays and inline tables, put in and taken out in the style of those beside them."""

from __future__ import annotations

import re

from envcheck.gather.documents.toml_layout import Layout, Node
from envcheck.model.changes import Edit

_COMMA_FIRST = re.compile(r"[ \t]*,[ \t]*")


def insertion(layout: Layout, parent: Node, index: int, source: str) -> list[Edit]:
    """Return the edits that make ``source`` the element ``index`` of an array or the entry of an inline table."""
    if not parent.nodes:
        return [_into_empty(layout, parent, source)]
    return _after(layout, parent, index - 1, source) if index else [_first(layout, parent, source)]


def _after(layout: Layout, parent: Node, index: int, source: str) -> list[Edit]:
    node, comma = parent.nodes[index], parent.comma(index)
    indent = layout.indentation(node.start)
    end = layout.line_end(node.stop if comma is None else comma + 1)
    if comma is not None:
        if indent is not None and end is not None and layout.line_end(node.stop) is None:
            return [Edit(end, end, f"{layout.line_break}{indent}{source},")]
        return [Edit(comma + 1, comma + 1, f"{_gap(layout, parent)}{source},")]
    before = layout.text[layout.line_start(node.start) : node.start]
    if end is not None and _COMMA_FIRST.fullmatch(before):
        return [Edit(end, end, f"{layout.line_break}{before}{source}")]
    if indent is None:
        return [Edit(node.stop, node.stop, f",{_gap(layout, parent)}{source}")]
    new_line = f"{layout.line_break}{indent}{source}"
    if end is None or end == node.stop:
        return [Edit(node.stop, node.stop, f",{new_line}")]
    return [Edit(node.stop, node.stop, ","), Edit(end, end, new_line)]


def _first(layout: Layout, parent: Node, source: str) -> Edit:
    node = parent.nodes[0]
    indent = layout.indentation(node.start)
    end = layout.line_end(parent.value + 1)
    if indent is not None and end is not None:
        return Edit(end, end, f"{layout.line_break}{indent}{source},")
    second = layout.indentation(parent.nodes[1].start) if len(parent.nodes) > 1 else None
    gap = _gap(layout, parent) if second is None else f"{layout.line_break}{second}"
    return Edit(node.start, node.start, f"{source},{gap}")


def _gap(layout: Layout, parent: Node) -> str:
    """Return the blanks after the commas."""
    if len(parent.nodes) < 2:
        return " "
    gap = layout.text[parent.commas[0] + 1 : parent.nodes[1].start]
    return gap if not gap.strip(" \t") else " "


def _into_empty(layout: Layout, parent: Node, source: str) -> Edit:
    inner = layout.text[parent.value + 1 : parent.stop - 1]
    base = layout.indentation(parent.start)
    if "\n" in inner:
        end = parent.value + 1 + len(inner.rstrip(" \t").removesuffix("\n").removesuffix("\r"))
        last = layout.text[layout.line_start(end) : end]
        is_comment = last.lstrip(" \t").startswith("#")
        indent = last[: -len(last.lstrip(" \t"))] if is_comment else (base or "") + indentation(layout)
        return Edit(end, end, f"{layout.line_break}{indent}{source},")
    if parent.kind == "array" and base is not None:
        new_line = layout.line_break + base
        text = f"{new_line}{indentation(layout)}{source},{new_line}"
    else:
        text = f" {source} " if parent.kind == "table" else source
    return Edit(parent.value + 1, parent.stop - 1, text)


def indentation(layout: Layout) -> str:
    """Return how the elements of the file's arrays are indented, four blanks when none tells."""
    arrays = (node for section in layout.sections for node in section.nodes if node.kind == "array" and node.nodes)
    found = (layout.indentation(node.nodes[0].start) for node in arrays)
    return next((indent for indent in found if indent), "    ")


def removal(layout: Layout, parent: Node, node: Node) -> Edit:
    """Return the edit that takes a node out of an array or inline table, with the comment of its own line."""
    index = next(number for number, each in enumerate(parent.nodes) if each is node)
    return _lines(layout, parent, index) or _within_line(layout, parent, index)


def _lines(layout: Layout, parent: Node, index: int) -> Edit | None:
    """Return the edit for a node that has its lines for itself."""
    node, comma = parent.nodes[index], parent.comma(index)
    start, end = layout.line_start(node.start), layout.line_end(node.stop)
    before = layout.text[start : node.start]
    is_last = index == len(parent.nodes) - 1
    if comma is not None and end is None:
        between = layout.text[node.stop : comma]
        end = None if between.strip(" \t") else layout.line_end(comma + 1)
        is_alone = not before.strip(" \t")
    else:
        is_alone = bool(_COMMA_FIRST.fullmatch(before)) or (is_last and comma is None and not before.strip(" \t"))
    next_line = -1 if end is None else layout.text.find("\n", end)
    return Edit(start, next_line + 1, "") if is_alone and next_line >= 0 else None


def _within_line(layout: Layout, parent: Node, index: int) -> Edit:
    text, node, comma = layout.text, parent.nodes[index], parent.comma(index)
    if index + 1 < len(parent.nodes):
        after = text[node.stop : parent.nodes[index + 1].start]
        # A comment or line break between stays where it is.
        stop = parent.nodes[index + 1].start if not after.strip(" \t,") else (comma or node.stop) + 1
        return Edit(node.start, stop, "")
    stop = node.stop if comma is None else comma + 1
    if index:
        start = parent.nodes[index - 1].stop if comma is None else parent.commas[index - 1] + 1
        return Edit(node.start if text[start : node.start].strip(" \t,") else start, stop, "")
    inner = text[parent.value + 1 : parent.stop - 1]
    return Edit(node.start, stop, "") if "#" in inner or "\n" in inner else Edit(parent.value + 1, parent.stop - 1, "")
