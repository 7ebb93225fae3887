"""Stamps as JSON: written the same whoever writes them, read without trust."""

from __future__ import annotations

import json

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.documents.stamp_reading import StampReading, read_stamp
from envcheck.gather.documents.stamp_writing import to_json
from envcheck.model.names import NormalizedName
from envcheck.model.readings import ProblemKind
from envcheck.model.stamps import Stamp
from tests.conftest import REPOSITORY

SCHEMA = json.loads((REPOSITORY / "src/envcheck/schemas/stamp.schema.json").read_bytes())
WHOLE: dict[str, object] = {
    "conda": {"libblas": "3.9.0"},
    "implementation": "pypy",
    "missing": ["google.colab", "shapefile"],
    "packages": {"numpy": "2.1.3", "pandas": "2.2.3"},
    "python": "3.11.7",
    "requires": {"python-dateutil": "2.9.0.post0", "six": "1.16.0", "torch": "2.4.1+cu121"},
    "schema": 1,
    "sources": {"six": "git+https://git.example/a/six@0123456789abcdef0123456789abcdef01234567", "torch": "local"},
}
LEAST: dict[str, object] = {"packages": {"numpy": "2.1.3"}, "python": "3.11.7", "schema": 1}
SECRET = "hunter2-hunter2-hunter2"


def reading(value: object) -> StampReading:
    return read_stamp(json.dumps(value).encode(), "a.ipynb")


def test_what_is_written_is_read_again() -> None:
    found = reading({**WHOLE, "note": {"kept": [1, None]}})
    assert (found.problems, found.leftovers) == ((), ())
    assert json.loads(found.stamp.unknown) == {"note": {"kept": [1, None]}}
    assert to_json(found.stamp) == {**WHOLE, "note": {"kept": [1, None]}}


def test_keys_are_sorted_and_empty_ones_left_out() -> None:
    packages = {NormalizedName(name): "1.0" for name in ("zarr", "alpha", "numpy")}
    found = to_json(Stamp(python="3.11.7", packages=packages, missing=("b", "a"), unknown='{"aaa": 1}'))
    text = json.dumps(found)
    assert text == json.dumps(found, sort_keys=True)
    assert list(found) == ["aaa", "missing", "packages", "python", "schema"]
    assert found["missing"] == ["a", "b"]


def test_a_reference_stands_alone() -> None:
    assert to_json(Stamp(env="../pylock.toml", python="3.11.7")) == {"env": "../pylock.toml", "schema": 1}
    assert reading({"env": "../pylock.toml", "schema": 1}).stamp.env == "../pylock.toml"


@pytest.mark.parametrize(
    "value", [WHOLE, LEAST, {"env": "pylock.toml", "schema": 1}], ids=["whole", "least", "reference"]
)
def test_schema_accepts_what_is_written(value: object) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(to_json(reading(value).stamp), SCHEMA)


@pytest.mark.parametrize(
    "value",
    [{**LEAST, "schema": 2}, {**LEAST, "packages": {"Num Py": "1"}}, {"schema": 1}, {**LEAST, "missing": "a"}],
    ids=["newer", "name", "empty", "text"],
)
def test_schema_refuses_the_rest(value: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(value, SCHEMA)


@pytest.mark.parametrize("schema", [2, 10**30])
def test_newer_form_is_never_read(schema: int) -> None:
    found = reading({**WHOLE, "schema": schema})
    assert found.stamp.is_newer
    assert not found.stamp.is_known
    assert found.stamp.packages == {}
    assert [problem.kind for problem in found.problems] == [ProblemKind.UNSUPPORTED_FORMAT]


@pytest.mark.parametrize(
    "text",
    [
        *("null", "3", '"x"', "[]", "{}", '{"schema": "1"}', '{"schema": true}', '{"schema": 0}', '{"schema": -1}'),
        *(
            '{"schema": 1.0}',
            '{"schema": 1',
            "\x00",
            "[" * 100_000,
            '{"schema": 1, "n": ' + "[" * 900 + "]" * 900 + "}",
            '{"schema": ' + "1" * 5_000 + "}",
        ),
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_stamp_is_a_problem(text: str) -> None:
    found = read_stamp(text.encode(), "a.ipynb")
    assert found.stamp.schema == 0
    assert not found.stamp.is_known
    assert len(found.problems) == 1


BAD = {
    "escape sequence": {"packages": {"num\x1b[31mpy": "1.0"}},
    "name that is no normal one": {"packages": {"Pandas": "1.0"}},
    "name that is an option": {"packages": {"--index-url": "1.0"}},
    "name with a blank": {"requires": {"num py": "1.0"}},
    "empty name": {"requires": {"": "1.0"}},
    "very long name": {"requires": {"a" * 100_000: "1.0"}},
    "lone surrogate": {"requires": {"\ud800": "1.0"}},
    "no version": {"packages": {"numpy": "latest"}},
    "empty version": {"packages": {"numpy": ""}},
    "version that is a shell": {"packages": {"numpy": "1.0; rm -rf ~"}},
    "version that is an option": {"packages": {"numpy": "--pre"}},
    "version with a line": {"packages": {"numpy": "1.0\n--pre"}},
    "version with a final newline": {"packages": {"numpy": "1.0\n"}},
    "version of other digits": {"packages": {"numpy": "١.٠"}},
    "very long version": {"packages": {"numpy": "1" * 1_000}},
    "version that is a number": {"packages": {"numpy": 1.0}},
    "packages that are a list": {"packages": ["numpy"]},
    "Python that is none": {"python": "three"},
    "Python that is a number": {"python": 3.11},
    "implementation": {"implementation": "Py Py"},
    "source with a password": {"sources": {"numpy": f"https://me:{SECRET}@git.example/numpy"}},
    "source with a token": {"sources": {"numpy": f"https://git.example/numpy?token={SECRET}"}},
    "source that is a path": {"sources": {"numpy": "/home/me/numpy"}},
    "source that is a file": {"sources": {"numpy": "file:///home/me/numpy"}},
    "source that is a file of git": {"sources": {"numpy": "git+file:///home/me/numpy"}},
    "source with a blank": {"sources": {"numpy": "https://git.example/a --pre"}},
    "conda name": {"conda": {"lib blas": "1"}},
    "conda version": {"conda": {"libblas": "1 2"}},
    "missing that is no module": {"missing": ["a; b"]},
    "missing that is a text": {"missing": "a"},
    "reference to a URL": {"env": "https://git.example/pylock.toml"},
    "reference to everywhere": {"env": "/etc/pylock.toml"},
    "reference of Windows": {"env": "..\\pylock.toml"},
    "reference that is an option": {"env": "--pre"},
    "reference with a line": {"env": "a\nb"},
}


@pytest.mark.parametrize("wrong", BAD.values(), ids=BAD.keys())
def test_what_is_hostile_is_said_and_left_out(wrong: dict[str, object]) -> None:
    found = reading({**LEAST, **wrong})
    assert [problem.kind for problem in found.problems] == [ProblemKind.INVALID_REQUIREMENT]
    assert found.stamp.is_known
    key = next(iter(wrong))
    assert not getattr(found.stamp, key)
    said = found.problems[0].message
    assert SECRET not in said
    assert said.isprintable()
    assert len(said) < 300


def test_good_entries_stay_beside_bad_ones() -> None:
    found = reading({**LEAST, "packages": {"numpy": "2.1.3", "sci py": "1.0"}})
    assert found.stamp.packages == {"numpy": "2.1.3"}


def test_a_million_entries_are_refused_at_once() -> None:
    found = reading({**LEAST, "packages": {f"a{number}": "1.0" for number in range(1_000_000)}})
    assert found.stamp.schema == 0
    assert "larger than 1,000,000 bytes" in found.problems[0].message


def test_many_faults_are_counted() -> None:
    found = reading({**LEAST, "packages": {f"a {number}": "1.0" for number in range(1_000)}})
    assert len(found.problems) == 11
    assert "990 more faults" in found.problems[-1].message


def test_merge_leftovers_are_told() -> None:
    merged = b'"packages": {"a": "1", "a": "2", "<<<<<<< HEAD": ""}, "packages": {"b": "1"}'
    text = b'{"schema": 1, "python": "3.11.7", ' + merged + b"}"
    assert read_stamp(text, "a.ipynb").leftovers == (
        "a stands there twice",
        "the conflict mark <<<<<<<",
        "packages stands there twice",
    )
    assert reading({**LEAST, "requires": {"numpy": "2.0"}}).leftovers == ("numpy is both 2.1.3 and 2.0",)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
KNOWN = st.sampled_from("schema python packages requires sources implementation conda missing env note".split())


@given(st.dictionaries(KNOWN, JSON | st.just(1), max_size=8))
def test_any_json_is_read_and_what_is_read_is_stable(value: dict[str, object]) -> None:
    stamp = reading(value).stamp
    if stamp.is_known:
        again = reading(to_json(stamp))
        assert to_json(again.stamp) == to_json(stamp)
        assert again.problems == ()


ODD = {
    "a surrogate": '{"schema": 1, "\\ud800": "\\udfff"}',
    "a surrogate twice": '{"schema": 1, "\\ud800": 1, "\\ud800": 2}',
    "a big number": '{"schema": 1, "n": 123456789012345678901234567890}',
    "no number": '{"schema": 1, "n": [NaN, Infinity, 1e999]}',
    "a big schema": '{"schema": 123456789012345678901234567890}',
    "deep": '{"schema": 1, "n": ' + "[" * 45 + "]" * 45 + "}",
}


@pytest.mark.parametrize("text", [*ODD.values(), json.dumps(WHOLE)], ids=[*ODD.keys(), "whole"])
def test_whatever_is_read_can_be_kept_in_a_cache(text: str) -> None:
    found = read_stamp(text.encode(), "a.ipynb")
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=StampReading) == found


@given(st.binary(max_size=100))
def test_no_bytes_are_too_odd(data: bytes) -> None:
    assert not read_stamp(data, "a.ipynb").stamp.is_newer
