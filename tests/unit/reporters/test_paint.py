"""Wrapping, colour and columns."""

from __future__ import annotations

import pytest

from envcheck.reporters.base import Look
from envcheck.reporters.paint import Line, Style, columns, paint

PLAIN, STRONG = Style.PLAIN, Style.STRONG


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param([(PLAIN, "short")], "short\n", id="short"),
        pytest.param([], "\n", id="empty"),
        pytest.param([(PLAIN, "word " * 8)], "word word word word word word\n    word word\n", id="hanging indent"),
        pytest.param([(PLAIN, "x" * 40)], "x" * 40 + "\n", id="a word that is too long stays whole"),
        pytest.param(
            [(PLAIN, "a" * 20 + " "), (STRONG, "b" * 6), (PLAIN, "c" * 6)],
            "a" * 20 + "\n    bbbbbbcccccc\n",
            id="a word over two segments stays whole",
        ),
        pytest.param(
            [(PLAIN, "    " + "word " * 6)], "    word word word word word\n        word\n", id="indented line"
        ),
        pytest.param([(PLAIN, "数" * 14 + " 数数")], "数" * 14 + "\n    数数\n", id="wide characters"),
    ],
)
def test_wraps_at_spaces(line: Line, shown: str) -> None:
    assert paint([line], Look(width=30)) == shown


def test_never_wraps_without_a_width() -> None:
    assert paint([[(PLAIN, "word " * 100 + "end")]], Look()) == "word " * 100 + "end\n"


def test_ends_a_color_where_the_line_ends() -> None:
    text = paint([[(STRONG, "bold words " * 5)]], Look(width=30, color=True))
    assert all(line.endswith("\x1b[0m") for line in text.splitlines())


def test_columns_align_and_do_not_trail() -> None:
    rows = [[(PLAIN, "a"), (PLAIN, "bb"), (PLAIN, "")], [(PLAIN, "数据"), (PLAIN, "b"), (PLAIN, "c")]]
    assert paint(columns(rows), Look()) == "a     bb\n数据  b   c\n"


def test_an_overlong_cell_pushes_only_its_own_row() -> None:
    rows = [[(PLAIN, "x" * 9), (PLAIN, "y")], [(PLAIN, "x"), (PLAIN, "y")]]
    assert paint(columns(rows, widest=3), Look()) == "xxxxxxxxx  y\nx    y\n"
