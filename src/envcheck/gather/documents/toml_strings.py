"""TOML's strings of four kinds: which characters of the text are which of the value, and how a value is put."""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.gather.documents.toml_tables import opening

_BASIC = re.compile(
    r"(?P<nothing>\\[ \t]*\r?\n[ \t\r\n]*)|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\x[0-9A-Fa-f]{2}|\\.|\r\n|[\s\S]"
)
_LITERAL = re.compile(r"(?P<nothing>(?!))|\r\n|[\s\S]")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def key(name: str) -> str:
    """Return a key as it is written, without quotes where it needs none."""
    return name if _BARE.fullmatch(name) else quoted(name)


def quoted(value: str, quote: str = '"') -> str:
    """Return a value as a string on one line, in these quotes unless the others spare escapes."""
    quote = quote[:1]
    other = "'" if quote == '"' else '"'
    if _fits(value, quote) or (quote == '"' and not _fits(value, other)):
        return f"{quote}{_escaped(value, quote)}{quote}"
    return f"{other}{_escaped(value, other)}{other}"


def _fits(value: str, quote: str) -> bool:
    unfit = quote == "'" and _UNPRINTABLE.search(value)
    return not unfit and quote not in value and (quote == "'" or "\\" not in value)


def _escaped(value: str, quote: str) -> str:
    if quote == "'":
        return value
    value = value.replace("\\", "\\\\").replace('"', '\\"')
    return _UNPRINTABLE.sub(lambda match: _SHORT.get(match[0], f"\\u{ord(match[0]):04x}"), value)


def spliced(source: str, start: int, stop: int, text: str) -> tuple[int, int, str] | None:
    """Return which characters of a string's source to replace by what, so that ``text`` replaces a part of its value.

    ``None`` when the string is of a kind that cannot hold the text.
    """
    quote = source[0]
    if quote == "'" and text and not _fits(text, quote):
        return None
    characters = list(_characters(source))
    if start < stop:
        return characters[start][0], characters[stop - 1][1], _escaped(text, quote)
    position = characters[start - 1][1] if start else opening(source)
    return position, position, _escaped(text, quote)


def _characters(source: str) -> Iterator[tuple[int, int]]:
    """Yield where each character of the value stands in the source."""
    closing = 3 if source[:3] in ('"""', "'''") else 1
    pattern = _BASIC if source[0] == '"' else _LITERAL
    for unit in pattern.finditer(source, opening(source), len(source) - closing):
        if unit.lastgroup is None:
            yield unit.span()
