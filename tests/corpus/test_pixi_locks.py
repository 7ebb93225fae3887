"""Every pixi.lock of the corpus: selections are py-rattler's, and none is stale beside its own manifest."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from envcheck.gather.declarations import pixi_lock
from envcheck.model.locks import State
from envcheck.model.readings import RawFile
from tests.support.pixi_reading import by_rattler, by_us, lock_at

pytestmark = pytest.mark.corpus


def locks(corpus: Path) -> list[Path]:
    return [*sorted(corpus.rglob("pixi.lock")), corpus.parent / "samples/pixi/pixi.lock"]


def test_selections_are_those_of_rattler(corpus: Path) -> None:
    compared = 0
    for path in locks(corpus):
        found = by_us(path)
        assert found == by_rattler(path), path
        compared += len(found)
    assert compared > 100


def test_none_is_stale(corpus: Path) -> None:
    states = []
    for path in locks(corpus):
        lock = lock_at(path)
        beside = [path.parent / name for name in lock.made_from]
        manifests = tuple(RawFile(each.name, each.read_bytes()) for each in beside if each.is_file())
        freshness = lock.freshness(manifests)
        assert freshness.state is not State.CHANGED, (path, freshness)
        states.append(freshness.state)
    assert states.count(State.FRESH) >= 8


def test_each_is_read_in_under_a_second_for_a_megabyte(corpus: Path) -> None:
    for path in locks(corpus):
        file = RawFile("pixi.lock", path.read_bytes())
        start = time.perf_counter()
        pixi_lock.read(file)
        assert time.perf_counter() - start < max(0.1, len(file.data) / 1_000_000)
