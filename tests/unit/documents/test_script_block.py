"""The block of PEP 723 in a source, told from what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.documents import script_block
from envcheck.model.places import Place
from envcheck.model.usage import InlineScript

BLOCK = '# /// script\n# requires-python = ">=3.10"\n#\n# dependencies = ["six"]\n# ///\n'
TOML = 'requires-python = ">=3.10"\n\ndependencies = ["six"]\n'
HERE = Place("a.py", 0, 1)


@pytest.mark.parametrize(
    ("text", "line", "toml"),
    [
        (BLOCK, 2, TOML),
        (BLOCK.rstrip("\n"), 2, TOML),
        (BLOCK.replace("\n", "\r\n"), 2, TOML),
        ("#!/usr/bin/env python\nimport six\n\n" + BLOCK + "import os\n", 5, TOML),
        (BLOCK + "# a comment that goes on\n", 2, TOML),
        ("# /// script\n# ///\n", 2, ""),
        ("# /// script\n#\n# ///\n", 2, "\n"),
        ("# /// script\n# x\n# ///\n# y\n# ///\nz\n", 2, "x\n///\ny\n"),
        ('"""A test of\n' + BLOCK + '"""\n' + BLOCK.replace("six", "idna"), 9, TOML.replace("six", "idna")),
    ],
    ids=["plain", "no last newline", "CRLF", "below code", "comment", "empty", "blank", "inner end", "below a string"],
)
def test_block_is_found(text: str, line: int, toml: str) -> None:
    assert script_block.find(text, HERE) == InlineScript(toml, Place("a.py", 0, line))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import six\n",
        BLOCK.replace("script", "other"),
        BLOCK.replace("# ///", "#///"),
        BLOCK.replace("# /// script", "# /// script "),
        BLOCK.replace("# ", "  # "),
        f'TEMPLATE = """\n{BLOCK}"""\n',
        f"'''{BLOCK}'''\n",
    ],
    ids=["nothing", "code", "type", "no blank", "blank at the end", "indented", "string", "string that begins with it"],
)
def test_what_is_no_block(text: str) -> None:
    assert script_block.find(text, HERE) is None


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        ("# /// script\n", 1, "is never closed"),
        ("import os\n# /// script\n# x\nimport six\n# ///\n", 2, "is never closed"),
        ("# /// script\n# x\n\n# y\n# ///\n", 1, "is never closed"),
        ("# /// script\n#x\n# ///\n", 1, "is never closed"),
        ("# /// script\n# x\n# /// \n", 1, "is never closed"),
        (BLOCK + "\n" + BLOCK, 7, "stands here a second time"),
    ],
    ids=["alone", "code inside", "empty line inside", "no blank", "blank at the end", "twice"],
)
def test_fault_of_a_block(text: str, line: int, fault: str) -> None:
    assert script_block.find(text, HERE) == InlineScript("", Place("a.py", 0, line), fault)


def test_lines_count_within_the_cell() -> None:
    found = script_block.find("\n" + BLOCK, Place("a.ipynb", 3, 1))
    assert found
    assert found.place == Place("a.ipynb", 3, 3)


PIECES = ["# /// script\n", "# ///\n", "# x\n", "#\n", "#x\n", "x\n", "\n", '"""\n', "'''", "# '''\n", "\r\n"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_a_block_stands_where_it_is_said(text: str) -> None:
    found = script_block.find(text, HERE)
    if found is None:
        return
    lines = text.replace("\r\n", "\n").split("\n")
    if found.fault:
        assert lines[found.place.line - 1] == "# /// script"
    else:
        inside = lines[found.place.line - 1 :][: found.text.count("\n")]
        assert "".join(f"{line[2:]}\n" for line in inside) == found.text
        assert lines[found.place.line - 2] == "# /// script"
        assert lines[found.place.line - 1 + len(inside)] == "# ///"
