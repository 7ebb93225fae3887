"""Texts from anywhere: whatever they hold, they are a list, no list, or refused; nothing is raised."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.gather.documents.listings import read_listing
from envcheck.gather.documents.snapshot_form import FORMAT
from envcheck.gather.documents.snapshot_reading import read_snapshot
from envcheck.model.environment import Environment
from envcheck.model.sides import Side

HEADS = ["# packages in environment at /x:", "Package Version", "------- -------"]
WORDS = st.sampled_from([*HEADS, "[", "]", "{", '"name": ', "a=1=b", "pypi"])
TEXTS = st.lists(st.one_of(WORDS, st.text(max_size=20)), max_size=12).map("\n".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["name", "version", "distributions", "conda", "modules", "source"]), inner)
    ),
    max_leaves=12,
)


@given(TEXTS)
@settings(deadline=None)
def test_no_text_is_too_much(text: str) -> None:
    assert isinstance(read_listing(text, "it"), Side | str | None)
    assert isinstance(read_snapshot(text.encode("utf-8", "replace"), "/it"), Environment | str)


@given(JSON)
@settings(deadline=None)
def test_no_json_is_too_much(value: object) -> None:
    assert isinstance(read_listing(json.dumps([value]), "it"), Side | str | None)
    content = {"format": FORMAT, "schema": 1, **(value if isinstance(value, dict) else {"python": value})}
    assert isinstance(read_snapshot(json.dumps(content).encode(), "/it"), Environment | str)


HEAD = "# packages in environment at /x:\n#\n"
MAMBA = 'List of packages in environment: "/x"\n\n  Name   Version  Build  Channel\n────────────\n'
PIP = "Package Version Editable project location Installer\n------- ------- ---- ----\n"
SPELLINGS = {
    "mamba": f"{MAMBA}  numpy  1.26.4   py311h1_0     conda-forge\n",
    "old conda": f"{HEAD}numpy                     1.26.4                   py311h1_0\n",
    "what pip has put there": f"{HEAD}numpy   1.26.4   <pip>\n",
    "with an installer": f"{PIP}numpy   1.26.4  /x   pip\n",
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_other_spellings_are_understood(text: str) -> None:
    side = read_listing(text, "it")
    assert isinstance(side, Side)
    found = {**side.record.versions, **{name: package.version for name, package in side.packages.items()}}
    assert found == {"numpy": "1.26.4"}
