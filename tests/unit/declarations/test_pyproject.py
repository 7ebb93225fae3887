"""pyproject.toml: PEP 621, PEP 735, setuptools' dynamic files, and what is said not to be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.declarations import pyproject
from envcheck.model.declarations import Declaration
from envcheck.model.readings import ProblemKind, RawFile, Reading, ReferenceKind

PROJECT = """\
[build-system]
requires = ["hatchling"]

[project]
name = "My.Demo"
requires-python = ">=3.10"
dependencies = [
    "numpy>=1.2",  # first
    'tomli; python_version < "3.11"', "x @ https://index.example/x-1.zip",
]

[project.optional-dependencies]
test = ["pytest"]
all = ["my-demo[test]", "rich"]

[dependency-groups]
dev = ["mypy", { include-group = "lint" }]
lint = ["ruff"]
"""


def read(text: str) -> Reading[Declaration]:
    return pyproject.read(RawFile("pyproject.toml", text.encode()))


def test_claims_nothing_but_its_name() -> None:
    assert pyproject.claims("sub/pyproject.toml")
    assert not pyproject.claims("pyproject.toml.bak")


def test_requirements_with_group_and_place() -> None:
    reading = read(PROJECT)
    assert reading.problems == ()
    assert [(r.name, r.group, r.place.line, r.place.column) for r in reading.value.requirements] == [
        ("numpy", "", 8, 6),
        ("tomli", "", 9, 6),
        ("x", "", 9, 40),
        ("pytest", "test", 13, 10),
        ("rich", "all", 14, 26),
        ("mypy", "dev", 17, 9),
        ("ruff", "lint", 18, 10),
    ]


def test_markers_and_urls_are_told_apart() -> None:
    _, tomli, archive, *_ = read(PROJECT).value.requirements
    assert tomli.marker == 'python_version < "3.11"'
    assert archive.direct
    assert archive.direct.url == "https://index.example/x-1.zip"


def test_name_and_python() -> None:
    declaration = read(PROJECT).value
    assert declaration.project == "my-demo"
    (python,) = declaration.python
    assert (python.name, python.raw, python.place.line, python.place.column) == ("python", ">=3.10", 6, 20)
    assert declaration.governs


@pytest.mark.parametrize(
    "text", ["", "[tool.ruff]\nline-length = 100\n", "[build-system]\nrequires = ['setuptools']\n"]
)
def test_file_of_tool_settings_does_not_govern(text: str) -> None:
    reading = read(text)
    assert not reading.value.governs
    assert reading.problems == ()


def test_dynamic_files_are_references() -> None:
    reading = read(
        "[project]\nname = 'x'\ndynamic = ['dependencies', 'optional-dependencies']\n"
        "[tool.setuptools.dynamic]\ndependencies = { file = ['a.txt', 'b.txt'] }\n"
        "optional-dependencies.dev = { file = 'dev.txt' }\n"
    )
    assert [(r.target, r.place.line, r.place.column) for r in reading.references] == [
        ("a.txt", 5, 27),
        ("b.txt", 5, 36),
        ("dev.txt", 6, 39),
    ]
    assert {r.kind for r in reading.references} == {ReferenceKind.REQUIREMENTS}
    assert reading.value.governs


def test_files_that_are_not_dynamic_are_no_references() -> None:
    assert read("[tool.setuptools.dynamic]\ndependencies = { file = ['a.txt'] }\n").references == ()


@pytest.mark.parametrize(
    ("text", "tool", "is_manifest"),
    [
        ("[tool]\nhatch.envs.x.dependencies = ['x']\n", "hatch", False),
        ("[tool.hatch.envs.default]\ndependencies = ['x']\n", "hatch", False),
    ],
)
def test_table_of_another_tool_is_said(text: str, tool: str, is_manifest: bool) -> None:
    reading = read(text)
    (problem,) = reading.problems
    assert problem.kind is ProblemKind.NOT_READ
    assert f"[tool.{tool}]" in problem.message
    assert (reading.value.governs, reading.value.unread) == (is_manifest, is_manifest)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        pytest.param("[project]\ndependencies = ['x', 'numpy=1']\n", 2, "single =", id="conda's ="),
        pytest.param("[project]\ndependencies = ['x', './y']\n", 2, "without a name", id="path"),
        pytest.param("[project]\ndependencies = ['x', 'https://index.example/y.zip']\n", 2, "without a name", id="URL"),
        pytest.param("[project]\ndependencies = ['x', 1]\n", 0, "no requirement", id="number"),
        pytest.param("[project]\ndependencies = 'numpy'\n", 2, "no list", id="text"),
        pytest.param("[project]\nrequires-python = 'three'\n", 2, "three", id="Python"),
        pytest.param("[dependency-groups]\na = ['x', {include-group = 'b'}]\n", 2, "no group b", id="unknown group"),
        pytest.param("[dependency-groups]\na = ['x', {other = 'b'}]\n", 2, "no requirement", id="unknown table"),
        pytest.param("[dependency-groups]\na-b = ['x']\nA_B = ['y']\n", 3, "same group", id="group twice"),
        pytest.param(
            "[dependency-groups]\na = [{include-group = 'b'}]\nb = [{include-group = 'a'}]\n",
            2,
            "a → b → a",
            id="cycle",
        ),
    ],
)
def test_invalid_entry(text: str, line: int, words: str) -> None:
    (problem,) = read(text).problems
    assert problem.kind is ProblemKind.INVALID_REQUIREMENT
    assert words in problem.message
    assert problem.place.line == line


def test_placeholders_of_build_back_ends_are_templates() -> None:
    (requirement,) = read("[project]\ndependencies = ['x @ {root:uri}/x']\n").value.requirements
    assert (requirement.name, requirement.template) == ("x", True)


@pytest.mark.parametrize(
    ("text", "line"), [("[project]\nname = \n", 2), ("a = 1\na = 2\n", 2), ("[" * 10_000, 1), ("a = '\0'", 1)]
)
def test_broken_toml_is_said_with_its_line(text: str, line: int) -> None:
    reading = read(text)
    (problem,) = reading.problems
    assert problem.kind is ProblemKind.UNREADABLE_FILE
    assert problem.place.line == line
    assert not reading.value.governs


def test_many_wrong_entries_cost_little() -> None:
    assert len(read(f"[project]\ndependencies = [{', '.join(map(str, range(5000)))}]\n").problems) == 5000


toml_values = st.recursive(
    st.one_of(st.text("a=1 ;@[", max_size=5).map(repr), st.integers().map(str)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.builds("{{{} = {}}}".format, st.sampled_from(["include-group", "file", "a"]), inner),
    ),
    max_leaves=6,
)


@given(
    st.sampled_from(
        ["project.dependencies", "project.optional-dependencies.a", "project.name", "project.dynamic", "tool.pdm"]
    ),
    st.sampled_from(
        ["dependency-groups.a", "dependency-groups", "tool.setuptools.dynamic.dependencies", "tool", "project"]
    ),
    toml_values,
    toml_values,
)
def test_tables_of_any_shape_are_read(first: str, second: str, left: str, right: str) -> None:
    assert read(f"{first} = {left}\n{second} = {right}\n").value.dialect == pyproject.NAME


PDM = """\
[project]
name = "demo"
dependencies = ["numpy>=2", "pandas", "scipy"]
[tool.pdm.dev-dependencies]
test = ["pytest>=8", "demo[docs]", {include-group = "docs"}]
docs = [
    "-e file:///${PROJECT_ROOT}/libs/one#egg=Lib_One",
    "-e git+https://example.org/two.git@v1#egg=two",
    "-e three",
    4,
    "=>1",
]
[tool.pdm.resolution.overrides]
Numpy = "1.26.4"
pandas = ">=2,<3"
scipy = "https://example.org/scipy-1.0-py3-none-any.whl"
"""


def test_groups_of_pdm_are_read_and_what_overrides_stands_in_the_place_of_the_rest() -> None:
    reading = read(PDM)
    assert [(r.name, r.group, r.constraint.text, r.place.line) for r in reading.value.requirements] == [
        ("numpy", "", "==1.26.4", 3),
        ("pandas", "", ">=2,<3", 3),
        ("scipy", "", "", 3),
        ("pytest", "test", ">=8", 5),
        ("lib-one", "docs", "", 7),
        ("two", "docs", "", 8),
        ("", "docs", "", 9),
    ]
    directs = [r.direct and (r.direct.url, r.direct.editable) for r in reading.value.requirements]
    assert directs[2] == ("https://example.org/scipy-1.0-py3-none-any.whl", False)
    assert directs[4:] == [("./libs/one", True), ("https://example.org/two.git", True), ("three", True)]
    assert len(reading.problems) == 2
    assert not reading.value.unread
