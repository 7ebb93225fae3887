"""Edits of a cell's text become edits of the JSON that holds it, and of nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.documents.cell_texts import CellText, SourceTexts
from envcheck.model.changes import Edit
from envcheck.model.readings import RawFile


def notebook(source: object, *, ensure_ascii: bool = False, indent: int | None = 1) -> str:
    cells = [{"cell_type": "markdown", "source": ["é"]}, {"cell_type": "code", "source": source, "outputs": [1e9]}]
    return json.dumps({"cells": cells, "nbformat": 4}, ensure_ascii=ensure_ascii, indent=indent)


def cell_of(text: str, number: int = 2) -> CellText:
    cell = SourceTexts(RawFile("a.ipynb", text.encode("utf-8", "surrogatepass"))).cell(number)
    assert cell
    return cell


def edited(text: str, cell: CellText, *edits: Edit) -> str:
    for edit in sorted(cell.edits(edits), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.stop :]
    return text


LINES = ["%pip install a\n", "b\n", "c"]


@pytest.mark.parametrize(
    ("source", "edit", "expected"),
    [
        pytest.param("%pip install a\nb", Edit(14, 14, "==1"), "%pip install a==1\nb", id="one string"),
        pytest.param(LINES, Edit(14, 14, "==1"), ["%pip install a==1\n", "b\n", "c"], id="within a line"),
        pytest.param(LINES, Edit(15, 17, ""), ["%pip install a\n", "c"], id="a line"),
        pytest.param(LINES, Edit(0, 15, ""), ["b\n", "c"], id="the first line"),
        pytest.param(LINES, Edit(17, 18, ""), ["%pip install a\n", "b\n"], id="the last line"),
        pytest.param(
            LINES, Edit(14, 16, ""), ["%pip install a\n", "c"], id="from the end of a line to that of another"
        ),
        pytest.param(LINES, Edit(15, 15, 'x "é"\n'), ["%pip install a\n", 'x "é"\n', "b\n", "c"], id="a new line"),
        pytest.param(LINES, Edit(0, 0, "x\n"), ["x\n", *LINES], id="a new first line"),
        pytest.param(LINES, Edit(18, 18, "\nx"), ["%pip install a\n", "b\n", "c\n", "x"], id="a new last line"),
        pytest.param(LINES, Edit(14, 14, "\nx"), ["%pip install a\n", "x\n", "b\n", "c"], id="a line after a text"),
        pytest.param(["a\n"], Edit(2, 2, "x\n"), ["a\n", "x\n"], id="behind a last line that is ended"),
        pytest.param(LINES, Edit(13, 17, "x\n"), ["%pip install x\n", "c"], id="two lines by one"),
        pytest.param(LINES, Edit(13, 16, "x"), ["%pip install x\n", "c"], id="two lines by one, end kept"),
    ],
)
def test_lists_keep_a_string_for_each_line(source: object, edit: Edit, expected: object) -> None:
    text = notebook(source)
    after = edited(text, cell_of(text), edit)
    assert after == notebook(expected)


@pytest.mark.parametrize(
    ("raw", "new", "expected"),
    [
        pytest.param(r"\u00e9 \ud83d\ude00 a", "==1", r"\u00e9 \ud83d\ude00 a==1", id="escapes before"),
        pytest.param(r"\"a", "é", r"\"a\u00e9", id="ASCII file with escapes"),
        pytest.param("é a", "é", "é aé", id="file that is not ASCII"),
        pytest.param(r"\/x a", "/", r"\/x a\/", id="escaped slashes"),
        pytest.param("/x a", "/", "/x a/", id="plain slashes"),
        pytest.param(r"\\a", '"\\', r"\\a\"\\", id="quote and backslash"),
    ],
)
def test_new_text_is_escaped_in_the_manner_of_the_file(raw: str, new: str, expected: str) -> None:
    before = r'{"cells":[{"source":"%s","cell_type":"code"}],"x":"\u00df"}'
    text = before % raw
    cell = cell_of(text, 1)
    assert edited(text, cell, Edit(len(cell.text), len(cell.text), new)) == before % expected


@pytest.mark.parametrize(
    "text",
    [
        '{"cells": [{"cell_type": "code", "source": "a"}], "worksheets": [{"cells": []}]}',
        '{"worksheets": [{"x": 1}, 5, {"cells": [{"cell_type": "code", "input": ["a"]}]}], "cells": null}',
        '{"cells": 1, "cells": [{"cell_type": "code", "source": null, "input": "a", "source": null}]}',
        '{"n": NaN, "big": %s, "cells": [{"source": "b", "source": "a", "cell_type": "code"}]}' % ("1" * 5000),
        '\n {"cells" :\t[ {"cell_type":"code","source" : [ "a" ] , "x":[]} ] }\n',
    ],
    ids=["nbformat 4", "nbformat 3", "keys twice", "odd numbers", "blanks"],
)
def test_cell_is_found(text: str) -> None:
    assert cell_of(text, 1).text == "a"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ('{"cells": [{"cell_type": "markdown", "source": "a"}]}', 1),
        ('{"cells": [{"cell_type": "code", "source": "a"}]}', 2),
        ('{"cells": [{"cell_type": "code", "source": "a"}]}', 0),
        ('{"cells": [{"cell_type": "code", "source": ["a", 1]}]}', 1),
        ('{"cells": [{"cell_type": "code", "source": []}]}', 1),
        ('{"cells": [{"cell_type": "code"}]}', 1),
        ('{"cells": [1]}', 1),
        ('{"cells": [{"cell_type": "code", "source": "a"}', 1),
        ("[" * 100_000, 1),
        ("", 1),
    ],
)
def test_what_is_no_code_has_no_text(text: str, number: int) -> None:
    assert SourceTexts(RawFile("a.ipynb", text.encode())).cell(number) is None


def test_script_is_cell_0() -> None:
    texts = SourceTexts(RawFile("a.py", b"\xef\xbb\xbfx = 1\r\n%pip install a\r\n"))
    cell = texts.cell(0)
    assert cell
    assert texts.cell(1) is None
    assert cell.offset(2, 14) == 20
    assert cell.edits([Edit(21, 21, '=="1"')]) == (Edit(21, 21, '=="1"'),)


CHARACTERS = st.text('a\n"\\é😀/\r\t\u2028', max_size=12)


@given(st.lists(CHARACTERS, min_size=1, max_size=5), CHARACTERS, st.booleans(), st.booleans(), st.data())
def test_edit_of_text_is_edit_of_json(
    strings: list[str], new: str, is_list: bool, ensure_ascii: bool, data: st.DataObject
) -> None:
    before = "".join(strings)
    text = notebook(
        strings if is_list else before, ensure_ascii=ensure_ascii, indent=data.draw(st.sampled_from([1, None]))
    )
    cell = cell_of(text)
    assert cell.text == before
    start = data.draw(st.integers(0, len(before)))
    stop = data.draw(st.integers(start, len(before)))

    (edit,) = cell.edits([Edit(start, stop, new)])

    tree = json.loads(text[: edit.start] + edit.text + text[edit.stop :])
    after = tree["cells"][1]["source"]
    assert ("".join(after) if is_list else after) == before[:start] + new + before[stop:]
    tree["cells"][1]["source"] = strings if is_list else before
    assert tree == json.loads(text)
