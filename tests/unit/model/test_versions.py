"""What is no version is none, however it fails."""

from __future__ import annotations

import pytest

from envcheck.model.versions import parse_version, same_version

NONE = {
    "word": "None",
    "letters": "2004d",
    "empty": "",
    "5,000 digits": "9" * 5000,
    "an epoch of them": f"{'9' * 5000}!1",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE.keys())
def test_what_is_no_version_is_none(text: str) -> None:
    assert parse_version(text) is None
    assert not same_version(text, "1.0")
