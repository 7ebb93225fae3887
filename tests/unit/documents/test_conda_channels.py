"""Channels as records spell them and as others can use them."""

from __future__ import annotations

import pytest

from envcheck.gather.documents.conda_channels import public_spelling


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("conda-forge", "conda-forge"),
        ("https://conda.example/conda-forge/linux-64", "conda-forge"),
        ("https://conda.example/conda-forge/noarch/", "conda-forge"),
        ("pkgs/main", "defaults"),
        ("https://conda.example/pkgs/main/linux-64", "defaults"),
        ("https://bob:secret@conda.example/lab", "https://conda.example/lab"),
        ("https://conda.example/t/tk-1-2/lab/linux-64", "https://conda.example/lab"),
        ("lab/label/dev", "lab/label/dev"),
        ("file:///srv/channel", ""),
        ("/srv/channel", ""),
        ("C:/channel", ""),
        ("", ""),
        ("lab\n  - other", ""),
    ],
)
def test_spelling_for_others(channel: str, expected: str) -> None:
    assert public_spelling(channel, "linux-64") == expected
