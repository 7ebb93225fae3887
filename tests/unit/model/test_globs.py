"""Ignore files mean what git says they mean."""

from __future__ import annotations

import pytest

from envcheck.model.globs import is_ignored, parse_ignore_file


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.ipynb", "deep/a.ipynb", True),
        ("/a.ipynb", "a.ipynb", True),
        ("/a.ipynb", "deep/a.ipynb", False),
        ("deep/a.ipynb", "deep/a.ipynb", True),
        ("deep/a.ipynb", "other/deep/a.ipynb", False),
        ("**/cache/*.py", "x/y/cache/a.py", True),
        ("a/**/b.py", "a/b.py", True),
        ("a/**/b.py", "a/x/y/b.py", True),
        ("a/**", "a/x.py", True),
        ("a?.py", "ab.py", True),
        ("a?.py", "a/b.py", False),
        ("[ab].py", "b.py", True),
        ("[!ab].py", "b.py", False),
        ("build/", "build", False),
        ("# a.py", "# a.py", False),
        ("\\#a.py", "#a.py", True),
        ("a.py   ", "a.py", True),
        ("a[.py", "a[.py", False),
    ],
)
def test_one_pattern(pattern: str, path: str, expected: bool) -> None:
    assert is_ignored(path, [parse_ignore_file(pattern, "")], is_folder=False) is expected


def test_last_match_counts() -> None:
    file = parse_ignore_file("*.py\n!keep.py\n", "")
    assert not is_ignored("keep.py", [file], is_folder=False)
    assert is_ignored("drop.py", [file], is_folder=False)


def test_inner_file_overrules_outer() -> None:
    files = [parse_ignore_file("!a.py", "deep"), parse_ignore_file("*.py", "")]
    assert not is_ignored("deep/a.py", files, is_folder=False)


def test_folder_pattern_is_for_folders() -> None:
    assert is_ignored("build", [parse_ignore_file("build/", "")], is_folder=True)


def test_hostile_pattern_takes_no_time() -> None:
    pattern = "*a" * 60 + "b/" + "**/" * 60 + "*a" * 60 + "b"
    path = "a" * 200 + "/" + "/".join(["a" * 50] * 60)
    assert not is_ignored(path, [parse_ignore_file(pattern, "")], is_folder=False)
