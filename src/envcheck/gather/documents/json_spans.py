"""JSON → its members and elements with their spans; what is not asked for is passed over by the C scanner."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from msgspec import Struct

_BLANKS = re.compile(r"[ \t\r\n]*")
# Python refuses to make an integer of more than 4,300 digits; no number matters here.
_value_at = json.JSONDecoder(parse_int=float).raw_decode


class Span(Struct, frozen=True):
    """A value and where it stands; ``key`` is empty for an element."""

    value: object
    start: int
    stop: int
    key: str = ""


def members(text: str, start: int) -> Iterator[Span]:
    """Yield the members of the object that begins at an index or behind blanks; raises ``ValueError``."""
    position = _opened(text, start, "{")
    while text[position : position + 1] != "}":
        key, position = _value_at(text, position)
        begin = _opened(text, position, ":")
        value, position = _value_at(text, begin)
        yield Span(value, begin, position, str(key))
        position = _next(text, position, "}")


def elements(text: str, start: int) -> Iterator[Span]:
    """Yield the elements of the array that begins at an index or behind blanks; raises ``ValueError``."""
    position = _opened(text, start, "[")
    while text[position : position + 1] != "]":
        value, stop = _value_at(text, position)
        yield Span(value, position, stop)
        position = _next(text, stop, "]")


def _after(text: str, position: int) -> int:
    found = _BLANKS.match(text, position)
    return found.end() if found else position


def _opened(text: str, start: int, mark: str) -> int:
    start = _after(text, start)
    if text[start : start + 1] != mark:
        raise ValueError(f"{mark} is wanted at {start}")
    return _after(text, start + 1)


def _next(text: str, position: int, bracket: str) -> int:
    """Return where the next member or element begins, or the bracket that closes."""
    position = _after(text, position)
    if text[position : position + 1] == ",":
        return _after(text, position + 1)
    if text[position : position + 1] != bracket:
        raise ValueError(f", or {bracket} is wanted at {position}")
    return position
