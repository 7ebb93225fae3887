"""YAML text → plain nodes: nothing is constructed, so tags, alias bombs and deep nesting stay harmless.

Made of the parser's events and not by ``yaml.compose``, which recurses as deep as the text does.
Import this module where YAML is read and not before: it brings PyYAML.
"""

from __future__ import annotations

import re

import yaml
from msgspec import Struct, field

from envcheck.gather.documents.faults import Fault
from envcheck.gather.documents.lock_texts import conflict
from envcheck.gather.documents.yaml_nodes import Document, Mapping, Node, Scalar, Sequence

_DEEPEST = 50
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PROPERTIES = re.compile(r"(?:[!&]\S*\s+|#.*\n\s*)*")
_BLOCK = re.compile(r"\n(?:[ \t\r]*\n)*( *)")
_MESSAGES = {
    "\t": "a tab where YAML takes only spaces",
    "%": "a line begins with %: a template has to be rendered first",
}


def compose(text: str) -> Document:
    """Return the first YAML document of a text, as far as it is one; never raises."""
    tree = _Tree(text)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            tree.take(event)
            if tree.full:
                break
    except yaml.MarkedYAMLError as error:
        return Document(None, (conflict(text) or _fault(text, error),))
    except (yaml.YAMLError, UnicodeError) as error:
        return Document(None, (Fault(str(error).splitlines()[0]),))
    return Document(tree.root, tuple(tree.faults))


def _fault(text: str, error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Fault(error.problem or "no YAML")
    message = _MESSAGES.get(text[mark.index : mark.index + 1], error.problem or "no YAML")
    return Fault(message, mark.line + 1, mark.column + 1)


class _Open(Struct):
    """A collection whose end has not come yet; keys and values of a mapping alternate in ``nodes``."""

    event: yaml.CollectionStartEvent
    nodes: list[Node] = field(default_factory=list)

    def closed(self, end: yaml.Event) -> Node:
        line, column = _position(self.event)
        flow = self.event.flow_style is True
        if isinstance(self.event, yaml.SequenceStartEvent):
            start = self.event.start_mark.index if self.event.start_mark else 0
            return Sequence(tuple(self.nodes), line, column, flow, start, _stop(end))
        pairs = zip(self.nodes[::2], self.nodes[1::2], strict=False)
        return Mapping(tuple((key, value) for key, value in pairs if isinstance(key, Scalar)), line, column, flow)


class _Tree:
    """What grows out of the events: the first document's root, and what is wrong with the text."""

    def __init__(self, text: str) -> None:
        self.root: Node | None = None
        self.faults: list[Fault] = []
        self.full = False
        self._text = text
        self._open: list[_Open] = []
        self._anchors: dict[str, Node] = {}

    def take(self, event: yaml.Event) -> None:
        """Let the tree grow by one event."""
        match event:
            case yaml.CollectionStartEvent():
                self._open.append(_Open(event))
                if len(self._open) > _DEEPEST:
                    self._stop(event, f"nested deeper than {_DEEPEST} levels")
            case yaml.CollectionEndEvent():
                ended = self._open.pop()
                self._add(ended.closed(event), ended.event.anchor)
            case yaml.ScalarEvent():
                self._add(_scalar(self._text, event), event.anchor)
            case yaml.AliasEvent():
                self._add(self._anchors.get(event.anchor or "") or self._unknown(event), None)
            case yaml.DocumentStartEvent() if self.root is not None:
                self._stop(event, "a second YAML document begins here; only the first one counts")

    def _stop(self, event: yaml.Event, message: str) -> None:
        self.faults.append(Fault(message, *_position(event)))
        self.full = True

    def _unknown(self, alias: yaml.AliasEvent) -> Node:
        self.faults.append(Fault(f"nothing is called &{alias.anchor} before", *_position(alias)))
        return Scalar("", *_position(alias))

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = node
        if isinstance(node, Mapping):
            self._note_doubled(node)
        if self._open:
            self._open[-1].nodes.append(node)
        elif self.root is None:
            self.root = node

    def _note_doubled(self, mapping: Mapping) -> None:
        seen: set[str] = set()
        for key, _ in mapping.pairs:
            if key.text in seen:
                self.faults.append(Fault(f"the key {key.text!r} stands twice", key.line, key.column))
            seen.add(key.text)


def _position(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


def _stop(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark else 0


def _scalar(text: str, event: yaml.ScalarEvent) -> Scalar:
    line, column = _position(event)
    if event.start_mark and (event.tag or event.anchor):
        properties = _PROPERTIES.match(text, event.start_mark.index)
        skipped = properties[0] if properties else ""
        line += skipped.count("\n")
        column = len(skipped) - skipped.rfind("\n") if "\n" in skipped else column + len(skipped)
    stop = _stop(event)
    if event.style in ("|", ">"):
        indent = _BLOCK.search(text, event.start_mark.index if event.start_mark else 0)
        return Scalar(event.value, line + 1, len(indent[1]) + 1 if indent else 1, block=True, stop=stop)
    quote = event.style if event.style in ("'", '"') else ""
    return Scalar(event.value, line, column + len(quote), event.tag or "", stop=stop, quote=quote)
