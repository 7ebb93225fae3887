"""Plain import lines tell what the syntax tree tells, and everything else is left to the parser."""

from __future__ import annotations

import sysconfig
from pathlib import Path

import pytest
from hypothesis import given, settings

from envcheck.gather.documents.text import decode
from envcheck.gather.sources import import_lines
from envcheck.model.places import Place
from envcheck.model.usage import Import
from tests.support.import_trees import agrees
from tests.support.mutants import mutants, texts

PLACE = Place("a.py", 0, 1)

PLAIN = {
    "modules": "import a.b as c, d",
    "names": "from a.b import c as d, e",
    "star": "from a import *",
    "relative": "from . import a\nfrom ..b.c import d",
    "of the future": "from __future__ import annotations",
    "blanks": "import\ta  as b\t,  c  \nfrom  a\timport b ,c",
    "comments": 'import a  # import b; it\'s """here\nimport b#c\n  # import d',
    "carriage returns": "x = 1\r\nimport a\r\nimport b",
    "after a line that is longer": "x = 1; \\\ny = 2\nimport a",
    "soft keywords": "import match, case, type\nfrom _ import match",
    "part of a longer word": "important = 1\nx.feature_importances_ = reimport\nimport importlib.imports",
    "in a string": "x = 'import b'\nimport a\nprint(\"from c import d\")",
    "in a long string": "x = \"\"\"\nimport b\n\"\"\"\nimport a\n'''import c'''",
    "in a long raw string": "import a\nx = r'''\nimport b\\'''\nimport c\n'''",
    "in a continued string": "x = 'b \\\nimport c \\\n'\nimport a",
    "after a comment with quotes": "# it's\nx = 1  # '''\nimport a\n# '''",
    "after a string with quotes": "x = \"'''\"\nimport a\ny = '\"\"\"'",
    "after a string with a hash": "x = '#'\nimport a\ny = '''#'''",
    "beside a formatted string": "import a\nx = f'''\nimport b {c} {d['e']} {{f}}\n'''",
    "first in a cell with an indent": "    x = 1\nimport a",
    "without an end": "import a",
}


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN.keys())
def test_plain_lines_tell_what_the_tree_tells(text: str) -> None:
    assert import_lines.read(text, PLACE) is not None
    assert agrees(text)


LEFT = {
    "indented": "if x:\n    import a",
    "after a colon": "try: import a\nexcept ImportError: pass",
    "two on a line": "import a; import b",
    "semicolon at the end": "import a;",
    "names in parentheses": "from a import (b, c)",
    "names on several lines": "from a import (\n    b,\n)",
    "continued": "import a, \\\n    b",
    "continuing": "x = 1 + \\\nimport a",
    "lone carriage return": "x = 1  # \rimport a",
    "form feed": "\x0cimport a",
    "keyword": "import a.if",
    "keyword as a name": "from a import b as None",
    "as as a name": "import as",
    "as twice": "import a as as",
    "dotted name": "from a import b.c",
    "star of nothing": "import *",
    "comma at the end": "from a import b,",
    "no ASCII": "import ª",
    "no ASCII at the end": "import aé",
    "prompt": ">>> import a",
    "long string that is never closed": "x = '''\nimport a",
    "string that is never closed beside a long one": "x = 'oh\ny = '''\nimport a\n'''",
    "end of a long string on the line": "'''a\n'''import b",
    "long string closed by a single quote": "x = '''a'\nimport b",
    "quote after a backslash": "x = \\'''\nimport a\n'''",
    "comment with a backslash at its end": "# \\\nimport a",
    "field with quotes of its own": "x = f\"{y[\"'''\"]}\"\nimport a\nz = '''b'''",
    "field of several lines": "x = f'{\ny}'''\nimport a\n'''",
    "field with a comment": "x = f'''{y # }'''\n}\nimport a\n''' # '''",
    "prose": "'''a'''\nimport the file, then go",
}


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT.keys())
def test_what_is_not_certain_is_left_to_the_parser(text: str) -> None:
    assert import_lines.read(text, PLACE) is None


def test_import_carries_its_place_and_names() -> None:
    text = "'''\n\n'''\nimport a.b as c, d\nfrom e import f as g, h"
    assert import_lines.read(text, Place("a.ipynb", 7, 2)) == [
        Import("a.b", Place("a.ipynb", 7, 5)),
        Import("d", Place("a.ipynb", 7, 5)),
        Import("e", Place("a.ipynb", 7, 6), names=("f", "h")),
    ]


REPETITIONS = {
    "long strings": "'''",
    "escaped quotes": "\\'",
    "escaped long quotes": "'''\\",
    "continued quotes": "' \" \\\n",
    "imports": "import a\n",
    "words": "import_",
    "names": "from a import b, ",
    "dots": "import a.",
    "relative": "from .",
    "blanks": "import a ",
    "as": "import a as b, c as ",
    "comments": "# import #",
    "blank lines": "import a\n \n#\n",
    "fields": "f'''{a}{'b'}''' ",
    "open fields": "f'''{{{",
    "one field": "f'{" + "'a' ",
}


@pytest.mark.parametrize("part", REPETITIONS.values(), ids=REPETITIONS.keys())
@pytest.mark.parametrize("head", ["", "'''a'''\n", "import a, ", "x = f'''{"])
@pytest.mark.timeout(20)
def test_repetition_is_read_in_linear_time(head: str, part: str) -> None:
    import_lines.read(head + part * 20_000 + "\nimport z;", PLACE)


def sample(*, of: int) -> list[str]:
    """Return the text of one in so many files of the standard library and the installed packages."""
    paths = [path for sort in ("stdlib", "purelib") for path in sorted(Path(sysconfig.get_path(sort)).rglob("*.py"))]
    return [decode(path.read_bytes()).text for path in paths[::of]]


def test_real_modules_tell_what_their_trees_tell() -> None:
    texts = sample(of=60)
    settled = [text for text in texts if import_lines.read(text, PLACE)]
    assert len(settled) > len(texts) // 5
    assert [text for text in settled if not agrees(text)] == []


@settings(max_examples=500)
@given(texts())
def test_fragments_tell_what_their_trees_tell(text: str) -> None:
    assert agrees(text)


@settings(max_examples=500)
@given(mutants([*PLAIN.values(), *LEFT.values()]))
def test_damaged_texts_tell_what_their_trees_tell(text: str) -> None:
    assert agrees(text)
