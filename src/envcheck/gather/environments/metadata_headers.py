"""METADATA and PKG-INFO, as far as they are needed: the headers before the first blank line, by hand and in bytes.

``email.parser``, which the standard library uses for it, costs ten times as much.
"""

from __future__ import annotations

import re

from msgspec import Struct

_FIELD = re.compile(
    rb"\n(?i:(Name|Version|Requires-Dist|Requires-Python|Provides-Extra))[ \t]*:[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)"
)
# Compiled with the first use, since few runs need it.
_FOLD = r"\r?\n[ \t]+"


class Headers(Struct, frozen=True):
    """The headers that matter, empty when missing; ``utf8`` is false when bytes had to be replaced."""

    name: str = ""
    version: str = ""
    requires: tuple[str, ...] = ()
    requires_python: str = ""
    extras: tuple[str, ...] = ()
    utf8: bool = True


def end_of_headers(start: bytes) -> int:
    """Return where the first blank line of a file's first bytes begins, -1 when they have none."""
    plain = start.find(b"\n\n")
    windows = start.find(b"\n\r\n", 0, plain if plain >= 0 else None)
    return windows if windows >= 0 else plain


def parse_headers(start: bytes, *, cut: bool = False) -> Headers:
    """Return the headers of a metadata file from its first bytes; ``cut`` says that they are not all of it."""
    end = end_of_headers(start)
    block = start[:end] if end >= 0 else start
    found: dict[bytes, list[str]] = {}
    # A pattern that begins with one fixed byte is searched three times as fast as one that begins with an anchor.
    for key, value in _FIELD.findall(b"\n" + block):
        text = value.decode("utf-8", "replace").strip()
        found.setdefault(key.lower(), []).append(re.sub(_FOLD, " ", text) if "\n" in text else text)
    return Headers(
        name=found.get(b"name", [""])[0],
        version=found.get(b"version", [""])[0],
        requires=tuple(found.get(b"requires-dist", ())),
        requires_python=found.get(b"requires-python", [""])[0],
        extras=tuple(found.get(b"provides-extra", ())),
        utf8=_is_utf8(start, cut=cut),
    )


def _is_utf8(start: bytes, *, cut: bool) -> bool:
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character in two halves at the end of what was read is no fault of the file.
        return cut and error.reason == "unexpected end of data"
    return True
