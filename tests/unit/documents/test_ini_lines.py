"""INI texts are read as configparser reads them, with the place of every line."""

from __future__ import annotations

from configparser import Error, RawConfigParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.documents.ini_lines import Line, parse

TEXT = """\
# comment
[metadata]
name : demo

[options]
install_requires =
    numpy
    # why
    scipy>=1

  pandas ; python_version < "3"
python_requires = >=3.10
"""


def test_lines_have_places() -> None:
    document = parse(TEXT)
    assert document.lines("metadata", "name") == [Line("demo", 3, 8)]
    assert document.lines("options", "install_requires") == [
        Line("", 6, 19),
        Line("numpy", 7, 5),
        Line("scipy>=1", 9, 5),
        Line('pandas ; python_version < "3"', 11, 3),
    ]
    assert document.lines("options", "nothing") == []
    assert document.faults == ()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        pytest.param("a = 1\n", 1, "before the first", id="no section"),
        pytest.param("[a]\nword\n", 2, "neither", id="no delimiter"),
        pytest.param("[a]\n= 1\n", 2, "neither", id="no name"),
        pytest.param("[a]\n[a]\n", 2, "twice", id="doubled section"),
        pytest.param("[a]\nb = 1\nb = 2\n", 3, "twice", id="doubled option"),
    ],
)
def test_fault(text: str, line: int, words: str) -> None:
    (fault,) = parse(text).faults
    assert words in fault.message
    assert fault.line == line


@given(st.text("ab[]=:#;  \n\n", max_size=60))
def test_values_are_those_of_configparser(text: str) -> None:
    parser = RawConfigParser(default_section="\0")
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    document = parse(text)
    try:
        parser.read_string(text)
    except Error:
        assert document.faults
        return
    assert document.faults == ()
    ours = {
        s: {o: "\n".join(line.text for line in value).rstrip() for o, value in document.sections[s].items()}
        for s in document.sections
    }
    assert ours == {section: dict(parser.items(section)) for section in parser.sections()}
