"""In every TOML file of the corpus each string that tomli finds stands where the scanner says, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli

from envcheck.gather.documents.toml_tables import places

pytestmark = pytest.mark.corpus


def strings(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the path and value of every string below a value."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from strings(inner, (*path, index))


def test_strings_stand_where_the_scanner_says(corpus: Path) -> None:
    checked = 0
    names = ("*.toml", "uv.lock", "pdm.lock", "Pipfile")
    for path in sorted(p for name in names for p in corpus.rglob(name)):
        text = path.read_bytes().decode("utf-8")
        try:
            wanted = dict(strings(tomli.loads(text)))
        except tomli.TOMLDecodeError:
            continue
        found = places(text)
        assert found.keys() == wanted.keys(), path
        lines = text.split("\n")
        for key, (line, column) in found.items():
            first = wanted[key].split("\n")[0]
            assert "\\" in lines[line - 1] or lines[line - 1][column - 1 :].startswith(first), (path, key)
            checked += 1
    assert checked > 5000
