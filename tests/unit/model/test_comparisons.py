"""Specifiers judged by the order of versions: packaging must not see any of it otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from envcheck.model.comparisons import comparisons
from envcheck.model.constraints import Constraint, pep440

RELEASES = st.lists(st.sampled_from("0 1 2 10 01".split()), min_size=1, max_size=4).map(".".join)
SUFFIXES = st.sampled_from(["", "", "", "rc1", ".post1", "-post2", ".dev0", ".b.2", "+cu1", "rc1.post2.dev3"])
VERSIONS = st.builds("{}{}".format, RELEASES, SUFFIXES)
OPERATORS = st.sampled_from("== != < <= > >= ~= === =".split())
CLAUSES = st.builds("{}{}{}{}".format, OPERATORS, st.sampled_from(["", " "]), VERSIONS, st.sampled_from(["", "", ".*"]))
SPECIFIERS = st.lists(CLAUSES, min_size=1, max_size=3).map(",".join)


def by_packaging(text: str) -> SpecifierSet | None:
    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return None


def by_us(text: str) -> Constraint | None:
    try:
        return pep440(text)
    except ValueError:
        return None


@given(SPECIFIERS, VERSIONS)
def test_accepts_what_packaging_accepts(text: str, version: str) -> None:
    constraint, authority = by_us(text), by_packaging(text)

    assert (constraint is None) == (authority is None)
    if constraint and authority is not None:
        assert constraint.allows(version) == authority.contains(version, prereleases=True)


@given(SPECIFIERS)
def test_says_of_itself_what_packaging_says(text: str) -> None:
    constraint, authority = by_us(text), by_packaging(text)

    if constraint and authority is not None:
        exact = [c.version for c in authority if c.operator in ("==", "===") and not c.version.endswith(".*")]
        assert constraint.exact == (exact[0] if exact else None)
        assert constraint.literals == tuple(sorted(c.version.removesuffix(".*") for c in authority))


@pytest.mark.parametrize("text", [">=1.23,<2", "==2.1.4", "~=1.4.2", "!=1.5.*", "<2.0a.0,>=1.37.4", "> 1 , < 3"])
def test_everyday_specifiers_need_no_packaging(text: str) -> None:
    assert comparisons(text) is not None


@pytest.mark.parametrize("text", ["===1.0", "==1!2.0", "==1.0+cu121", ">=1.0.*", "~=1", "1.0", "=1.0"])
def test_others_are_left_to_packaging(text: str) -> None:
    assert comparisons(text) is None
