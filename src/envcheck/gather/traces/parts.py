"""The parts of a notebook's metadata that have the shape that they should have; others count as absent."""

from __future__ import annotations

import json
from collections.abc import Mapping

_LONGEST = 5_000_000
"""Characters of a document kept as a text: juv's longest lock has a quarter of a million."""


def part(values: Mapping[str, object], key: str) -> Mapping[str, object]:
    """Return the object under a key, an empty one when there is none."""
    return as_object(values.get(key))


def as_object(value: object) -> Mapping[str, object]:
    """Return a value that is an object, else an empty one."""
    return {key: inner for key, inner in value.items() if isinstance(key, str)} if isinstance(value, dict) else {}


def text(values: Mapping[str, object], key: str) -> str:
    """Return the text under a key, an empty one when there is none."""
    value = values.get(key)
    return value if isinstance(value, str) else ""


def texts(values: Mapping[str, object], key: str) -> list[str]:
    """Return the texts of the list under a key."""
    value = values.get(key)
    return [inner for inner in value if isinstance(inner, str)] if isinstance(value, list) else []


def document(values: Mapping[str, object], key: str) -> Mapping[str, object]:
    """Return the object that the text under a key is, as JSON; the object itself where it is kept as such."""
    value = values.get(key)
    if isinstance(value, str) and len(value) <= _LONGEST:
        try:
            return as_object(json.loads(value, parse_int=float))
        except (ValueError, RecursionError):
            return {}
    return as_object(value)


def table(source: str) -> Mapping[str, object]:
    """Return what a text is as TOML; empty when it is none."""
    if not source or len(source) > _LONGEST:
        return {}
    import tomli

    try:
        return tomli.loads(source.replace("\r\n", "\n"))
    except (ValueError, RecursionError):
        return {}
