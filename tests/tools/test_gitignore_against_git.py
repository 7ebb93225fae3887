"""Our reading of .gitignore equals ``git check-ignore``."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envcheck.model.globs import is_ignored, parse_ignore_file

pytestmark = pytest.mark.tools
SEGMENT = st.sampled_from(
    ["a", "a[", "b", "ab", "a.py", "*", "a*", "*.py", "?", "[ab]", "[!a]b", "**", "a b", "\\#a", "\\*"]
)
PATTERN = st.builds(
    lambda negated, lead, parts, end: f"{negated}{lead}{'/'.join(parts)}{end}",
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "/"]),
    st.lists(SEGMENT, min_size=1, max_size=3),
    st.sampled_from(["", "", "/", "  "]),
)
PATHS = [
    "a",
    "b",
    "ab",
    "a.py",
    "a b",
    "#a",
    "x/a",
    "x/ab",
    "x/a.py",
    "a/b",
    "a/x/b",
    "a/b/ab",
    "x/y/a.py",
    "*",
    "b/a/ab",
]


@pytest.fixture(scope="module")
def repository_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ignored")
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    return folder


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PATTERN, min_size=1, max_size=4))
def test_equals_git(repository_folder: Path, patterns: list[str]) -> None:
    text = "\n".join(patterns) + "\n"
    (repository_folder / ".gitignore").write_text(text)
    asked = subprocess.run(
        ["git", "-C", repository_folder, "check-ignore", "--no-index", "--stdin", "-z"],
        input="\0".join(PATHS).encode(),
        capture_output=True,
        check=False,
    )
    theirs = set(filter(None, asked.stdout.decode().split("\0")))
    file = parse_ignore_file(text, "")
    ours = {path for path in PATHS if _ignored_with_parents(path, file)}
    assert ours == theirs, text


def _ignored_with_parents(path: str, file: object) -> bool:
    """A file below an ignored folder is ignored whatever is said of it: we do not enter the folder, nor does git."""
    parts = path.split("/")
    folders = ("/".join(parts[:n]) for n in range(1, len(parts)))
    files = [file]
    return any(is_ignored(f, files, is_folder=True) for f in folders) or is_ignored(path, files, is_folder=False)  # type: ignore[arg-type]
