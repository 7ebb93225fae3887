"""Where a cell's Python ends and its commands begin."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.documents.magics import Cell, Command, Fragment, split

UNTOUCHED = {
    "per cent of a string": 'import a\nprint("%d" % i)',
    "per cent at the beginning of a line in brackets": "import a\nx = (y\n  % z)",
    "per cent at the beginning of a line in a string": 'import a\nx = """\n%matplotlib inline\n!ls\n"""',
    "inequality": "import a\nif a != b:\n    pass",
    "inequality at the beginning of a line in brackets": "import a\nx = (y\n  != z)",
    "assignment in a string": "import a\nd['x = !ls'] = 1",
    "question in a string": "import a\nprint('really?')",
    "question in a comment": "import a\nx = 1  # really?",
    "continued line": "import a\nx = y \\\n  % z",
    "a name called run": "import a\nrun = 3\nrun.x\nls in y",
    "a file path in a string": "import a\nx = '''\n/content\n'''",
}


@pytest.mark.parametrize("text", UNTOUCHED.values(), ids=UNTOUCHED.keys())
def test_ordinary_python_is_left_alone(text: str) -> None:
    assert split(text) == Cell((Fragment(text),))


COMMANDS = {
    "line magic": ("%matplotlib inline", Command("%", "matplotlib inline", 1, 2)),
    "line magic with a blank": ("% pip install x", Command("%", "pip install x", 1, 3)),
    "shell line": ("!ls -l", Command("!", "ls -l", 1, 2)),
    "shell line with a blank": ("! ls", Command("!", "ls", 1, 3)),
    "captured shell line": ("!!ls", Command("!", "ls", 1, 3)),
    "indented": ("if x:\n    !pip install y", Command("!", "pip install y", 2, 6)),
    "assigned shell line": ("files = !ls *.csv", Command("!", "ls *.csv", 1, 10)),
    "assigned magic": ("t = %timeit -o f()", Command("%", "timeit -o f()", 1, 6)),
    "assigned to several": ("a, b[0] = !ls", Command("!", "ls", 1, 12)),
    "annotated": ("a: list = !ls", Command("!", "ls", 1, 12)),
    "continued": ("!pip install \\\n  x\ny = 1", Command("!", "pip install \\\n  x", 1, 2)),
    "with an apostrophe": ("!echo it's\nx = 1", Command("!", "echo it's", 1, 2)),
    "bare": ("pip install x", Command("%", "pip install x", 1, 1)),
    "bare and indented": ("if x:\n  conda install y", Command("%", "conda install y", 2, 3)),
    "after a statement": ("import a; x = '''\n'''\n%time f()", Command("%", "time f()", 3, 2)),
    "after code that is not closed": ('x = "never closed\n!ls', Command("!", "ls", 2, 2)),
}


@pytest.mark.parametrize(("text", "command"), COMMANDS.values(), ids=COMMANDS.keys())
def test_command_is_found_where_it_stands(text: str, command: Command) -> None:
    assert split(text).commands == (command,)


BLANKED = {
    "line magic": ("import a\n%matplotlib inline\nimport b", "import a\npass\nimport b"),
    "indented": ("if x:\n    !ls\nimport b", "if x:\n    pass\nimport b"),
    "continued": ("!pip install \\\n  x\nimport b", "pass\n\nimport b"),
    "assigned": ("x = !ls\nimport b", "pass\nimport b"),
    "question": ("import a\na.b?\nimport b", "import a\npass\nimport b"),
    "double question": ("import a\na.b??\nimport b", "import a\npass\nimport b"),
    "question first": ("import a\n?a\nimport b", "import a\npass\nimport b"),
    "automatic call": ("import a\n/f x\n,g y\n;h z", "import a\npass\npass\npass"),
    "bare change of folder": ("import a\ncd ..\nimport b", "import a\npass\nimport b"),
}


@pytest.mark.parametrize(("text", "python"), BLANKED.values(), ids=BLANKED.keys())
def test_python_keeps_its_lines(text: str, python: str) -> None:
    assert split(text).python == (Fragment(python),)


BODIES = {
    "time": ("%%time\nimport a", Cell((Fragment("import a", 2),))),
    "time after blank lines": ("\n\n  %%time\nimport a", Cell((Fragment("import a", 4),))),
    "capture around time": ("%%capture out\n%%time\nimport a", Cell((Fragment("import a", 3),))),
    "timeit with a statement": (
        "%%timeit -n 10 import a\nb()",
        Cell((Fragment("import a", 1), Fragment("b()", 2))),
    ),
    "bash": ("%%bash -e\nls\n", Cell((), (Command("!", "ls\n", 2, 1),))),
    "script bash": ("%%script --bg /bin/bash\nls", Cell((), (Command("!", "ls", 2, 1),))),
    "script python": ("%%script python\nimport a", Cell((Fragment("import a", 2),))),
    "captured shell": ("%%!\nls", Cell((), (Command("!", "ls", 2, 1),))),
    "capture around bash": ("%%capture\n%%bash\nls", Cell((), (Command("!", "ls", 3, 1),))),
    "R": ("%%R\nimport a", Cell()),
    "cython": ("%%cython\ncimport a", Cell()),
    "unknown": ("%%whatever\nimport a", Cell()),
    "no name": ("%%\nimport a", Cell()),
    "written module": ("%%writefile a.py\nimport b", Cell((Fragment("import b", 2),), (), "a.py")),
    "appended module": ("%%file -a 'my code.py'\nimport b", Cell((Fragment("import b", 2),), (), "my code.py")),
    "module of an unknown name": ("%%writefile {name}.py\nimport b", Cell((Fragment("import b", 2),))),
    "written file of another language": ("%%writefile a.sh\nimport b", Cell((), (), "a.sh")),
    "magic within": ("%%time\n!ls\nimport a", Cell((Fragment("pass\nimport a", 2),), (Command("!", "ls", 2, 2),))),
}


@pytest.mark.parametrize(("text", "cell"), BODIES.values(), ids=BODIES.keys())
def test_body_of_a_cell_magic(text: str, cell: Cell) -> None:
    assert split(text) == cell


def test_a_hundred_thousand_nested_cell_magics_are_no_burden() -> None:
    assert split("%%time\n" * 100_000 + "import a") == Cell((Fragment("import a", 100_001),))


@pytest.mark.parametrize("part", ["(", "'''", '"', "\\\n", "!\n", "x = '", "\n%", "a?\n", "\n \t"])
def test_repetition_is_read_in_linear_time(part: str) -> None:
    assert split("import a\n" + part * 20_000 + "%")


def test_the_standard_library_holds_no_commands() -> None:
    paths = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))[::4]
    texts = [path.read_text("utf-8") for path in paths]
    found = {path.name for path, text in zip(paths, texts, strict=True) if split(text) != Cell((Fragment(text),))}
    assert len(paths) > 20
    assert found == set()


@given(st.text(alphabet="\n\\'\"#%!?()=ab \t"))
def test_split_never_raises_and_keeps_the_lines(text: str) -> None:
    cell = split("import a\n" + text)
    assert all(fragment.text.count("\n") == text.count("\n") + 1 for fragment in cell.python)


@given(st.lists(st.sampled_from(["x = 1", "'''a\n%b'''", "(1\n% 2)", "# c?", "a != b", '"!"', "y = x \\\n % 3"])))
def test_what_parses_is_never_changed(statements: list[str]) -> None:
    text = "\n".join(["import a", *statements])
    ast.parse(text)
    assert split(text).python == (Fragment(text),)
