"""Headers of METADATA and PKG-INFO."""

from __future__ import annotations

from email.parser import BytesParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.environments.metadata_headers import Headers, parse_headers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(b"Name: a\nVersion: 1\n\nName: not this", Headers("a", "1"), id="description is cut off"),
        pytest.param(b"Name: a\r\nVersion: 1\r\n\r\nVersion: 2", Headers("a", "1"), id="windows line ends"),
        pytest.param(b"name:a\nVERSION : 1", Headers("a", "1"), id="case and blanks do not count"),
        pytest.param(b"Name: a\nVersion: 1\nVersion: 2\n", Headers("a", "1"), id="first of a repeated field"),
        pytest.param(
            b"Name: a\nDescription: long\n        Name: folded\n  \n        more\nVersion: 1",
            Headers("a", "1"),
            id="folded description holds no fields",
        ),
        pytest.param(b"Requires-Dist: b>=1;\n  extra == 'x'", Headers(requires=("b>=1; extra == 'x'",)), id="unfolded"),
        pytest.param(b"Name: \xe9t\xe9\n", Headers("\ufffdt\ufffd", utf8=False), id="not UTF-8"),
        pytest.param(b"", Headers(), id="empty"),
        pytest.param(b"Provides-Extra: x\nProvides-Extra: y", Headers(extras=("x", "y")), id="extras"),
        pytest.param(b"Requires-Python: >=3.8", Headers(requires_python=">=3.8"), id="python"),
    ],
)
def test_headers(text: bytes, expected: Headers) -> None:
    assert parse_headers(text) == expected


def test_character_cut_by_the_end_of_reading_is_no_fault() -> None:
    start = "Name: a\n\né".encode()[:-1]

    assert parse_headers(start, cut=True).utf8
    assert not parse_headers(start).utf8


WORDS = st.text("abcXYZ0189.-_ <>=;()'\"", min_size=1, max_size=30).map(str.strip).filter(bool)
FIELDS = st.tuples(st.sampled_from(["Name", "Version", "Summary", "Requires-Dist", "requires-dist"]), WORDS)


@given(st.lists(FIELDS, max_size=12))
def test_agrees_with_the_email_parser(fields: list[tuple[str, str]]) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in fields).encode() + b"\nbody\n"
    message = BytesParser().parsebytes(text)

    assert parse_headers(text).name == (message["Name"] or "")
    assert list(parse_headers(text).requires) == (message.get_all("Requires-Dist") or [])


@given(st.binary(max_size=300))
def test_never_raises(text: bytes) -> None:
    parse_headers(text)
