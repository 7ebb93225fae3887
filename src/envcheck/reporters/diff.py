"""What would be written, as a unified diff for people."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from envcheck.reporters.base import Look
from envcheck.reporters.paint import Line, Style, paint
from envcheck.reporters.sanitize import sanitize

_STYLES = {"+": Style.GOOD, "-": Style.ERROR, "@": Style.NOTE}


def render(path: str, old: str | None, new: str, look: Look) -> str:
    """Return the difference of two texts of one file, ``None`` for one that is not there yet.

    Lines are never wrapped, so that ``patch`` can read it.
    """
    return paint(_lines(path, old, new), Look(0, look.color))


def _lines(path: str, old: str | None, new: str) -> Iterator[Line]:
    shown = sanitize(path)
    before = "/dev/null" if old is None else f"a/{shown}"
    for line in unified_diff((old or "").splitlines(), new.splitlines(), before, f"b/{shown}", lineterm=""):
        style = Style.STRONG if line.startswith(("---", "+++")) else _STYLES.get(line[:1], Style.PLAIN)
        yield [(style, sanitize(line))]
