from __future__ import annotations

import json
from typing import Any

import pytest

from envcheck.engine.live.opened import Judged, unjudged
from envcheck.judge.evidence.records import compare
from envcheck.jupyter.answers import answer, pins
from envcheck.model.names import NormalizedName as N
from envcheck.model.records import Record
from envcheck.model.stampings import State, Verdict
from envcheck.model.stamps import LOCAL, Stamp

BEFORE = Record(
    "stamp",
    "3.10.2",
    versions={N("numpy"): "2.1.3", N("pandas"): "2.1.4", N("six"): "1.16.0", N("torch"): "2.4.1", N("lab"): "1.0"},
    sources={N("lab"): "git+https://git.example/lab@abc"},
    direct=frozenset({N("pandas")}),
)
AFTER = Record(
    "environment",
    "3.11.7",
    versions={N("numpy"): "2.1.3", N("pandas"): "2.2.3", N("torch"): "2.4.1+cu121", N("lab"): "1.0", N("new"): "1"},
    direct=frozenset({N("pandas")}),
)


def judged(state: State, before: Record = BEFORE, after: Record = AFTER) -> Judged:
    verdict = Verdict("nb.ipynb", state, "env", "/env", "running kernel lab", compare(before, after))
    return Judged(verdict, Stamp(python="3.11.7", packages={N("pandas"): "2.2.3"}), "/env", "3.11.7")


def test_every_kind_of_drift_has_a_row_and_words_drifted_ones_first() -> None:
    told: Any = answer(judged(State.DRIFTED), "nb.ipynb")["rows"]
    rows = [(row["name"], row["stamped"], row["here"], row["words"], row["drift"]) for row in told]
    assert rows == [
        ("Python", "3.10.2", "3.11.7", "another Python", True),
        ("pandas", "2.1.4", "2.2.3", "another version", True),
        ("lab", "1.0 from git+https://git.example/lab@abc", "1.0 from an index", "from another source", True),
        ("six", "1.16.0", "", "not installed", True),
        ("torch", "2.4.1", "2.4.1+cu121", "another build", True),
        ("new", "", "1", "not in the stamp", False),
        ("numpy", "2.1.3", "2.1.3", "as stamped", False),
    ]


def test_what_is_drifted_is_counted() -> None:
    found = answer(judged(State.DRIFTED), "nb.ipynb")
    assert (found["state"], found["drifted"], found["summary"]) == ("drifted", 5, "5 drifted")


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (State.SAME, "ok"),
        (State.UNSTAMPED, "not stamped"),
        (State.UNJUDGED, "unknown"),
        (State.LEFT_ALONE, "left alone"),
    ],
)
def test_every_state_has_a_word(state: State, word: str) -> None:
    assert answer(judged(state, BEFORE, BEFORE), "nb.ipynb")["state"] == word


def test_another_patch_of_python_is_said_and_no_drift() -> None:
    later = Record("environment", "3.10.9", versions=BEFORE.versions, sources=BEFORE.sources)
    found: Any = answer(judged(State.SAME, BEFORE, later), "nb.ipynb")
    assert found["drifted"] == 0
    assert found["rows"][0]["words"] == "another patch of the same series"


def test_what_cannot_be_told_has_its_reason_and_no_stamp() -> None:
    found = answer(unjudged("nb.ipynb", "its kernel is gone"), "nb.ipynb")
    assert (found["state"], found["reasons"], found["stamp"], found["pins"]) == (
        "unknown",
        ["its kernel is gone"],
        None,
        [],
    )


def test_an_answer_is_json() -> None:
    assert json.loads(json.dumps(answer(judged(State.DRIFTED), "nb.ipynb")))["stamp"]["packages"] == {"pandas": "2.2.3"}


def test_pins_are_lines_that_pip_reads() -> None:
    sources = {N("lab"): "git+https://git.example/lab@abc", N("mine"): LOCAL}
    stamp = Stamp(packages={N("pandas"): "2.2.3", N("lab"): "1.0", N("mine"): "0.1"}, sources=sources)
    assert list(pins(stamp)) == [
        "lab @ git+https://git.example/lab@abc",
        "mine==0.1  # installed from a path of this machine",
        "pandas==2.2.3",
    ]
