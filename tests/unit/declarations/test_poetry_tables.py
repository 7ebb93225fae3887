"""``[tool.poetry]`` of a pyproject.toml: constraints, origins, groups, extras, and what it adds to ``[project]``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.declarations import pyproject
from envcheck.model.declarations import Declaration, LinkKind
from envcheck.model.readings import ProblemKind, RawFile, Reading
from envcheck.model.requirements import DirectKind, DirectReference

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TABLES = f"""\
[tool.poetry]
name = "My.Demo"

[tool.poetry.dependencies]
python = "~3.9 || ^3.11"
Num_Py = "^1.2"
six = [
    {{ version = "<1.16", python = "<3.10" }},
    {{ version = "1.16.0", python = ">=3.10", platform = "linux" }},
]
cow = {{ version = "6.*", extras = ["b", "a"], optional = true }}
lost = {{ version = "1", optional = true }}
more = {{ version = "1", markers = "extra == 'many'" }}
one = {{ git = "https://host.example/a/one.git", branch = "main", develop = true }}
two = {{ git = "git@host.example:a/two.git", rev = "{COMMIT}", subdirectory = "sub" }}
three = {{ path = "../three/", subdirectory = "sub" }}
four = {{ file = "four-1.0.tar.gz" }}
five = {{ url = "https://host.example/five.zip" }}
my-demo = {{ path = ".", extras = ["viz"] }}

[tool.poetry.extras]
viz = ["cow"]
all = ["cow"]

[tool.poetry.dev-dependencies]
pytest = "*"

[tool.poetry.group.docs]
optional = true

[tool.poetry.group.docs.dependencies]
python = "^3.11"
sphinx.version = "7.1 || >=8"

[[tool.poetry.source]]
name = "mirror"
url = "https://user:secret@index.example/simple"
"""


def read(text: str) -> Reading[Declaration]:
    return pyproject.read(RawFile("pyproject.toml", text.encode()))


def test_entries_with_constraint_group_and_place() -> None:
    reading = read(TABLES)
    assert reading.problems == ()
    assert reading.value.governs
    assert not reading.value.unread
    assert reading.value.project == "my-demo"
    entries = [r for r in reading.value.requirements if not r.direct]
    assert [
        (r.name, r.shown_name, r.raw, r.constraint.text, r.group, r.place.line, r.place.column) for r in entries
    ] == [
        ("num-py", "Num_Py", "^1.2", ">=1.2,<2.0", "", 6, 11),
        ("six", "six", "<1.16", "<1.16", "", 8, 18),
        ("six", "six", "1.16.0", "==1.16.0", "", 9, 18),
        ("cow", "cow", "6.*", "==6.*", "viz", 11, 20),
        ("lost", "lost", "1", "==1", "optional", 12, 21),
        ("more", "more", "1", "==1", "many", 13, 21),
        ("pytest", "pytest", "*", "", "dev", 26, 11),
        ("sphinx", "sphinx", "7.1 || >=8", "7.1 || >=8", "docs", 33, 19),
    ]
    assert entries[2].constraint.exact == "1.16.0"
    assert entries[3].extras == ("a", "b")


def test_python_and_platform_of_an_entry_are_markers() -> None:
    first, second = (r for r in read(TABLES).value.requirements if r.name == "six")
    assert first.marker == 'python_version < "3.10"'
    assert second.marker == '(python_version >= "3.10") and (sys_platform == "linux")'


def test_origins() -> None:
    assert [r.direct for r in read(TABLES).value.requirements if r.direct] == [
        DirectReference(DirectKind.VCS, "https://host.example/a/one.git", "main", editable=True),
        DirectReference(DirectKind.VCS, "git@host.example:a/two.git", COMMIT, COMMIT, subdirectory="sub"),
        DirectReference(DirectKind.PATH, "../three/sub"),
        DirectReference(DirectKind.PATH, "four-1.0.tar.gz"),
        DirectReference(DirectKind.URL, "https://host.example/five.zip"),
    ]


def test_python_and_links() -> None:
    declaration = read(TABLES).value
    (python,) = declaration.python
    assert (python.name, python.raw, python.place.line) == ("python", "~3.9 || ^3.11", 5)
    assert [python.constraint.allows(v) for v in ("3.9.1", "3.10.0", "3.12", "4.0")] == [True, False, True, False]
    (link,) = declaration.links
    assert (link.kind, link.target, link.place.line) == (
        LinkKind.INDEX,
        "https://user:secret@index.example/simple",
        37,
    )


def test_what_enriches_project_adds_its_own_constraint() -> None:
    reading = read(
        "[project]\nname = 'x'\nrequires-python = '>=3.9'\ndependencies = ['one>=1', 'two']\n"
        "[project.optional-dependencies]\nviz = ['three']\n[dependency-groups]\ndev = ['four']\n"
        "[tool.poetry.dependencies]\npython = '^3.9'\none = '<2'\ntwo = { source = 'mirror' }\n"
        "Three = { git = 'https://host.example/three.git' }\nfive = '*'\n"
        "[tool.poetry.group.dev.dependencies]\nfour = '^4'\nsix = '^6'\n[tool.poetry.extras]\nall = ['one']\n"
    )
    assert [(r.name, r.constraint.text, r.group, bool(r.direct)) for r in reading.value.requirements] == [
        ("one", ">=1", "", False),
        ("two", "", "", False),
        ("three", "", "viz", False),
        ("four", "", "dev", False),
        ("one", "<2", "", False),
        ("three", "", "viz", True),
        ("four", ">=4,<5", "dev", False),
    ]
    assert [(p.kind, p.place.line, p.message.split(" of ")[0]) for p in reading.problems] == [
        (ProblemKind.NOT_READ, 14, "Poetry does not use five"),
        (ProblemKind.NOT_READ, 17, "Poetry does not use six"),
    ]
    assert [r.raw for r in reading.value.python] == [">=3.9", "^3.9"]


@pytest.mark.parametrize("dynamic", ["dependencies", "optional-dependencies"])
def test_dynamic_dependencies_of_project_come_from_poetrys_table(dynamic: str) -> None:
    reading = read(
        f"[project]\nname = 'x'\ndynamic = ['{dynamic}']\noptional-dependencies.a = ['one']\n"
        "[tool.poetry.dependencies]\none = '<3'\ntwo = '^1'\nthree = { version = '*', optional = true }\n"
    )
    assert [(r.name, r.group) for r in reading.value.requirements] == [("one", "a"), ("one", ""), ("two", "")]
    assert len(reading.problems) == 1


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("'latest'", "no version constraint: latest"),
        ("''", "empty"),
        ("1.2", "neither a constraint nor a table"),
        ("{ version = 1 }", "version is no text"),
        ("{ version = '^x' }", "no version constraint: ^x"),
        ("{ git = '' }", "git is empty"),
        ("{ version = '1', markers = 'no marker' }", "marker"),
        ("{ version = '1', python = 'three' }", "three"),
        ("{ version = '1', platform = 'a b' }", "no platform: a b"),
    ],
)
def test_entry_that_poetry_refuses(value: str, words: str) -> None:
    reading = read(f"[tool.poetry.dependencies]\nnumpy = {value}\n")
    (problem,) = reading.problems
    assert problem.kind is ProblemKind.INVALID_REQUIREMENT
    assert problem.message.startswith("numpy: ")
    assert words.lower() in problem.message.lower()


def test_python_that_poetry_refuses() -> None:
    (problem,) = read("[tool.poetry.dependencies]\npython = 'three'\n").problems
    assert (problem.kind, problem.place.line) == (ProblemKind.INVALID_REQUIREMENT, 2)


def test_settings_of_poetry_alone_do_not_govern() -> None:
    assert not read("[tool.poetry]\nname = 'x'\npackage-mode = false\n").value.governs


values = st.recursive(
    st.sampled_from(["1", "'^1'", "'x || y'", "true", "''", "'[extra]'", "1979-05-27"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.builds(
            "{{{} = {}}}".format,
            st.sampled_from(["version", "git", "path", "python", "extras", "optional", "dependencies", "x", "url"]),
            inner,
        ),
    ),
    max_leaves=5,
)


@given(
    st.sampled_from(["dependencies", "group", "extras", "source", "name", "dev-dependencies", "dependencies.python"]),
    st.sampled_from(["group.a", "group.a.dependencies", "group.b.include-groups", "group.a.dependencies.python"]),
    values,
    values,
)
def test_tables_of_any_shape_are_read(first: str, second: str, left: str, right: str) -> None:
    project = "[project]\noptional-dependencies.a = ['x']\ndynamic = ['dependencies']\n"
    for start in ("", project):
        text = f"{start}[tool.poetry]\n{first} = {left}\n{second} = {right}\n"
        assert read(text).value.dialect == pyproject.NAME
