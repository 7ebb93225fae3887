"""What a failing tool said, condensed to its cause: forty lines of traceback are nobody's message."""

from __future__ import annotations

import re
from collections.abc import Sequence

from envcheck.model.urls import redact

_MARKED = re.compile(r"^\s*(?:ERROR|error|CRITICAL|[×x✗])\s*:?\s+(.+)")
# The continuation of uv's errors, drawn as a tree.
_BRANCH = re.compile(r"^\s*(?:[╰├]─▶|[│|])\s*(.*)")
_EXCEPTION = re.compile(r"^(?:[\w.]+\.)?(?:\w*(?:Error|Exception|Impossible|NotFound|Conflict\w*))\b:?\s*(.*)")
_TRACEBACK = re.compile(r"^\s*Traceback \(most recent call last\)")
# What pip and uv frame the words of their own children with.
_FRAME = re.compile(r"^\s*[╰─>\s]*\[(?:\d+ lines? of output|end of output|std(?:out|err))\]\s*$|^(?:hint|note): ")
_NAMES_NOTHING = frozenset({"subprocess-exited-with-error", "metadata-generation-failed"})
_LONGEST = 600


def cause_of(lines: Sequence[str]) -> str:
    """Return the cause of a failure by what was said: marked errors, else the last exception, else the last words.

    Credentials are hidden.
    """
    marked = _marked(lines)
    said = marked or _exception(lines) or _last(lines)
    text = redact(" ".join(said.split()))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _marked(lines: Sequence[str]) -> str:
    """Return what is marked as an error, with what continues it: lines drawn below it, and lines set in."""
    parts: list[str] = []
    is_error = is_new = False
    for line in lines:
        if _FRAME.match(line.strip()):
            is_new = True
            continue
        begun = _MARKED.match(line) or (_BRANCH.match(line) if is_error else None)
        if begun:
            parts.append(begun[1])
        elif is_error and line.startswith("  ") and line.strip() and not _TRACEBACK.match(line):
            parts[-1:] = [*parts[-1:], line] if is_new else [f"{parts[-1]} {line.strip()}"]
        else:
            is_error = False
            continue
        is_error, is_new = True, False
    said = (part.strip().rstrip(".;:") for part in parts)
    return "; ".join(dict.fromkeys(part for part in said if part and part not in _NAMES_NOTHING))


def _exception(lines: Sequence[str]) -> str:
    for line in reversed(lines):
        if _EXCEPTION.match(line):
            return line
    return ""


def _last(lines: Sequence[str]) -> str:
    return next((line for line in reversed(lines) if line.strip()), "")
