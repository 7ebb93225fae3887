"""Values of TOML and JSON documents whose types nobody has checked: what is of another type counts as absent."""

from __future__ import annotations

from collections.abc import Mapping


def table(value: object) -> Mapping[str, object]:
    """Return a table, empty when the value is none."""
    return value if isinstance(value, dict) else {}


def tables(value: object) -> list[Mapping[str, object]]:
    """Return the tables of a list of tables."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """Return a text, empty when the value is none."""
    return value if isinstance(value, str) else ""


def texts(value: object) -> tuple[str, ...]:
    """Return the texts of a list of texts."""
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
