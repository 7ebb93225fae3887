"""Notebook JSON → the texts of outputs, and what becomes of notebooks that are not as they should be."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from envcheck.gather.documents.notebook_outputs import LONGEST, Output, OutputKind, RunNotebook, read
from envcheck.model.readings import Problem, ProblemKind, RawFile
from tests.support.ran_notebooks import cell, error, notebook, result, stream


def reading(data: bytes) -> tuple[RunNotebook, list[Problem]]:
    found = read(RawFile("a.ipynb", data))
    return found.value, list(found.problems)


def outputs(*saved: Mapping[str, object]) -> list[tuple[int, OutputKind, str]]:
    found, problems = reading(notebook(cell("x", *saved)))
    assert problems == []
    return [(output.number, output.kind, output.text) for output in found.code[0].outputs]


def test_kinds_of_outputs() -> None:
    saved: list[Mapping[str, object]] = [
        stream("a\nb\n"),
        result("1", "<p>x</p>"),
        error("T", "E: 1"),
        {"output_type": "display_data", "data": {}},
    ]
    assert outputs(*saved) == [
        (1, OutputKind.STREAM, "a\nb\n"),
        (2, OutputKind.RESULT, "1"),
        (2, OutputKind.HTML, "\nx\n"),
        (3, OutputKind.ERROR, "T\nE: 1"),
    ]


def test_adjacent_pieces_of_one_stream_are_joined() -> None:
    pieces = [stream("a"), stream("b\n"), stream("e", "stderr"), stream("c")]
    assert outputs(*pieces) == [
        (1, OutputKind.STREAM, "ab\n"),
        (3, OutputKind.STREAM, "e"),
        (4, OutputKind.STREAM, "c"),
    ]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        pytest.param("\x1b[0;31mred\x1b[0m", "red", id="colour"),
        pytest.param("\x1b]8;;https://a.example\x1b\\link\x1b]8;;\x07", "link", id="link"),
        pytest.param("a\r\nb\rc", "a\nb\nc", id="carriage returns"),
        pytest.param("\x1b[999", "\x1b[999", id="never ended"),
    ],
)
def test_terminal_sequences(written: str, read_as: str) -> None:
    assert outputs(stream(written)) == [(1, OutputKind.STREAM, read_as)]


def test_html_is_freed_of_tags_and_entities() -> None:
    html = '<pre>a &lt;b&gt; &amp;lt;</pre><a href="x">c</a><br/>&#999999999; 1 < 2'
    assert outputs(result("x", html))[1] == (1, OutputKind.HTML, "\na <b> &lt;\nc\n&#999999999; 1 < 2")


def test_nbformat_3() -> None:
    code = {
        "cell_type": "code",
        "input": ["a\n", "b"],
        "outputs": [
            {"output_type": "stream", "stream": "stdout", "text": ["x\n"]},
            {"output_type": "pyout", "text": ["'1.0'"], "html": ["<b>1</b>"]},
            {"output_type": "pyerr", "traceback": ["T", "E"]},
        ],
    }
    data = json.dumps({"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "markdown"}, code]}], "metadata": {}})
    found, problems = reading(data.encode())
    assert problems == []
    assert (found.cells, found.code[0].number, found.code[0].text) == (2, 2, "a\nb")
    assert found.code[0].outputs == (
        Output(1, OutputKind.STREAM, "x\n"),
        Output(2, OutputKind.RESULT, "'1.0'"),
        Output(2, OutputKind.HTML, "1"),
        Output(3, OutputKind.ERROR, "T\nE"),
    )


def test_an_output_of_another_shape_loses_only_itself() -> None:
    broken = {**cell("x", stream("a\n"), stream("b\n", "stderr")), "execution_count": 1}
    broken["outputs"] = [stream("a\n"), {"output_type": "stream", "text": {"no": 1}}, stream("b\n", "stderr")]
    found, problems = reading(notebook(broken, cell("y", stream("c\n"))))
    assert [output.text for code in found.code for output in code.outputs] == ["a\n", "b\n", "c\n"]
    assert [(p.place.cell, p.message) for p in problems] == [
        (1, "an output is not of the notebook format and is left out")
    ]


def test_what_only_python_takes_for_json_is_read() -> None:
    data = notebook(cell("x", stream("a\ud800\n")), metadata={"n": float("nan"), "colab": {}})
    found, problems = reading(b"\xef\xbb\xbf" + data)
    assert problems == []
    assert (found.code[0].outputs[0].text, found.metadata["colab"]) == ("a\ud800\n", {})


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{", b"{}", b"null", b'{"cells": 1}', b"\xff\xfe\x00", b"[" * 100_000, b'{"a": "\xff"}'],
)
def test_what_is_no_notebook_is_a_problem(data: bytes) -> None:
    found, problems = reading(data)
    assert found == RunNotebook()
    assert [problem.place.cell for problem in problems] == [0]


def test_what_is_longer_than_any_record_is_cut_and_said() -> None:
    found, problems = reading(notebook(cell("x", stream("a" * (LONGEST + 1)))))
    assert len(found.code[0].outputs[0].text) == LONGEST
    assert [problem.place.cell for problem in problems] == [1]


def test_a_byte_that_is_no_text_where_nobody_looks_is_a_problem() -> None:
    data = b'{"cells": [], "metadata": {"x": "\xbc"}, "nbformat": 4, "other": "\xbc"}'
    (problem,) = read(RawFile("a.ipynb", data)).problems
    assert problem.kind is ProblemKind.UNREADABLE_FILE
