"""Scripts of every encoding and age are read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.sources import script
from envcheck.gather.sources.catalogue import reader_for, readers
from envcheck.model.places import Place
from envcheck.model.readings import ProblemKind, RawFile, Reading
from envcheck.model.usage import Source, SourceKind

ReadText = Callable[[str], Reading[Source]]


def modules(reading: Reading[Source]) -> list[str]:
    return [found.module for found in reading.value.imports]


ENCODINGS = {
    "UTF-8": "import numpy  # é".encode(),
    "byte order mark": "\ufeffimport numpy  # é".encode(),
    "declared": "# -*- coding: latin-1 -*-\nimport numpy  # é".encode("latin-1"),
    "undeclared": "import numpy  # é".encode("latin-1"),
    "UTF-16": "import numpy  # é".encode("utf-16"),
    "carriage returns": b"x = 1\r\nimport numpy\r\n",
}


@pytest.mark.parametrize("data", ENCODINGS.values(), ids=ENCODINGS.keys())
def test_encoding_is_no_obstacle(data: bytes) -> None:
    reading = script.read(RawFile("a.py", data))
    assert (modules(reading), reading.problems) == (["numpy"], ())


def test_script_has_lines_and_no_cells(read_script: ReadText) -> None:
    source = read_script("x = 1\nimport numpy").value
    assert (source.kind, source.cells, source.imports[0].place) == (SourceKind.SCRIPT, 0, Place("src/a.py", 0, 2))


def test_script_that_does_not_parse_is_rescued_and_said(read_script: ReadText) -> None:
    reading = read_script("import numpy\nprint 'x'\nif y:\n    print 'z'\n    import pandas\n")
    (problem,) = reading.problems
    assert modules(reading) == ["numpy", "pandas"]
    assert (problem.kind, problem.place) == (ProblemKind.UNPARSABLE_CELL, Place("src/a.py", 0, 2))


def test_percent_script_with_magics_is_read(read_script: ReadText) -> None:
    reading = read_script("# %%\n%matplotlib inline\n!pip install pandas\n# %%\n# !pip install scipy\nimport numpy\n")
    assert (modules(reading), reading.problems) == (["numpy"], ())
    assert [found.arguments for found in reading.value.installs] == ["pandas"]


NAMES = {"a.ipynb": "ipynb", "folder/a.py": "script", "a.pyc": None, "a.txt": None, "ipynb": None, "a.py.bak": None}


@pytest.mark.parametrize(("path", "name"), NAMES.items())
def test_reader_is_chosen_by_name(path: str, name: str | None) -> None:
    reader = reader_for(path)
    assert (reader and reader.NAME) == name


def test_every_reader_has_a_name_of_its_own() -> None:
    assert len({reader.NAME for reader in readers()}) == len(readers())


@given(st.binary())
def test_no_bytes_make_the_reader_raise(data: bytes) -> None:
    assert script.read(RawFile("a.py", data)).value.path == "a.py"


PIECES = [
    "import a",
    "from b import ",
    "(",
    ")",
    "'''",
    '"',
    "\\",
    "\n",
    "\n    ",
    "try:",
    "except ImportError",
    ":",
    "\0",
]
PATHS = [
    "sys.path",
    ".append(",
    "+= [",
    "]",
    "x = ",
    "Path('a')",
    " / ",
    "__import__('c')",
    "get_ipython().system(",
    "%",
]


@given(st.lists(st.sampled_from(PIECES + PATHS), max_size=30).map("".join))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    reading = script.read(RawFile("a.py", text.encode()))
    assert all(part.isidentifier() for found in reading.value.imports for part in found.module.split("."))
