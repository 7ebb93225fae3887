"""One key of a notebook's metadata: the bytes around it stay, whatever the notebook is written like."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.documents.notebook_metadata import NotebookError, value_of, with_value, without_value

KEY = "envcheck"
VALUE: dict[str, object] = {"packages": {"numpy": "2.1.3"}, "schema": 1}
SOURCE = ["é = '\"metadata\": {'\n", "x"]
CELL = {
    "cell_type": "code",
    "execution_count": None,
    "id": "a1",
    "metadata": {"envcheck": "decoy"},
    "outputs": [],
    "source": SOURCE,
}
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "version": "3.11.7"},
}
NOTEBOOK: dict[str, Any] = {"cells": [CELL], "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
OUTPUTS = b'"outputs": []'
END = b"\n}\n"


def written(tree: object, indent: int | str | None = 1, **more: Any) -> bytes:
    return json.dumps(tree, ensure_ascii=False, indent=indent, **more).encode()


def with_metadata(metadata: object) -> bytes:
    return written({**NOTEBOOK, "metadata": metadata}) + b"\n"


BASE = written(NOTEBOOK) + b"\n"
AS_IT_IS = {
    "as Jupyter writes it": BASE,
    "CRLF": BASE.replace(b"\n", b"\r\n"),
    "CR only": BASE.replace(b"\n", b"\r"),
    "byte order mark": b"\xef\xbb\xbf" + BASE,
    "no final newline": BASE[:-1],
    "two final newlines": BASE + b"\n",
    "tabs": written(NOTEBOOK, "\t"),
    "two blanks": written(NOTEBOOK, 2),
    "no indent": written(NOTEBOOK, 0),
    "one line": written(NOTEBOOK, None),
    "one dense line": written(NOTEBOOK, None, separators=(",", ":")),
    "metadata first": written({"metadata": METADATA, "nbformat": 4, "nbformat_minor": 5, "cells": [CELL]}),
    "empty metadata": with_metadata({}),
    "empty metadata on a dense line": written({**NOTEBOOK, "metadata": {}}, None, separators=(",", ":")),
    "the stamp sorts last": with_metadata({"celltoolbar": "x", "colab": {}}),
    "unsorted metadata": with_metadata({"language_info": {"name": "python"}, "kernelspec": {"name": "p"}}),
    "metadata on one line": BASE.replace(written(METADATA).replace(b"\n", b"\n "), written(METADATA, None)),
    "lone surrogate": BASE.replace(b"Python 3", b"Py\\ud83d 3"),
    "odd numbers": BASE.replace(OUTPUTS, b'"outputs": [NaN, 1e400, 1.10, 12345678901234567890123, "\\u00e9\\/"]'),
    "a number of 5,000 digits": BASE.replace(OUTPUTS, b'"outputs": [' + b"1" * 5_000 + b"]"),
    "another key twice": BASE.replace(
        b'"metadata": {\n  "kernelspec"', b'"metadata": {\n  "a": 1,\n  "a": 2,\n  "kernelspec"'
    ),
}
REFUSED = {
    "nbformat 3": (written({"metadata": {}, "nbformat": 3, "worksheets": []}), "nbformat 3: only nbformat 4"),
    "no nbformat": (written({"metadata": {}, "cells": []}), "without cells or nbformat"),
    "no metadata": (written({"cells": [], "nbformat": 4}), "no metadata"),
    "metadata that is null": (with_metadata(None), "no metadata that is an object"),
    "metadata twice": (BASE.replace(b'"nbformat": 4', b'"metadata": {},\n "nbformat": 4'), "twice"),
    "cells twice": (BASE.replace(b'"nbformat": 4', b'"cells": [],\n "nbformat": 4'), "twice"),
    "stamp twice": (
        with_metadata({"a": 1}).replace(b'"a": 1', b'"envcheck": 1, "\\u0065nvcheck": 2'),
        "envcheck twice",
    ),
    "not UTF-8": (BASE.replace(b"Python 3", b"Py\xff 3"), "not UTF-8"),
    "UTF-16": (BASE.decode().encode("utf-16"), "UTF-16"),
    "UTF-16 without mark": (BASE.decode().encode("utf-16-le"), "UTF-16"),
    "control character": (BASE.replace(b"Python 3", b"Py\x01 3"), "not JSON"),
    "comma at the end": (BASE.replace(END, b"," + END), "not JSON"),
    "comment": (b"// hi\n" + BASE, "no object"),
    "merge markers": (BASE.replace(b' "nbformat"', b'<<<<<<< HEAD\n "nbformat"', 1), "merge conflict markers"),
    "empty": (b"", "empty"),
    "blanks": (b" \n", "empty"),
    "list": (b"[]", "no object"),
    "cut": (BASE[:-40], "not JSON"),
    "text behind": (BASE + b"\\n", "something follows"),
    "second notebook behind": (BASE + BASE, "something follows"),
    "nested too deeply": (BASE.replace(OUTPUTS, b'"outputs": ' + b"[" * 100_000 + b"]" * 100_000), "too deeply"),
}


@pytest.mark.parametrize("data", AS_IT_IS.values(), ids=AS_IT_IS.keys())
def test_taking_away_gives_every_byte_back(data: bytes) -> None:
    stamped = with_value(data, KEY, VALUE)
    assert json.loads(value_of(stamped, KEY) or b"") == VALUE
    assert with_value(stamped, KEY, VALUE) is stamped
    again = with_value(stamped, KEY, {**VALUE, "python": "3.11.7", "missing": ["a"]})
    assert without_value(again, KEY) == without_value(stamped, KEY) == data
    assert without_value(data, KEY) is data


@pytest.mark.parametrize("data", AS_IT_IS.values(), ids=AS_IT_IS.keys())
def test_lines_are_only_added(data: bytes) -> None:
    before, after = (text.splitlines(keepends=True) for text in (data, with_value(data, KEY, VALUE)))
    kept = sum(line in after for line in before)
    assert len(before) - kept <= 1
    assert not (b"\r\n" in data and any(line.endswith(b"\n") and not line.endswith(b"\r\n") for line in after))


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_written_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    acts: list[Callable[[bytes], object]] = [
        lambda data: with_value(data, KEY, VALUE),
        lambda data: without_value(data, KEY),
        lambda data: value_of(data, KEY),
    ]
    for act in acts:
        with pytest.raises(NotebookError) as refusal:
            act(data)
        assert reason in refusal.value.reason


def test_a_value_is_compared_by_what_it_says() -> None:
    spread = with_value(BASE, KEY, VALUE)
    dense = spread.replace(written(VALUE).replace(b"\n", b"\n  "), written(VALUE, None))
    assert dense != spread
    assert with_value(dense, KEY, VALUE) is dense
    twice = spread.replace(b'"numpy": "2.1.3"', b'"numpy": "2.1.2",\n    "numpy": "2.1.3"')
    assert with_value(twice, KEY, VALUE) == spread
    assert with_value(spread, KEY, {**VALUE, "schema": True}) != spread


def test_jupyters_own_layout_comes_out() -> None:
    stamped = with_value(BASE, KEY, VALUE)
    assert stamped == written(json.loads(stamped), sort_keys=True) + b"\n"


def test_200_megabytes_are_written() -> None:
    output = {"data": {"image/png": "A" * 1_000_000}, "metadata": {}, "output_type": "display_data"}
    data = written({**NOTEBOOK, "cells": [{**CELL, "outputs": [output] * 200}]})
    assert len(data) > 200_000_000
    stamped = with_value(data, KEY, VALUE)
    assert len(stamped) - len(data) < 200
    assert without_value(stamped, KEY) == data


KEYS = st.text(max_size=6) | st.sampled_from(["envchecj", "envchecl", "kernelspec", "a"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
LAYOUTS = st.sampled_from([None, 0, 1, 2, 4, "\t"])


@given(
    st.dictionaries(KEYS.filter(lambda key: key != KEY), JSON, max_size=4),
    st.dictionaries(KEYS, JSON, max_size=4),
    LAYOUTS,
    st.booleans(),
    st.booleans(),
)
def test_any_value_goes_into_any_metadata_and_out_again(
    metadata: dict[str, object], value: dict[str, object], indent: int | str | None, ascii_only: bool, ordered: bool
) -> None:
    data = json.dumps(
        {**NOTEBOOK, "metadata": metadata}, indent=indent, ensure_ascii=ascii_only, sort_keys=ordered
    ).encode("utf-8", "surrogatepass")
    stamped = with_value(data, KEY, value)
    tree = json.loads(stamped)
    assert tree["metadata"].pop(KEY) == value
    assert tree == json.loads(data)
    assert list(tree["metadata"]) == list(json.loads(data)["metadata"])
    assert with_value(stamped, KEY, value) is stamped
    assert without_value(stamped, KEY) == data


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_are_too_odd_to_be_refused(data: bytes) -> None:
    with pytest.raises(NotebookError):
        with_value(data, KEY, VALUE)
