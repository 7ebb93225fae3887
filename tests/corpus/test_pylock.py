"""Real locks of PEP 751 select for us what they select for packaging, and are soon read."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import tomli

from envcheck.gather.declarations import pylock
from envcheck.model.readings import RawFile
from tests.support.pylock_reading import compare, is_valid

pytestmark = pytest.mark.corpus


def test_selections_are_those_of_packaging(corpus: Path) -> None:
    locks = [*corpus.rglob("pylock*.toml"), *(corpus.parent / "samples").glob("pylock-*/pylock.toml")]
    for path in locks:
        assert is_valid(path.read_bytes())
        assert pylock.read(RawFile(path.name, path.read_bytes())).problems == ()
    assert sum(map(compare, locks)) >= 90


def test_a_big_lock_costs_little_more_than_its_parser(corpus: Path) -> None:
    text = (corpus.parent / "samples" / "pylock-uv" / "pylock.toml").read_text(encoding="utf-8")
    head, *packages = text.split("[[packages]]")
    data = "[[packages]]".join([head, *packages * 25]).encode()
    assert len(data) > 1_000_000
    started = time.perf_counter()
    tomli.loads(data.decode())
    parsed = time.perf_counter()
    assert len(pylock.read(RawFile("pylock.toml", data)).value.requirements) == 25 * len(packages)
    assert time.perf_counter() - parsed < max(1.0, 3 * (parsed - started))
