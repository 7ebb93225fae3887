"""Which imports Python text holds, where, and of what kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from envcheck.model.places import Place
from envcheck.model.readings import ProblemKind, Reading
from envcheck.model.usage import Import, ImportKind, Source

ReadCells = Callable[..., Reading[Source]]
ReadText = Callable[[str], Reading[Source]]

PLAIN, GUARDED, TYPE_ONLY, DYNAMIC = ImportKind.PLAIN, ImportKind.GUARDED, ImportKind.TYPE_ONLY, ImportKind.DYNAMIC


def kinds(reading: Reading[Source]) -> list[tuple[str, ImportKind]]:
    return [(found.module, found.kind) for found in reading.value.imports]


def test_import_carries_its_place_and_names(read_cells: ReadCells) -> None:
    reading = read_cells("x = 1", "\nimport a.b as c, d\nfrom e.f import (\n    g as h,\n    i,\n)\nfrom j import *")
    assert reading.value.imports == (
        Import("a.b", Place("nb/a.ipynb", 2, 2)),
        Import("d", Place("nb/a.ipynb", 2, 2)),
        Import("e.f", Place("nb/a.ipynb", 2, 3), PLAIN, ("g", "i")),
        Import("j", Place("nb/a.ipynb", 2, 7)),
    )


KINDS = {
    "in a function": ("def f():\n    import a", [("a", PLAIN)]),
    "in a class, a loop and a match": (
        "class C:\n  for x in y:\n    match x:\n      case 1:\n        import a",
        [("a", PLAIN)],
    ),
    "several to a line": ("import a; import b", [("a", PLAIN), ("b", PLAIN)]),
    "relative": ("from . import a\nfrom .b import c", []),
    "of the future": ("from __future__ import annotations", [("__future__", PLAIN)]),
    "in strings and comments": ("'''\nimport a\n'''\n# import b\nx = 'import c'", []),
    "guarded": ("try:\n    import a\nexcept ImportError:\n    import b", [("a", GUARDED), ("b", GUARDED)]),
    "guarded by the subclass": ("try:\n    import a\nexcept ModuleNotFoundError:\n    pass", [("a", GUARDED)]),
    "guarded by a tuple": ("try:\n    import a\nexcept (ValueError, ImportError):\n    pass", [("a", GUARDED)]),
    "guarded by everything": ("try:\n    import a\nexcept:\n    pass", [("a", GUARDED)]),
    "guarded by Exception": ("try:\n    import a\nexcept Exception as e:\n    pass", [("a", GUARDED)]),
    "guarded by another name": ("try:\n    import a\nexcept ValueError:\n    import b", [("a", PLAIN), ("b", PLAIN)]),
    "after a guard": (
        "try:\n    import a\nexcept ImportError:\n    pass\nelse:\n    import b\nfinally:\n    import c",
        [("a", GUARDED), ("b", PLAIN), ("c", PLAIN)],
    ),
    "in a handler of something else": (
        "try:\n    import a\nexcept ValueError:\n    import b\nexcept ImportError:\n    pass",
        [("a", GUARDED), ("b", PLAIN)],
    ),
    "deep in a guard": ("try:\n    if x:\n        import a\nexcept ImportError:\n    pass", [("a", GUARDED)]),
    "suppressed": ("with contextlib.suppress(ImportError):\n    import a", [("a", GUARDED)]),
    "suppressed otherwise": ("with suppress(KeyError):\n    import a", [("a", PLAIN)]),
    "for types only": ("if TYPE_CHECKING:\n    import a\nelse:\n    import b", [("a", TYPE_ONLY), ("b", PLAIN)]),
    "for types only, dotted": ("if typing.TYPE_CHECKING:\n    import a", [("a", TYPE_ONLY)]),
    "not for types": ("if not TYPE_CHECKING:\n    import a\nelse:\n    import b", [("a", PLAIN), ("b", TYPE_ONLY)]),
    "for types only, guarded": (
        "if TYPE_CHECKING:\n  try:\n    import a\n  except ImportError:\n    pass",
        [("a", TYPE_ONLY)],
    ),
    "dynamic": ("importlib.import_module('a.b')", [("a.b", DYNAMIC)]),
    "dynamic, assigned": ("m = import_module('a')", [("a", DYNAMIC)]),
    "dynamic, nested": ("f(x=[__import__('a').b])", [("a", DYNAMIC)]),
    "dynamic in a guard": ("try:\n    __import__('a')\nexcept ImportError:\n    pass", [("a", GUARDED)]),
    "dynamic in the head of a block": ("if __import__('a').b:\n    pass", [("a", DYNAMIC)]),
    "dynamic and relative": ("import_module('.a', package='b')", []),
    "dynamic and computed": ("import_module(name)\n__import__('a' + b)\nimport_module()", []),
    "dynamic and no identifier": ("import_module('vertex-ai.b')\n__import__('')\n__import__('a..b')", []),
    "awaited at the top": ("import a\nawait a.b()\nasync with c:\n    import d", [("a", PLAIN), ("d", PLAIN)]),
}


@pytest.mark.parametrize(("text", "expected"), KINDS.values(), ids=KINDS.keys())
def test_kind_is_told_by_what_stands_around(
    text: str, expected: list[tuple[str, ImportKind]], read_cells: ReadCells, read_script: ReadText
) -> None:
    assert (kinds(read_cells(text)), read_cells(text).problems) == (expected, ())
    assert (kinds(read_script(text)), read_script(text).problems) == (expected, ())


def test_invalid_escape_is_no_warning(read_cells: ReadCells) -> None:
    assert kinds(read_cells("import a\nx = '\\d'")) == [("a", PLAIN)]


ENTERED = {
    "with doctest prompts": ">>> import a\n>>> for x in y:\n...     import b",
    "with IPython prompts": "In [1]: import a\n   ...: import b",
    "indented as a whole": "\n    import a\n    if x:\n        import b",
    "with a magic": "%matplotlib inline\nimport a\n!ls\nimport b",
    "with a question": "import a\na.c?\nimport b",
    "timed": "%time import a\n%timeit -n 10 -r 3 import b",
    "under a condition": "import a\nif x:\n    %pip install b\nimport b",
    "with carriage returns": "import a\r\n%time f()\r\nimport b\r\n",
}


@pytest.mark.parametrize("text", ENTERED.values(), ids=ENTERED.keys())
def test_what_ipython_accepts_is_no_problem(text: str, read_cells: ReadCells) -> None:
    reading = read_cells(text)
    assert (kinds(reading), reading.problems) == ([("a", PLAIN), ("b", PLAIN)], ())


BROKEN = {
    "Python 2 print": ("import a\nprint 'x'\nif y:\n    import b", [("a", PLAIN), ("b", PLAIN)], 2),
    "placeholder": ("import a; a.f()\nKEY = <YOUR-KEY>\nimport b", [("a", PLAIN), ("b", PLAIN)], 2),
    "broken function": ("import a\ndef f(:\n    import b\nimport c", [("a", PLAIN), ("b", PLAIN), ("c", PLAIN)], 2),
    "bracket that is never closed": (
        "import a\nprint(\nimport b as c, d;\n",
        [("a", PLAIN), ("b", PLAIN), ("d", PLAIN)],
        2,
    ),
    "quote that is never closed": ("x = 'oh\nfrom a import b;", [("a", PLAIN)], 1),
    "long quote that is never closed": ("x = '''oh\nfrom a import b", [("a", PLAIN)], 1),
    "prose with the word": ("import a\nimport the file, then go\nfrom here import all of it", [("a", PLAIN)], 2),
    "string beside the damage": ("x = '''\nimport a\n'''\nprint 'x'\nimport b;", [("b", PLAIN)], 4),
    "opening bracket in a string beside the damage": (
        "f(\n'''\nfrom a import (\n'''\nimport b;",
        [("b", PLAIN)],
        1,
    ),
    "Python 2 guard": (
        "try:\n    import a\nexcept ImportError, e:\n    import b\nimport c",
        [("a", GUARDED), ("b", GUARDED), ("c", PLAIN)],
        3,
    ),
    "Python 2 handler of something else": (
        "try:\n    import a\nexcept ValueError, e:\n    pass",
        [("a", PLAIN)],
        3,
    ),
    "handler without its guard": ("f(\nimport a;\n    x\nexcept ImportError:\n    pass", [("a", PLAIN)], 1),
    "on the line of its guard": ("try: import a\nexcept ImportError, e: import b", [("a", GUARDED), ("b", GUARDED)], 2),
    "whole statements keep their kind": (
        "print 'x'\nif TYPE_CHECKING:\n    import a\nm = __import__('b')",
        [("a", TYPE_ONLY), ("b", DYNAMIC)],
        1,
    ),
    "names on several lines": ("print 'x',\nif y: print 'z'\nfrom a import (b,\n  c)", [("a", PLAIN)], 1),
    "NUL": ("import a\nx = '\0'\nimport b;", [("a", PLAIN), ("b", PLAIN)], 1),
    "lone surrogate": ("import a\nx = '\ud800'\nimport b;", [("a", PLAIN), ("b", PLAIN)], 1),
    "deep nesting": ("import a;\nx = " + "-" * 100_000 + "1", [("a", PLAIN)], 1),
}


@pytest.mark.parametrize(("text", "expected", "line"), BROKEN.values(), ids=BROKEN.keys())
def test_what_does_not_parse_is_said_and_its_imports_are_rescued(
    text: str, expected: list[tuple[str, ImportKind]], line: int, read_cells: ReadCells
) -> None:
    reading = read_cells(text)
    (problem,) = reading.problems
    assert kinds(reading) == expected
    assert (problem.kind, problem.place) == (ProblemKind.UNPARSABLE_CELL, Place("nb/a.ipynb", 1, line))
    assert problem.message.startswith("not Python: ")
    assert problem.remedy


def test_broken_code_whose_imports_are_plain_is_no_problem(read_cells: ReadCells) -> None:
    reading = read_cells("import a\nprint 'x'\nKEY = <YOUR-KEY>\nfrom b import c")
    assert (kinds(reading), reading.problems) == ([("a", PLAIN), ("b", PLAIN)], ())


def test_rescued_import_keeps_its_line_and_names(read_cells: ReadCells) -> None:
    reading = read_cells("print 'x'\n\nif y: print 'z'\nelse:\n  from a.b import (c,\n    d)\n  import e")
    assert reading.value.imports == (
        Import("a.b", Place("nb/a.ipynb", 1, 5), PLAIN, ("c", "d")),
        Import("e", Place("nb/a.ipynb", 1, 7)),
    )


def test_bad_cell_loses_only_itself(read_cells: ReadCells) -> None:
    reading = read_cells("import a", "import b;\ndef f(:", "import c")
    assert [(found.module, found.place.cell) for found in reading.value.imports] == [("a", 1), ("b", 2), ("c", 3)]
    assert [problem.place.cell for problem in reading.problems] == [2]


@pytest.mark.parametrize("part", ["import a\n(", "try:\n ", "from a import (\n", "'''", "if x:\n", "import a \\\n"])
def test_repetition_of_broken_code_is_read_in_linear_time(part: str, read_cells: ReadCells) -> None:
    assert read_cells("print 'x'\nimport a;\n" + part * 5_000).value.imports
