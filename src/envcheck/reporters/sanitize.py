"""What was read is hostile: it reaches people only through here."""

from __future__ import annotations

from envcheck.model.urls import redact

_LONGEST = 2000


def sanitize(text: str) -> str:
    r"""Return text that changes nothing but the line it stands in: the invisible is spelled out (``\x1b``, ``\n``).

    That covers control characters, bidirectional overrides, unassigned characters and lone surrogates (file names that
    are not UTF-8). What is very long is cut, and passwords and tokens in URLs are masked.
    """
    if "://" in text:
        text = redact(text)
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}... ({len(text) - _LONGEST} more characters)"
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
