"""Every requirement of real pyproject.toml, pixi.toml and Pipfile files can be pinned, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli

from envcheck.model.changes import Add, Change, Editing, Pin, Remove
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement
from tests.support.manifest_edits import demands, edited, undone

pytestmark = pytest.mark.corpus

NAMES = ("pyproject.toml", "pixi.toml", "Pipfile")
VERSION = "2.1.4"


@pytest.fixture(scope="module")
def files(corpus: Path, samples: Path) -> list[RawFile]:
    """Return all manifests, by their paths."""
    found = sorted(path for root in (corpus, samples) for name in NAMES for path in root.rglob(name))
    return [RawFile(path.relative_to(corpus.parent).as_posix(), path.read_bytes()) for path in found]


def lines_touched(before: RawFile, after: RawFile) -> set[int]:
    """Return the numbers of the lines that differ; no line may be added or removed."""
    old, new = before.data.splitlines(keepends=True), after.data.splitlines(keepends=True)
    assert len(old) == len(new)
    return {number for number, (one, other) in enumerate(zip(old, new, strict=True), 1) if one != other}


def is_refused_rightly(requirement: Requirement) -> bool:
    """Tell whether a requirement has no place for a version."""
    return requirement.direct is not None or requirement.name == "python"


def is_pinned(requirement: Requirement, again: Requirement) -> bool:
    """Tell whether what is read again is pinned; a Pipfile and Poetry have a series of Python."""
    return again.name == requirement.name and (
        again.constraint.exact == VERSION or (again.name == "python" and again.constraint.allows(VERSION))
    )


def check_undone(file: RawFile, new: RawFile, editing: Editing) -> None:
    """Check that the edits can be taken back."""
    before = file.data.decode()
    assert undone(before, editing.edits, new.data.decode()).encode() == file.data


def test_each_requirement_is_pinned(files: list[RawFile]) -> None:
    pinned = 0
    for file in files:
        requirements = demands(file)
        for number, one in enumerate(requirements):
            new, editing = edited(file, [Pin(one, VERSION)])
            if editing.refusals:
                assert is_refused_rightly(one), (one, editing.refusals)
                assert new == file
                continue
            again = demands(new)
            assert is_pinned(one, again[number]), again[number]
            assert lines_touched(file, new) <= {one.place.line}, one
            assert edited(new, [Pin(again[number], VERSION)])[0] == new
            check_undone(file, new, editing)
            pinned += 1
    assert pinned > 300


def test_all_are_pinned_at_once(files: list[RawFile]) -> None:
    for file in files:
        requirements = demands(file)
        new, editing = edited(file, [Pin(one, VERSION) for one in requirements])
        refused = {id(refusal.change.requirement) for refusal in editing.refusals if isinstance(refusal.change, Pin)}
        again = demands(new)
        pairs = list(zip(requirements, again, strict=True))
        assert [one for one, other in pairs if id(one) not in refused and not is_pinned(one, other)] == []
        assert all(is_refused_rightly(one) for one in requirements if id(one) in refused)
        assert lines_touched(file, new) <= {one.place.line for one in requirements}
        assert edited(new, [Pin(one, VERSION) for one in again])[0] == new
        check_undone(file, new, editing)


def removals(file: RawFile) -> Iterator[tuple[Requirement, RawFile]]:
    """Yield each requirement with the file without it."""
    for one in demands(file):
        new, editing = edited(file, [Remove(one)])
        assert editing.refusals == ()
        check_undone(file, new, editing)
        yield one, new


def test_each_requirement_is_removed(files: list[RawFile]) -> None:
    for file in files:
        everything = [(one.name, one.raw, one.group) for one in demands(file)]
        for one, new in removals(file):
            tomli.loads(new.data.decode())
            rest = [(other.name, other.raw, other.group) for other in demands(new)]
            expected = list(everything)
            # What uv takes from several sources is one line, read several times.
            while (one.name, one.raw, one.group) in expected and len(expected) > len(rest):
                expected.remove((one.name, one.raw, one.group))
            assert sorted(rest) == sorted(expected)
            # What stands on a line with others leaves that line, and every other one is as it was.
            assert len(set(new.data.splitlines()) - set(file.data.splitlines())) <= 1


def test_all_are_removed_at_once(files: list[RawFile]) -> None:
    for file in files:
        new, editing = edited(file, [Remove(one) for one in demands(file)])
        assert editing.refusals == ()
        assert demands(new) == []
        check_undone(file, new, editing)


def test_new_requirement_is_added_and_removed_again(files: list[RawFile]) -> None:
    added = 0
    for file in files:
        changes: list[Change] = [Add(file.path, "m-n", VERSION), Add(file.path, "z9", VERSION, group="dev")]
        new, editing = edited(file, changes)
        added += len(changes) - len(editing.refusals)
        check_undone(file, new, editing)
        assert edited(new, changes)[0] == new
        found = [one for one in demands(new) if one.name in ("m-n", "z9")]
        assert len(found) + len(editing.refusals) == len(changes)
        assert all(is_pinned(one, one) for one in found)
        removed = [line for line in file.data.splitlines() if line not in new.data.splitlines()]
        # A last element gets its comma, and a list on one line grows within it.
        assert len(removed) <= len(changes)
    assert added > 50
