"""Requires-Dist texts."""

from __future__ import annotations

import time

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement, Requirement

from envcheck.gather.environments.requires_texts import _EVERYDAY, _EXTRA, from_requires_txt, unparsable

FINE = [
    "numpy",
    "numpy>=1.23,<2",
    "numpy (>=1.23)",
    "a-b.c[x,y]==1.*; python_version >= '3.8' and extra == \"z\"",
    "x @ https://files.example/x.whl ; extra == 'a'",
    "tomli; (python_version < '3.11') and extra == 'toml'",
]
BROKEN = ["foo (>=1.0.*)", "foo ~= 2", "foo bar", "", "foo; nonsense == 'x'", "-e .", "foo>=1.0.x"]


@pytest.mark.parametrize("text", FINE)
def test_fine(text: str) -> None:
    assert list(unparsable([text])) == []


@pytest.mark.parametrize("text", BROKEN)
def test_broken(text: str) -> None:
    assert list(unparsable([text])) == [text]


@settings(
    max_examples=40, phases=[Phase.explicit, Phase.generate]
)  # Shrinking what a long pattern makes takes minutes.
@given(st.from_regex(_EVERYDAY, fullmatch=True), st.from_regex(_EXTRA, fullmatch=True))
def test_of_everyday_shapes_those_are_named_that_packaging_refuses(head: str, marker: str) -> None:
    for text in (head, f"{head};{marker}"):
        assert list(unparsable([text])) == ([] if _parses(text) else [text])


def _parses(text: str) -> bool:
    try:
        Requirement(text)
    except InvalidRequirement:
        return False
    return True


@pytest.mark.parametrize("text", ["a" + " " * 50_000 + "!", "a[" + "x," * 20_000, "a" * 50_000 + "!", "a;" * 20_000])
def test_hostile_lengths_cost_little(text: str) -> None:
    start = time.process_time()
    list(unparsable([text]))

    assert time.process_time() - start < 1


def test_requires_txt_of_egg_info() -> None:
    text = "a>=1\n\n[x]\nb\n\n[:python_version<'3']\nc @ https://files.example/c.zip\n\n[y:os_name=='nt']\nd\n"

    assert list(from_requires_txt(text)) == [
        "a>=1",
        'b; extra == "x"',
        "c @ https://files.example/c.zip ; python_version<'3'",
        "d; (os_name=='nt') and extra == \"y\"",
    ]
