"""Tables → TOML, as plain as it can be: for files that are written whole and that nobody has written before."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def to_toml(table: Mapping[str, object]) -> str:
    """Return the TOML text of a table of strings, numbers, booleans, lists of these, tables and lists of tables."""
    return "\n".join(_lines(table, ())).strip("\n") + "\n"


def _lines(table: Mapping[str, object], path: tuple[str, ...]) -> Iterator[str]:
    """Yield what a table holds: its values first, for a line below the header of another table belongs to that."""
    for key, value in table.items():
        if not (isinstance(value, Mapping) or _is_tables(value)):
            yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        below = (*path, key)
        name = ".".join(map(_key, below))
        if isinstance(value, Mapping):
            if not value or not all(isinstance(one, Mapping) for one in value.values()):
                yield from ("", f"[{name}]")
            yield from _lines(value, below)
        elif _is_tables(value) and isinstance(value, Sequence):
            for one in value:
                yield from ("", f"[[{name}]]")
                yield from _lines(one, below)


def _is_tables(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(one, Mapping) for one in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _string(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _string(value) if isinstance(value, str) else str(value)


def _string(text: str) -> str:
    """Return a basic string: JSON's, but for surrogates, which TOML has no way to spell, and DEL, which JSON allows."""
    spelled = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(spelled, ensure_ascii=False).replace("\x7f", "\\u007f")
