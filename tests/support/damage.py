"""Texts with one mistake in them, as an editor or a merge makes it."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

_PUT_IN = (
    "'",
    '"',
    " ",
    "  ",
    "#",
    " #",
    ":",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "{}",
    "[]",
    "|",
    ">",
    "!",
    "*a",
    "x",
    "~",
    "\\",
)


@st.composite
def damaged(draw: st.DrawFn, originals: Sequence[str]) -> str:
    """Return one of the texts with a line left out, doubled, moved in, or with something put into it."""
    lines = draw(st.sampled_from(originals)).splitlines()
    number = draw(st.integers(0, len(lines) - 1))
    line = lines[number]
    column = draw(st.integers(0, len(line)))
    put = line[:column] + draw(st.sampled_from(_PUT_IN)) + line[column + draw(st.integers(0, 2)) :]
    lines[number : number + 1] = draw(st.sampled_from(([], [line, line], [f" {line}"], [put], [put], [put])))
    return "\n".join(lines) + "\n"
