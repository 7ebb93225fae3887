"""Every pixi.lock of the corpus: selections are py-rattler's, and none is stale beside its own manifest."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import yaml

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


def best_of_three(action: Callable[[], object]) -> float:
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def test_reading_takes_no_longer_than_twice_the_plain_parser(corpus: Path) -> None:
    for path in locks(corpus):
        file = RawFile("pixi.lock", path.read_bytes())
        text = file.data.decode()
        plain = best_of_three(partial(yaml.load, text, Loader=yaml.CBaseLoader))
        ours = best_of_three(partial(pixi_lock.read, file))
        assert ours <= 2 * plain + 0.005, path
        assert ours < max(0.1, len(file.data) / 1_000_000)
