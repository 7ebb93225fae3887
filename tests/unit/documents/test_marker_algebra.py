"""Markers joined, turned round and compared, against packaging."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.markers import Marker

from envcheck.gather.documents.marker_algebra import both, negated, truths
from envcheck.model.constraints import pep440
from tests.support.uv_projects import environments

ENVIRONMENTS = [dict(target.markers) for target in environments()]
plain = st.sampled_from(
    [
        *("python_version < '3.11'", "python_full_version >= '3.12.1'", "python_version in '3.10, 3.13'"),
        *("sys_platform == 'win32'", "platform_system != 'Linux'", 'os_name == "nt"', "'win' in sys_platform"),
        *("platform_machine == 'arm64'", "sys_platform not in 'linux darwin'", "'3.11' <= python_version"),
    ]
)
markers = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.builds("{} and {}".format, inner, inner),
        st.builds("{} or {}".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
    ),
    max_leaves=6,
)


def holds(marker: str) -> list[bool]:
    return [not marker or Marker(marker).evaluate(environment) for environment in ENVIRONMENTS]


@settings(deadline=None)
@given(markers)
def test_negated(marker: str) -> None:
    assert holds(negated(marker)) == [not each for each in holds(marker)]


@settings(deadline=None)
@given(markers, st.one_of(markers, st.just("")))
def test_both(left: str, right: str) -> None:
    assert holds(both(left, right)) == [a and b for a, b in zip(holds(left), holds(right), strict=True)]


@settings(deadline=None)
@given(markers, markers)
def test_what_differs_anywhere_differs_in_truth(left: str, right: str) -> None:
    ours, theirs = truths([left, right])
    assert ours != theirs or holds(left) == holds(right) or len(ours) == 2  # nothing tried: texts are compared


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("python_version < '3.11'", "python_full_version < '3.11.0'"),
        ("platform_system == 'Windows'", "sys_platform == 'win32'"),
        ("python_version >= '3.8'", ""),
        ("sys_platform == 'win32' or sys_platform != 'win32'", ""),
        ("extra == 'a' and os_name == 'nt'", "os_name == 'nt' and extra == 'a'"),
    ],
)
def test_same_truth(left: str, right: str) -> None:
    ours, theirs = truths([left, right], pep440(">=3.10"))
    assert ours == theirs


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("python_version < '3.11'", "python_full_version < '3.11.1'"),
        ("python_version >= '3.11'", "python_version > '3.11'"),
        ("extra == 'a'", "extra == 'b'"),
        ("platform_machine == 'x'", ""),
    ],
)
def test_other_truth(left: str, right: str) -> None:
    ours, theirs = truths([left, right])
    assert ours != theirs


@pytest.mark.parametrize("marker", ["x", "(os_name == 'nt'", "os_name ~= 'nt'", "os_name == 'nt' and", "(" * 99, ")"])
def test_not_to_be_turned_round(marker: str) -> None:
    with pytest.raises(ValueError, match=r"marker|turned round|bracket"):
        negated(marker)
