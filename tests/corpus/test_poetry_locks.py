"""Every real poetry.lock is read whole, in time that its size allows, and is fresh for the manifest beside it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import tomli

from envcheck.gather.declarations import poetry_lock
from envcheck.model.locks import State, Target
from envcheck.model.readings import RawFile

pytestmark = pytest.mark.corpus


def test_locks_are_read_whole(corpus: Path) -> None:
    paths = [path for folder in ("samples", "corpus") for path in sorted((corpus.parent / folder).rglob("poetry.lock"))]
    assert paths
    for path in paths:
        data = path.read_bytes()
        started = time.perf_counter()
        reading = poetry_lock.read(RawFile("poetry.lock", data))
        assert time.perf_counter() - started < max(1, len(data) / 1_000_000)
        assert reading.problems == ()
        assert len(reading.value.requirements) == len(tomli.loads(data.decode())["package"])
        assert all(requirement.place.line for requirement in reading.value.requirements)
        lock = reading.value.lock
        assert lock
        manifests = (RawFile("pyproject.toml", path.with_name("pyproject.toml").read_bytes()),)
        assert lock.freshness(manifests).state is State.FRESH
        assert lock.select(Target("3.12.1", "linux-64", {"python_version": "3.12"}), manifests).entries
