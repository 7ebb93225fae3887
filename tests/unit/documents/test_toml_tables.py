"""The scanner finds each string of a TOML text where tomli's value stands."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.documents.toml_tables import Path, parse, places

TEXT = '''\
# ["not", "a", "table"] "nor a string"
title = "TOML"  # "comment"
"quoted key" = 'x'
"tab\\tkey" = "y"
numbers = [1, 2.5, 1979-05-27 07:32:00, true]

[project]
dependencies = [
    "numpy>=1.2",  # first
    'tomli; python_version<"3.11"', """\\
six""",
]
dotted.key . deep = "d"
inline = { a = "1", b.c = ["2", { d = "3" }] }
several = \'\'\'
'quoted' and ''two''\'\'\'
ends = """a""""

[[package]]
name = "one"
[package.source]
url = "u"
[[package]]
name = "two"
[[package.wheels]]
url = "w1"
[[package.wheels]]
url = "w2"
[ project . "optional-dependencies" ]
dev = [ [ "x" ], [], [ "y", "z" ] ]
'''
WANTED = {
    ("title",): (2, 10),
    ("quoted key",): (3, 17),
    ("tab\tkey",): (4, 15),
    ("project", "dependencies", 0): (9, 6),
    ("project", "dependencies", 1): (10, 6),
    ("project", "dependencies", 2): (10, 40),
    ("project", "dotted", "key", "deep"): (13, 22),
    ("project", "inline", "a"): (14, 17),
    ("project", "inline", "b", "c", 0): (14, 29),
    ("project", "inline", "b", "c", 1, "d"): (14, 40),
    ("project", "several"): (16, 1),
    ("project", "ends"): (17, 11),
    ("package", 0, "name"): (20, 9),
    ("package", 0, "source", "url"): (22, 8),
    ("package", 1, "name"): (24, 9),
    ("package", 1, "wheels", 0, "url"): (26, 8),
    ("package", 1, "wheels", 1, "url"): (28, 8),
    ("project", "optional-dependencies", "dev", 0, 0): (30, 12),
    ("project", "optional-dependencies", "dev", 2, 0): (30, 25),
    ("project", "optional-dependencies", "dev", 2, 1): (30, 30),
}


def test_each_string_has_its_place() -> None:
    assert parse(TEXT).fault is None
    assert places(TEXT) == WANTED


def test_windows_line_ends_change_no_place() -> None:
    assert places(TEXT.replace("\n", "\r\n")) == WANTED


def test_table() -> None:
    document = parse(TEXT)
    assert document.table("project", "dotted", "key") == {"deep": "d"}
    assert document.table("project", "ends") == {}
    assert document.table("nothing", "here") == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("a = 1\nb = [1,\n", 3, id="open array"),
        pytest.param("a = 1\na = 2\n", 2, id="doubled key"),
        pytest.param("a = 'x\0'\n", 1, id="NUL"),
        pytest.param("a = " + "[" * 5000 + "]" * 5000, 0, id="deep arrays"),
        pytest.param("a." * 5000 + "b = 1", 0, id="deep keys"),
        pytest.param("a = " + "9" * 5000, 0, id="endless number"),
    ],
)
def test_fault(text: str, line: int) -> None:
    fault = parse(text).fault
    assert fault
    assert fault.message
    assert fault.line == line


def test_hostile_keys_cost_little() -> None:
    text = "[" + "a." * 900 + "b]\n" + "".join(f'k{n} = "x"\n' for n in range(20_000))
    assert parse(text).fault is None
    assert places(text) == {}


keys = st.one_of(st.from_regex(r"[A-Za-z0-9_-]{1,5}", fullmatch=True), st.text("ab.\"' é\t", max_size=4))
texts = st.text("ab ='\"\\#[]{},é\n", max_size=8)


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, dict[Path, str]]:
    """Draw a TOML text of tables with strings, arrays and inline tables, and the strings in it by path."""
    lines, strings = [], dict[Path, str]()
    for table in draw(st.lists(keys, unique=True, min_size=1, max_size=3)):
        lines.append(f"[{json.dumps(table)}]  # [x] 'y")
        names = draw(st.lists(keys, unique=True, max_size=3))
        lines += (f"{json.dumps(name)} = {value(draw, (table, name), strings, 2)}" for name in names)
    return "\n".join(lines) + "\n", strings


def value(draw: st.DrawFn, path: Path, strings: dict[Path, str], depth: int) -> str:
    kind = draw(st.sampled_from(["text", "text", "array", "table"] if depth else ["text"]))
    if kind == "array":
        size = draw(st.integers(0, 3))
        return "[\n" + "".join(f"{value(draw, (*path, n), strings, depth - 1)}, # ]\n" for n in range(size)) + "]"
    if kind == "table":
        names = draw(st.lists(keys, unique=True, max_size=2))
        pairs = (f"{json.dumps(name)} = {value(draw, (*path, name), strings, depth - 1)}" for name in names)
        return "{" + ", ".join(pairs) + "}"
    strings[path] = text = draw(texts)
    literal = "'" not in text and "\n" not in text
    return f"'{text}'" if literal else draw(st.sampled_from([json.dumps(text), f'"""{json.dumps(text)[1:-1]}"""']))


@given(tables())
def test_places_of_any_tables(drawn: tuple[str, dict[Path, str]]) -> None:
    text, strings = drawn
    assert parse(text).fault is None
    found = places(text)
    assert found.keys() == strings.keys()
    lines = text.split("\n")
    for path, (line, column) in found.items():
        rest = lines[line - 1][column - 1 :]
        assert rest.startswith((strings[path], json.dumps(strings[path])[1:-1]))
