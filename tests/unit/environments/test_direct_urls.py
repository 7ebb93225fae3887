"""direct_url.json."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.environments.direct_urls import parse_direct_url
from envcheck.model.requirements import DirectKind, DirectReference


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            '{"url": "https://git.example/a.git", "subdirectory": "p", "vcs_info": '
            '{"vcs": "git", "commit_id": "abc", "requested_revision": "main"}}',
            DirectReference(DirectKind.VCS, "https://git.example/a.git", "main", "abc", subdirectory="p", tool="git"),
            id="repository",
        ),
        pytest.param(
            '{"url": "https://files.example/a.whl", "archive_info": {"hash": "sha256=0", "hashes": {"sha256": "0"}}}',
            DirectReference(DirectKind.URL, "https://files.example/a.whl", hashes=("sha256:0",)),
            id="archive",
        ),
        pytest.param(
            '{"url": "https://files.example/a.whl", "archive_info": {"hash": "sha256=0"}}',
            DirectReference(DirectKind.URL, "https://files.example/a.whl", hashes=("sha256:0",)),
            id="older hash",
        ),
        pytest.param(
            '{"url": "https://files.example/a.whl", "archive_info": {}}',
            DirectReference(DirectKind.URL, "https://files.example/a.whl"),
            id="no hash",
        ),
        pytest.param(
            '{"url": "file:///src/a", "dir_info": {"editable": true}}',
            DirectReference(DirectKind.PATH, "file:///src/a", editable=True),
            id="editable",
        ),
        pytest.param(
            '{"url": "file:///src/a", "dir_info": {}}', DirectReference(DirectKind.PATH, "file:///src/a"), id="folder"
        ),
    ],
)
def test_kinds(text: str, expected: DirectReference) -> None:
    assert parse_direct_url(text.encode()) == expected


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"url": 1}', b"{}", b"[" * 100_000, b"\xff\xfe"])
def test_corrupt_text_is_a_value_error(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are the JSON parser's
        parse_direct_url(text)


@given(st.binary(max_size=100))
def test_raises_nothing_else(text: bytes) -> None:
    with suppress(ValueError):
        parse_direct_url(text)
