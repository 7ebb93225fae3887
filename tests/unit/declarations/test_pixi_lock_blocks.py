"""A pixi.lock says the same whether its packages are read one by one when they are asked for, or all at once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from envcheck.gather.declarations import pixi_lock
from envcheck.gather.declarations.pixi_lock import reading
from envcheck.gather.declarations.pixi_lock.indexed import PixiEntries
from envcheck.model.declarations import Declaration
from envcheck.model.locks import Target
from envcheck.model.readings import ProblemKind, RawFile, Reading
from tests.support.damage import damaged
from tests.support.pixi_locks import LOCKS, V7


def read(text: str) -> Reading[Declaration]:
    return pixi_lock.read(RawFile("pixi.lock", text.encode()))


def whole(text: str) -> Reading[Declaration]:
    """Return what is read of the whole document."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "layout_of", lambda _: None)
        return read(text)


@pytest.mark.parametrize("name", LOCKS)
def test_plain_locks_are_read_by_blocks(name: str) -> None:
    lazy, eager = read(LOCKS[name]).value, whole(LOCKS[name]).value
    entries = lazy.requirements
    assert isinstance(entries, PixiEntries)
    assert tuple(entries) == eager.requirements
    assert entries[1:3] == eager.requirements[1:3]
    assert list(entries.names()) == list(dict.fromkeys((e.ecosystem, e.name) for e in eager.requirements))
    assert {(e, n, tuple(needs)) for e, n, needs in entries.needs()} == {
        (e.ecosystem, e.name, e.needs) for e in eager.requirements
    }
    assert list(lazy.with_sources()) == list(eager.with_sources())
    assert (lazy.links, lazy.python) == (eager.links, eager.python)


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize("platform", ["linux-64", "osx-64", "win-64"])
@pytest.mark.parametrize("groups", [(), ("test",)], ids=["default", "test"])
def test_selections_are_the_same(name: str, platform: str, groups: tuple[str, ...]) -> None:
    target = Target("3.12.0", platform, {"sys_platform": "linux"}, groups=groups)
    lazy, eager = read(LOCKS[name]).value.lock, whole(LOCKS[name]).value.lock
    assert lazy
    assert eager
    assert lazy.select(target, ()) == eager.select(target, ())


@pytest.mark.parametrize(
    "text",
    [
        V7.replace("packages:\n- conda", "packages:\n- &a conda"),
        V7.replace("\n", "\r\n"),
        V7 + "more: x\n",
        V7.rstrip("\n"),
        V7.replace("\npackages:\n- ", "\npackages:\n-\n  "),
    ],
    ids=["anchor", "line ends", "later key", "no end", "dash"],
)
def test_other_layouts_are_read_as_a_whole(text: str) -> None:
    assert isinstance(read(text).value.requirements, tuple)


def test_of_a_key_that_stands_twice_the_last_counts() -> None:
    twice = LOCKS["version 6"].replace("  build: h1_0\n", "  build: h1_0\n  build: h9_0\n  depends:\n  - six\n", 1)
    assert twice != LOCKS["version 6"]
    assert tuple(read(twice).value.requirements) == tuple(whole(twice).value.requirements)


@settings(max_examples=600, deadline=None)
@given(damaged(list(LOCKS.values())))
def test_damaged_locks_are_the_same_as_far_as_they_are_yaml(text: str) -> None:
    eager = whole(text)
    if any(problem.kind is ProblemKind.UNREADABLE_FILE for problem in eager.problems):
        return
    lazy = read(text)
    assert tuple(lazy.value.requirements) == tuple(eager.value.requirements)
    assert (lazy.value.links, lazy.value.python) == (eager.value.links, eager.value.python)
    assert lazy.problems == eager.problems
