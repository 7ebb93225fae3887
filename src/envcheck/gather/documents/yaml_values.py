"""YAML text → plain values: mappings, lists and texts, nothing else, for large files that a program wrote.

As yaml.BaseLoader makes them (``3.10`` stays ``3.10``, tags say nothing), but of the parser's events: PyYAML's C loader
takes six times as long and dies of deep nesting, which no ``except`` catches. Aliases share their value, so a bomb
stays as small as its text. Import this module where YAML is read and not before: it brings PyYAML.
"""

from __future__ import annotations

from typing import TypeAlias, Union

import yaml
from msgspec import Struct

from envcheck.gather.documents.faults import Fault

Value: TypeAlias = Union[str, list["Value"], "YamlMapping"]

_DEEPEST = 50
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class YamlMapping(dict[str, "Value"]):
    """A mapping with the line of its first key (from 1); of doubled keys the last one counts, as for any loader."""

    __slots__ = ("line",)

    def __init__(self, line: int = 0) -> None:
        self.line = line

    def text(self, key: str) -> str:
        """Return the text of a key, empty when it has none."""
        value = self.get(key)
        return value if isinstance(value, str) else ""

    def mapping(self, key: str) -> YamlMapping:
        """Return the mapping of a key, empty when it has none."""
        value = self.get(key)
        return value if isinstance(value, YamlMapping) else YamlMapping()

    def sequence(self, key: str) -> list[Value]:
        """Return the list of a key, empty when it has none."""
        value = self.get(key)
        return value if isinstance(value, list) else []


class Loaded(Struct, frozen=True):
    """The value of the only document in a text, ``None`` when there is none, or why it cannot be had."""

    value: Value | None
    fault: Fault | None = None


class _Refused(Exception):  # noqa: N818 - it is what happens to the text
    def __init__(self, message: str, event: yaml.Event) -> None:
        mark = event.start_mark
        self.fault = Fault(message, mark.line + 1, mark.column + 1) if mark else Fault(message)


def load(text: str) -> Loaded:
    """Return the value of a text that holds one YAML document; never raises."""
    building = _Building()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            building.take(event)
    except _Refused as refused:
        return Loaded(None, refused.fault)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        return Loaded(None, Fault(error.problem or "no YAML", *place))
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        return Loaded(None, Fault((str(error) or "no YAML").splitlines()[0]))
    return Loaded(building.root)


class _Building:
    """What grows out of the events; ``_keys`` holds for each open mapping the key whose value comes next."""

    def __init__(self) -> None:
        self.root: Value | None = None
        self._open: list[YamlMapping | list[Value]] = []
        self._keys: list[str | None] = []
        self._anchors: dict[str, Value] = {}
        self._names: list[str | None] = []

    def take(self, event: yaml.Event) -> None:
        """Let the value grow by one event."""
        if isinstance(event, yaml.ScalarEvent):
            self._add(event.value, event.anchor, event)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(self._open) == _DEEPEST:
                raise _Refused(f"nested deeper than {_DEEPEST} levels", event)
            line = event.start_mark.line + 1 if event.start_mark else 0
            self._open.append(YamlMapping(line) if isinstance(event, yaml.MappingStartEvent) else [])
            self._keys.append(None)
            self._names.append(event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._keys.pop()
            self._add(self._open.pop(), self._names.pop(), event)
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise _Refused(f"nothing is called &{event.anchor} before", event)
            self._add(self._anchors[event.anchor], None, event)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise _Refused("a second YAML document begins here", event)

    def _add(self, value: Value, anchor: str | None, event: yaml.Event) -> None:
        if anchor:
            self._anchors[anchor] = value
        if not self._open:
            self.root = value
            return
        holder = self._open[-1]
        if isinstance(holder, list):
            holder.append(value)
            return
        key = self._keys[-1]
        if key is not None:
            holder[key] = value
            self._keys[-1] = None
        elif isinstance(value, str):
            self._keys[-1] = value
        else:
            raise _Refused("a key that is no text", event)
