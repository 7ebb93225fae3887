"""Install lines in cells: what they install, where each word stands, and what is still open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.declarations.notebook_install import read_commands
from envcheck.model.names import Ecosystem
from envcheck.model.places import Place
from envcheck.model.readings import ProblemKind, Reading, ReferenceKind
from envcheck.model.requirements import DirectKind, Requirement, Role
from envcheck.model.usage import InstallCommand


def read(arguments: str, tool: str = "pip", column: int = 14) -> Reading[tuple[Requirement, ...]]:
    return read_commands([InstallCommand(tool, arguments, Place("a.ipynb", 3, 2, column))], path="a.ipynb")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param("pandas", ["pandas"], id="name"),
        pytest.param("pandas==2.1 numpy", ["pandas==2.1", "numpy"], id="two"),
        pytest.param("\"pandas>=2\" 'torch==2.1'", ["pandas>=2", "torch==2.1"], id="quotes"),
        pytest.param("-q -U --no-cache-dir pandas", ["pandas"], id="switches"),
        pytest.param("-qU pandas", ["pandas"], id="cluster of switches"),
        pytest.param("--index-url https://i.example/simple pandas", ["pandas"], id="option with a value"),
        pytest.param("-ihttps://i.example pandas", ["pandas"], id="value that touches its letter"),
        pytest.param("--extra-index https://i.example pandas --find-l x", ["pandas"], id="abbreviations"),
        pytest.param("-t . --target=/x pandas", ["pandas"], id="folder is no requirement"),
        pytest.param("pandas > /dev/null 2>&1", ["pandas"], id="redirections"),
        pytest.param("pandas # first", ["pandas"], id="comment"),
        pytest.param("pandas | tail -n 1", ["pandas"], id="pipe"),
        pytest.param("pandas && pip install numpy", ["pandas"], id="what another command does"),
        pytest.param("pandas pandas==2", ["pandas", "pandas==2"], id="twice"),
        pytest.param("--frobnicate pandas", ["pandas"], id="unknown option"),
        pytest.param("-U", [], id="nothing"),
    ],
)
def test_pip_installs(arguments: str, expected: list[str]) -> None:
    reading = read(arguments)
    assert [requirement.raw for requirement in reading.value] == expected
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("arguments", "name", "kind"),
    [
        pytest.param("git+https://host.example/a/b.git@v1#egg=b", "b", DirectKind.VCS, id="repository"),
        pytest.param("https://host.example/my_pkg-1.0-py3-none-any.whl", "my-pkg", DirectKind.URL, id="wheel"),
        pytest.param(".", "", DirectKind.PATH, id="here"),
        pytest.param("-e .[dev]", "", DirectKind.PATH, id="editable"),
        pytest.param("'b @ git+https://host.example/b'", "b", DirectKind.VCS, id="named"),
    ],
)
def test_direct_references(arguments: str, name: str, kind: DirectKind) -> None:
    (requirement,) = read(arguments).value
    assert requirement.direct
    assert (requirement.name, requirement.direct.kind) == (name, kind)
    assert requirement.direct.editable == arguments.startswith("-e")


def test_requirement_is_ad_hoc_and_knows_its_extras_and_marker() -> None:
    (requirement,) = read("\"x[a]>=1; os_name == 'nt'\"").value
    assert (requirement.role, requirement.dialect, requirement.ecosystem) == (
        Role.AD_HOC,
        "notebook_install",
        Ecosystem.PYPI,
    )
    assert (requirement.extras, requirement.marker, requirement.constraint.text) == (("a",), 'os_name == "nt"', ">=1")


@pytest.mark.parametrize(
    ("arguments", "name", "raw"),
    [
        pytest.param("pandas=={version}", "pandas", "pandas=={version}", id="IPython"),
        pytest.param("pandas==$VERSION", "pandas", "pandas==$VERSION", id="shell"),
        pytest.param('"pandas==${PANDAS_VERSION}"', "pandas", "pandas==${PANDAS_VERSION}", id="shell in quotes"),
        pytest.param("$PACKAGES", "", "$PACKAGES", id="variable alone"),
        pytest.param("{' '.join(names)}", "", "{' '.join(names)}", id="expression with blanks"),
        pytest.param("$(cat requirements.txt)", "", "$(cat requirements.txt)", id="output of a command"),
        pytest.param("pre-{name}", "", "pre-{name}", id="part of a name"),
        pytest.param(
            "git+https://host.example/b@{branch}#egg=b", "b", "git+https://host.example/b@{branch}#egg=b", id="branch"
        ),
    ],
)
def test_interpolation_stays_as_written(arguments: str, name: str, raw: str) -> None:
    (requirement,) = read(arguments).value
    assert (requirement.name, requirement.raw, requirement.template) == (name, raw, True)
    assert requirement.constraint.text == ""


@pytest.mark.parametrize(
    ("arguments", "places"),
    [
        pytest.param("pandas numpy", [(2, 14), (2, 21)], id="one line"),
        pytest.param('-q "pandas>=2"', [(2, 18)], id="inside quotes"),
        pytest.param("-e ./x", [(2, 17)], id="after its option"),
        pytest.param("pandas \\\n    numpy \\\n  scipy", [(2, 14), (3, 5), (4, 3)], id="continued lines"),
    ],
)
def test_places_are_exact(arguments: str, places: list[tuple[int, int]]) -> None:
    requirements = read(arguments).value
    assert [(r.place.path, r.place.cell) for r in requirements] == [("a.ipynb", 3)] * len(places)
    assert [(r.place.line, r.place.column) for r in requirements] == places


@pytest.mark.parametrize(
    ("arguments", "tool", "kind", "target"),
    [
        pytest.param("-r ../requirements.txt", "pip", ReferenceKind.REQUIREMENTS, "../requirements.txt", id="pip"),
        pytest.param("-qrreq.txt", "pip", ReferenceKind.REQUIREMENTS, "req.txt", id="cluster"),
        pytest.param("--constraint=c.txt", "pip", ReferenceKind.CONSTRAINTS, "c.txt", id="constraints"),
        pytest.param("--requirements r.txt", "uv", ReferenceKind.REQUIREMENTS, "r.txt", id="uv"),
    ],
)
def test_files_become_references(arguments: str, tool: str, kind: ReferenceKind, target: str) -> None:
    (reference,) = read(arguments, tool).references
    assert (reference.kind, reference.target) == (kind, target)


@pytest.mark.parametrize(
    ("arguments", "tool"),
    [
        pytest.param("-r {folder}/requirements.txt", "pip", id="name depends on a variable"),
        pytest.param("--file specs.txt", "conda", id="list of conda specs"),
    ],
)
def test_file_that_is_not_read_is_said(arguments: str, tool: str) -> None:
    reading = read(arguments, tool)
    assert reading.references == ()
    assert [problem.kind for problem in reading.problems] == [ProblemKind.NOT_READ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param("--system -p 3.11 pandas", ["pandas"], id="options of its own"),
        pytest.param("-r pyproject.toml --extra dev", [], id="project"),
        pytest.param("-P pandas numpy", ["numpy"], id="upgraded, not installed"),
    ],
)
def test_uv_installs(arguments: str, expected: list[str]) -> None:
    assert [requirement.raw for requirement in read(arguments, "uv").value] == expected


@pytest.mark.parametrize(
    ("arguments", "name", "version", "exact"),
    [
        pytest.param("-c conda-forge -y numpy", "numpy", "", None, id="name"),
        pytest.param("-n base numpy=1.26", "numpy", "=1.26", None, id="fuzzy"),
        pytest.param("numpy==1.26.4", "numpy", "==1.26.4", "1.26.4", id="exact"),
        pytest.param("'numpy>=1.20,<2'", "numpy", ">=1.20,<2", None, id="range"),
        pytest.param("numpy=1.26.4=py311h0", "numpy", "=1.26.4=py311h0", "1.26.4", id="build"),
        pytest.param("--channel=x Py_XGBoost", "py_xgboost", "", None, id="conda keeps underscores"),
    ],
)
def test_conda_installs(arguments: str, name: str, version: str, exact: str | None) -> None:
    reading = read(arguments, "conda")
    (requirement,) = reading.value
    assert (requirement.name, requirement.ecosystem) == (name, Ecosystem.CONDA)
    assert (requirement.constraint.text, requirement.constraint.exact) == (version, exact)
    assert reading.problems == ()


def test_conda_channel_and_interpolation() -> None:
    first, second = read("conda-forge::numpy pandas={version}", "conda").value
    assert (first.name, first.channel) == ("numpy", "conda-forge")
    assert (second.name, second.template, second.constraint.text) == ("pandas", True, "")


@pytest.mark.parametrize("arguments", ["pandas>=2", "pandas<2", "'pandas'>=2"])
def test_specifier_without_quotes_never_reaches_pip(arguments: str) -> None:
    reading = read(arguments)
    (requirement,) = reading.value
    (problem,) = reading.problems
    assert (requirement.name, requirement.raw, requirement.constraint.text) == ("pandas", arguments, "")
    assert (problem.kind, problem.place.column) == (ProblemKind.INVALID_REQUIREMENT, requirement.place.column)
    assert "without quotes" in problem.message


def test_open_quote_is_told_and_the_rest_is_read() -> None:
    reading = read("numpy 'pandas>=2")
    assert [requirement.raw for requirement in reading.value] == ["numpy", "pandas>=2"]
    assert ["never closed" in problem.message for problem in reading.problems] == [True]


@pytest.mark.parametrize(("tool", "word"), [("pip", "numpy=1.2"), ("uv", "a==x=="), ("conda", "'numpy 1 2 3 4'")])
def test_bad_word_is_told_and_the_rest_is_read(tool: str, word: str) -> None:
    reading = read(f"{word} scipy", tool)
    assert [requirement.raw for requirement in reading.value] == ["scipy"]
    assert [problem.kind for problem in reading.problems] == [ProblemKind.INVALID_REQUIREMENT]


@given(
    st.sampled_from(["pip", "uv", "conda"]), st.text(max_size=40) | st.text("a1=<>[]{}$'\"`(;&|#\\ -re\n", max_size=40)
)
def test_reading_never_raises(tool: str, arguments: str) -> None:
    read(arguments, tool)


@pytest.mark.parametrize(
    "arguments", ["a " * 30_000, "a>1 " * 20_000, "{" * 50_000, "a\\\n" * 20_000], ids=lambda text: text[:3]
)
@pytest.mark.timeout(3)
def test_hostile_line_takes_no_time(arguments: str) -> None:
    read(arguments)
