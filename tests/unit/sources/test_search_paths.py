"""Which folders code adds to ``sys.path``, and when that cannot be told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from envcheck.model.readings import Reading
from envcheck.model.usage import Source

ReadCells = Callable[..., Reading[Source]]
ReadText = Callable[[str], Reading[Source]]

LITERAL = {
    "append": ("sys.path.append('..')", [".."]),
    "insert": ("sys.path.insert(0, '../src')", ["../src"]),
    "extend": ("sys.path.extend(['a', 'b'])", ["a", "b"]),
    "added list": ("sys.path += ['a']", ["a"]),
    "assigned sum": ("sys.path = ['a'] + sys.path", ["a"]),
    "assigned slice": ("sys.path[:0] = ['a']", ["a"]),
    "site folder": ("site.addsitedir('a')", ["a"]),
    "absolute": ("sys.path.append('/content/lib/')", ["/content/lib"]),
    "joined": ("sys.path.append(os.path.join('..', 'src'))", ["../src"]),
    "made absolute": ("sys.path.append(os.path.abspath('../src/.'))", ["../src"]),
    "parent directory by name": ("sys.path.append(os.path.join(os.pardir, 'src'))", ["../src"]),
    "path": ("sys.path.append(Path('..').resolve())", [".."]),
    "text of a path": ("sys.path.append(str(Path.cwd().parent))", [".."]),
    "divided": ("sys.path.append(str(Path('..') / 'src'))", ["../src"]),
    "several parents": ("sys.path.append(str(Path.cwd().parents[1]))", ["../.."]),
    "joinpath": ("sys.path.append(str(Path.cwd().joinpath('src')))", ["src"]),
    "working folder": ("sys.path.append(os.getcwd() + '/src')", ["src"]),
    "name": ("p = os.path.abspath('..')\nif p not in sys.path:\n    sys.path.append(p)", [".."]),
    "name in steps": ("p = Path.cwd()\np = p.parent\nsys.path.append(str(p / 'lib'))", ["../lib"]),
    "backslashes": ("sys.path.append('..\\\\src')", ["../src"]),
    "in a function": ("def f():\n    sys.path.append('a')", ["a"]),
    "twice": ("sys.path.append('a')\nsys.path.append('a')", ["a"]),
    "in broken code": ("print 'x'\nsys.path.append('a')", ["a"]),
}


@pytest.mark.parametrize(("text", "folders"), LITERAL.values(), ids=LITERAL.keys())
def test_literal_folder_is_told(text: str, folders: list[str], read_cells: ReadCells) -> None:
    source = read_cells(text).value
    assert (list(source.search_paths), source.open_search_path) == (folders, False)


OPEN = {
    "variable": "sys.path.append(folder)",
    "environment variable": "sys.path.append(os.environ['X'])",
    "formatted": "sys.path.append(f'{x}/y')",
    "file of a notebook": "sys.path.append(os.path.expanduser('~/x'))",
    "computed list": "sys.path += [x for x in y]",
    "computed extension": "sys.path.extend(folders)",
    "no argument": "sys.path.insert(0)",
    "one of two": "sys.path += ['..', x]",
    "joined with a variable": "sys.path.append(os.path.join('..', x))",
    "joined of a thousand parts": "sys.path.append(" + "/".join(["a"] * 1_000) + ")",
}


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN.keys())
def test_folder_that_is_not_literal_opens_the_search_path(text: str, read_cells: ReadCells) -> None:
    assert read_cells(text).value.open_search_path


UNCHANGED = [
    "print(sys.path)",
    "sys.path.remove('a')",
    "x.path.append('a')",
    "'sys.path.append(x)'",
    "for p in sys.path: p",
]


@pytest.mark.parametrize("text", UNCHANGED)
def test_what_adds_nothing_leaves_the_search_path_closed(text: str, read_cells: ReadCells) -> None:
    source = read_cells(text).value
    assert (source.search_paths, source.open_search_path) == ((), False)


def test_file_of_a_script_tells_its_folder(read_script: ReadText) -> None:
    lines = (
        "sys.path.append(os.path.dirname(os.path.abspath(__file__)))",
        "sys.path += [Path(__file__).parents[1]]",
    )
    assert read_script("\n".join(lines)).value.search_paths == (".", "..")
