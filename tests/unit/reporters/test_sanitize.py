"""Hostile text."""

from __future__ import annotations

import pytest

from envcheck.reporters.sanitize import sanitize


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("plain text", "plain text", id="plain"),
        pytest.param("żółć 数据 🐼", "żółć 数据 🐼", id="other scripts and emoji"),
        pytest.param("\x1b[2J", r"\x1b[2J", id="escape sequence"),
        pytest.param("\x9b2J", r"\x9b2J", id="escape sequence of one byte"),
        pytest.param("a\r\nb\tc\x00", r"a\r\nb\tc\x00", id="control characters"),
        pytest.param("a\u2028b\x85c", r"a\u2028b\x85c", id="other line ends"),
        pytest.param("x\u202egnp.exe", r"x\u202egnp.exe", id="right-to-left override"),
        pytest.param("\u2066a\u2069", r"\u2066a\u2069", id="isolate"),
        pytest.param("nump\u200by", r"nump\u200by", id="zero width"),
        pytest.param("a\u00a0b", r"a\xa0b", id="no-break space"),
        pytest.param("a\udcffb", r"a\udcffb", id="a file name that is not UTF-8"),
        pytest.param("\U000e0041", r"\U000e0041", id="tag character"),
        pytest.param("https://ana:hunter2@index.example/x", "https://***@index.example/x", id="password"),
    ],
)
def test_shows_what_cannot_be_seen(text: str, shown: str) -> None:
    assert sanitize(text) == shown


def test_cuts_what_is_very_long() -> None:
    assert sanitize("x" * 10_000_000) == "x" * 2000 + "... (9998000 more characters)"
