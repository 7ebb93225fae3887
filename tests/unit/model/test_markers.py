"""Markers judged without packaging, which must not see any of them otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import InvalidMarker, Marker

from envcheck.model.markers import _plain, is_marker, marker_holds, normal_marker

ENVIRONMENT = {
    "implementation_name": "cpython",
    "implementation_version": "3.11.7",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_release": "6.1",
    "platform_system": "Linux",
    "platform_version": "#1",
    "python_full_version": "3.11.7",
    "python_version": "3.11",
    "sys_platform": "linux",
}
VARIABLES = st.sampled_from("python_version python_full_version os_name sys_platform extra platform_release x".split())
OPERATORS = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "~=", " in ", " not  in ", "===", " "])
VALUES = st.sampled_from(["3.11", "3.11.7", "3", "3.10.*", "linux", "2.6 3.11", "", "3.12rc1", r"a\n", "Test_x", "3,4"])
CONDITIONS = st.builds("{}{}{}".format, VARIABLES, OPERATORS, VALUES.map(repr))
JOINTS = st.sampled_from([" and ", " or ", " and", "or ", "", " and and "])
MARKERS = st.recursive(
    CONDITIONS, lambda inner: st.builds("({})".format, inner) | st.builds("{}{}{}".format, inner, JOINTS, inner)
)


def by_packaging(text: str) -> Marker | None:
    try:
        return Marker(text)
    except InvalidMarker:
        return None


def outcome(text: str, environment: dict[str, str], authority: Marker | None = None) -> object:
    try:
        return authority.evaluate(environment) if authority else marker_holds(text, environment)
    except (ValueError, KeyError) as error:
        return type(error)


@given(MARKERS, st.sampled_from(["3.11.7", "3.13.0rc1"]), st.sampled_from(["", "test-x"]))
def test_holds_where_packaging_says_so(text: str, python: str, extra: str) -> None:
    environment = {**ENVIRONMENT, "python_full_version": python, "extra": extra}
    authority = by_packaging(text)

    assert is_marker(text) == (authority is not None)
    if authority:
        assert outcome(text, environment) == outcome(text, environment, authority)


@given(MARKERS)
def test_is_spelled_as_by_packaging(text: str) -> None:
    authority = by_packaging(text)
    if authority:
        assert normal_marker(text) == str(authority)
    else:
        with pytest.raises(ValueError):  # noqa: PT011 - the words are packaging's
            normal_marker(text)


@pytest.mark.parametrize(
    "text",
    [
        'python_version < "3.11"',
        "(platform_python_implementation != 'PyPy') and extra == 'testing'",
        '(sys_platform == "win32" or sys_platform == "emscripten") and extra == "zoneinfo"',
        'python_version in "2.6 2.7 3.2 3.3"',
    ],
)
def test_everyday_markers_need_no_packaging(text: str) -> None:
    assert _plain(text) is not None


@pytest.mark.parametrize("text", ["(" * 100_000, "a" * 100_000, "python_version " + " " * 100_000 + "x"])
def test_hostile_texts_are_no_markers(text: str) -> None:
    assert not is_marker(text)
