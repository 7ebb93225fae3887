"""What was read is hostile: it reaches people only through here."""

from __future__ import annotations

from envcheck.model.urls import redact

_LONGEST = 2000
# What the runner of GitHub Actions takes for a command at the begin of a line, and anywhere in it.
_COMMAND, _OLD_COMMAND = "::", "##["


def sanitize(text: str) -> str:
    r"""Return text that changes nothing but the line it stands in: the invisible is spelled out (``\x1b``, ``\n``).

    That covers control characters, bidirectional overrides, unassigned characters and lone surrogates (file names that
    are not UTF-8). What is very long is cut, passwords and tokens in URLs are masked, and what would be a command of a
    log's reader is broken (``\x3a:error::``).
    """
    if "://" in text:
        text = redact(text)
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}... ({len(text) - _LONGEST} more characters)"
    if not text.isprintable():
        text = "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
    if text.lstrip().startswith(_COMMAND):
        text = text.replace(_COMMAND, r"\x3a:", 1)
    return text.replace(_OLD_COMMAND, r"##\x5b") if _OLD_COMMAND in text else text
