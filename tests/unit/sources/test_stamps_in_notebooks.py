"""The stamp of a notebook comes with its source, whichever way the notebook has to be read."""

from __future__ import annotations

import json

import pytest

from envcheck.gather.sources import ipynb
from envcheck.model.readings import ProblemKind, RawFile
from envcheck.model.stamps import Stamp
from envcheck.model.usage import Source
from tests.support.stamps import GOOD, notebook

WRITTEN = notebook(stamp=GOOD)
SAME = {
    "typed": WRITTEN,
    "byte order mark": b"\xef\xbb\xbf" + WRITTEN,
    "with NaN": WRITTEN.replace(b'"outputs": []', b'"outputs": [NaN]'),
    "UTF-16": WRITTEN.decode().encode("utf-16"),
    "a cell that is none": WRITTEN.replace(b'"cells": [', b'"cells": [1, '),
    "the word elsewhere": WRITTEN.replace(b"import pandas", b'# \\"envcheck\\"\\nimport pandas'),
}


def source(data: bytes) -> Source:
    return ipynb.read(RawFile("a.ipynb", data)).value


@pytest.mark.parametrize("data", SAME.values(), ids=SAME.keys())
def test_stamp_is_read_with_the_notebook(data: bytes) -> None:
    stamp = source(data).stamp
    assert stamp == Stamp(**GOOD)  # type: ignore[arg-type]
    assert [imported.module for imported in source(data).imports] == ["pandas"]


def test_notebook_without_stamp_has_none() -> None:
    found = ipynb.read(RawFile("a.ipynb", notebook()))
    assert (found.value.stamp, found.value.stamp_leftovers, found.problems) == (None, (), ())


@pytest.mark.parametrize("value", [b"null", b"1", b'"text"', b"[]", b"{}"])
def test_what_stands_in_its_place_is_a_problem_and_the_cells_are_read(value: bytes) -> None:
    data = notebook(stamp=1).replace(b'"envcheck": 1', b'"envcheck": ' + value)
    found = ipynb.read(RawFile("a.ipynb", data))
    assert [problem.kind for problem in found.problems] == [ProblemKind.INVALID_REQUIREMENT]
    assert found.value.stamp == Stamp(schema=0)
    assert [imported.module for imported in found.value.imports] == ["pandas"]


def test_two_stamps_are_leftovers_of_a_merge() -> None:
    data = WRITTEN.replace(b'"envcheck": {', b'"envcheck": {"schema": 1},\n  "envcheck": {')
    assert source(data).stamp_leftovers == ("its metadata holds envcheck twice",)


@pytest.mark.parametrize(("key", "count"), [("envcheck", 1), ("kernelspec", 0)])
@pytest.mark.parametrize("stamp", [GOOD, None], ids=["stamped", "unstamped"])
def test_what_nbdime_could_not_merge_counts_where_it_is_the_stamp(stamp: object, key: str, count: int) -> None:
    conflicts = {"nbdime-conflicts": {"local_diff": [{"key": key, "op": "patch"}]}}
    found = ipynb.read(RawFile("a.ipynb", notebook(stamp=stamp, more=conflicts)))
    assert len(found.value.stamp_leftovers) == count
    assert found.problems == ()
    assert json.loads(notebook(stamp=stamp, more=conflicts))["metadata"]["nbdime-conflicts"]
