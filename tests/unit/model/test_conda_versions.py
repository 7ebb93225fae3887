"""conda's versions are ordered by CEP 33 and matched by CEP 29; the examples are those of the two texts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.model import conda_versions
from envcheck.model.conda_order import CondaVersion, parse_conda_version
from envcheck.model.constraints import conda

# CEP 33, "Examples": each line is smaller than the next, versions in one line are equal.
ORDER = """\
0.4 0.4.0
0.4.1.rc 0.4.1.RC
0.4.1+local
0.4.1+0.local
0.4.1 0.4.1+0
0.4.1+1.local
0.5a1
0.5b3
0.5C1
0.5
0.9.6
0.960923
1.0
1.1dev1
1.1a1
1.1.0dev1 1.1.dev1
1.1.a1
1.1.0rc1
1.1.0.0 1.1.0 1.1
1.1.post1 1.1.0post1
1.1post1
1996.07.12
1!0.4.1
1!3.1.1.6
2!0.4.1
"""


def version(text: str) -> CondaVersion:
    parsed = parse_conda_version(text)
    assert parsed is not None
    return parsed


def test_versions_have_the_order_of_the_standard() -> None:
    ranks = [[version(text) for text in line.split()] for line in ORDER.splitlines()]
    for equal in ranks:
        assert len(set(equal)) == 1
    firsts = [equal[0] for equal in ranks]
    assert all(left < right for left, right in pairwise(firsts))


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [
        pytest.param("1.0.1_", "1.0.1a", id="openssl's underscore"),
        pytest.param("1.2.15.1alpha", "1.2.15.1alpha_", id="underscore after letters"),
        pytest.param("9d", "9e", id="jpeg's letters"),
        pytest.param("2023c", "2024a", id="time zones"),
        pytest.param("1.1.1", "1!0", id="epoch"),
    ],
)
def test_smaller_version(smaller: str, larger: str) -> None:
    assert version(smaller) < version(larger)
    assert version(larger) > version(smaller)


@pytest.mark.parametrize("text", ["", "1..2", "1.", "_1", "1!2!3", "1+2+3", "!1", "1 2", "é", "1*", "1" * 65, "1/2"])
def test_text_is_no_version(text: str) -> None:
    assert parse_conda_version(text) is None


@pytest.mark.parametrize(
    ("spec", "accepted", "refused"),
    [
        pytest.param("==1.2", "1.2 1.2.0", "1.2.1 1.2a 1.2+3", id="exact"),
        pytest.param("1.2", "1.2 1.2.0", "1.2.1", id="bare literal is exact"),
        pytest.param("1.2.*", "1.2 1.2.3 1.2a1 1.2.post1", "1.20 1.3 1!1.2", id="fuzzy"),
        pytest.param("1.2*", "1.2 1.2.3", "1.20 1.3", id="star without dot is fuzzy as well"),
        pytest.param("=1.2", "1.2 1.2.3", "1.20", id="operator ="),
        pytest.param("==1.8.*", "1.8 1.8.2", "1.9", id="== with a star is fuzzy"),
        pytest.param("!=1.2", "1.2.3 1.3", "1.2 1.2.0", id="exclusion"),
        pytest.param("!=1.2.*", "1.3 1.20", "1.2 1.2.3", id="fuzzy exclusion"),
        pytest.param(">=1.2,<2", "1.2 1.99", "1.1 2 2.0", id="range"),
        pytest.param("<2", "2.0rc1 1", "2", id="a pre-release is smaller"),
        pytest.param(">1.2", "1.2.post1 1.3", "1.2 1.2a", id="above"),
        pytest.param(">1.2.*", "1.2.1", "1.2", id="star after an inequality says nothing"),
        pytest.param("~=0.5.3", "0.5.3 0.5.9", "0.5.2 0.6", id="compatible"),
        pytest.param("~=1", "1 2", "0.9", id="compatible with one segment"),
        pytest.param(">=1,<2|3.*", "1 1.5 3.1", "2 4", id="comma binds tighter"),
        pytest.param("(>=1|<0.5),<3", "0.1 1 2", "0.7 3", id="parentheses"),
        pytest.param("1.*.3", "1.2.3 1.22.3", "1.2.4", id="glob inside"),
        pytest.param("!=1.*.3", "1.2.4", "1.2.3", id="excluded glob"),
        pytest.param(r"^1\.[24]$", "1.2 1.4", "1.3 11.2", id="regular expression"),
        pytest.param("*", "1 0.dev", "", id="anything"),
        pytest.param("1.2+3.*", "1.2+3 1.2+3.4", "1.2 1.2+4", id="fuzzy local part"),
    ],
)
def test_spec_accepts(spec: str, accepted: str, refused: str) -> None:
    conda_versions.check_spec(spec)
    assert [v for v in accepted.split() if not conda_versions.version_matches(spec, v)] == []
    assert [v for v in refused.split() if conda_versions.version_matches(spec, v)] == []


@pytest.mark.parametrize(
    "spec",
    [
        *(
            "",
            ",",
            "1,",
            "|1",
            ">=",
            "==",
            "!=*",
            ">=*",
            "=>1",
            "===1",
            "~=1.2.*",
            "1 || 2",
            "(1",
            "1)",
            "()",
            "foo bar/",
        ),
        *(
            "^a",
            "^(a+)+$",
            "^(?=a)$",
            r"^(a)\1$",
            "^[$",
            "^.*.*.*.*$",
            "^" + "a?" * 30 + "$",
            "^" + "(a|a)" * 30 + "$",
            "1" * 2000,
            "(" * 30 + "1" + ")" * 30,
        ),
    ],
)
def test_text_is_no_spec(spec: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        conda_versions.check_spec(spec)


@pytest.mark.parametrize("installed", ["", "not a version", "1..2"])
def test_what_is_no_version_is_accepted_by_no_spec(installed: str) -> None:
    assert not conda_versions.version_matches(">=0", installed)


@pytest.mark.parametrize(
    ("spec", "exact"),
    [
        ("==1.2", "1.2"),
        ("1.2", "1.2"),
        ("==1.2,>1", "1.2"),
        ("1.2.*", None),
        (">=1.2", None),
        ("1|2", None),
        ("*", None),
    ],
)
def test_exact_version(spec: str, exact: str | None) -> None:
    assert conda_versions.exact_version(spec) == exact


@pytest.mark.parametrize(
    ("spec", "literals"),
    [(">=1.2,<2|3.*", ("1.2", "2", "3")), ("==1.2", ("1.2",)), ("*", ()), ("!=1.2.*,!=1.2", ("1.2",)), ("1.*.3", ())],
)
def test_literal_versions(spec: str, literals: tuple[str, ...]) -> None:
    assert conda_versions.literal_versions(spec) == literals


@pytest.mark.parametrize(
    ("pattern", "build", "matches"),
    [
        pytest.param("py39_0", "py39_0", True, id="same"),
        pytest.param("PY39_0", "py39_0", True, id="whatever the case"),
        pytest.param("py39*", "py39h123_0", True, id="glob at the end"),
        pytest.param("*cuda*", "py39_cuda112_0", True, id="globs at both ends"),
        pytest.param("*a*a*", "a", False, id="parts do not overlap"),
        pytest.param("*_0", "py39_1", False, id="another end"),
        pytest.param("^py3[89].*$", "py39_0", True, id="regular expression"),
        pytest.param("^(a+)+$", "aaaa", False, id="refused expression"),
    ],
)
def test_build_matches(pattern: str, build: str, *, matches: bool) -> None:
    assert conda_versions.build_matches(pattern, build) is matches


def test_many_globs_are_matched_in_no_time() -> None:
    assert not conda_versions.build_matches("*a" * 400 + "b", "a" * 2000)


def test_constraint_speaks_for_version_and_build() -> None:
    constraint = conda("==1.2", "py39*", text="=1.2=py39*")
    assert constraint.exact == "1.2"
    assert constraint.allows("1.2.0", "py39_0")
    assert not constraint.allows("1.2", "py310_0")
    assert not constraint.allows("1.3", "py39_0")


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_answered(spec: str, installed: str) -> None:
    try:
        conda_versions.check_spec(spec)
    except ValueError:
        return
    assert conda_versions.version_matches(spec, installed) in (True, False)
    assert isinstance(conda_versions.literal_versions(spec), tuple)


@given(st.lists(st.from_regex(r"[0-9a-c]{1,2}([._][0-9a-c]{1,2}){0,3}", fullmatch=True), min_size=3, max_size=3))
def test_order_is_total(texts: list[str]) -> None:
    low, middle, high = sorted(map(version, texts))
    assert low <= middle <= high
    assert low <= high
    assert (low == high) is (hash(low) == hash(high))
