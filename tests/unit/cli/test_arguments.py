"""Command lines without options, which are read without a parser."""

from __future__ import annotations

import pytest

from envcheck.cli import check
from envcheck.cli.parser import parse


@pytest.mark.parametrize(
    "words",
    [
        pytest.param([], id="nothing"),
        pytest.param(["."], id="a folder"),
        pytest.param(["a.ipynb", "a folder", "a.ipynb", "", "x=y", "@file", "é"], id="several"),
    ],
)
def test_paths_alone_are_the_options_that_the_parser_makes_of_them(words: list[str]) -> None:
    assert check.options_of_paths(words) == parse(check, words, "envcheck")
