"""Bytes → text as the readers of real files must do it, and the comments that speak to envcheck."""

from __future__ import annotations

import codecs
import re

from msgspec import Struct

from envcheck.model.places import Place
from envcheck.model.usage import Ignore

# The order matters: UTF-32's mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")
# Compiled with the first use, since few runs need it.
_IGNORE = r"(?i)#\s*envcheck:\s*ignore(?:\[([^\]\n]*)\])?"


class Text(Struct, frozen=True):
    """A decoded text and the codec that decoded it; ``lossy`` when bytes had to be replaced or guessed."""

    text: str
    encoding: str
    lossy: bool = False


def decode(data: bytes) -> Text:
    """Return the text of a file: byte order mark, PEP 263 comment, UTF-8, and at last Latin-1 (never fails).

    The order is pip's (``pip._internal.utils.encoding.auto_decode``); pip's last resort is the locale, ours is a codec
    that accepts every byte, marked ``lossy``.
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _decoded(data, codec)
    for line in data.split(b"\n", 2)[:2]:
        coding = _CODING.match(line)
        if coding:
            return _decoded(data, coding[1].decode("ascii"))
    return _decoded(data, "utf-8")


def _decoded(data: bytes, codec: str) -> Text:
    try:
        return Text(data.decode(codec), codec.lower())
    except (UnicodeDecodeError, LookupError):
        return Text(data.decode("latin-1"), "latin-1", lossy=True)


def ignores(text: str, path: str, cell: int = 0) -> tuple[Ignore, ...]:
    """Return the inline ``# envcheck: ignore[CODE, …]`` comments of a text, one for each line that has one."""
    if "envcheck:" not in text:
        return ()
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = re.search(_IGNORE, line)
        if match:
            codes = tuple(code.strip().upper() for code in (match[1] or "").split(",") if code.strip())
            found.append(Ignore(Place(path, cell, number, match.start() + 1), codes))
    return tuple(found)
