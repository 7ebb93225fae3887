"""setup.cfg is read as setuptools reads it; setup.py is named and left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.declarations import setup_cfg, setup_py
from envcheck.model.declarations import Declaration
from envcheck.model.readings import ProblemKind, RawFile, Reading

TEXT = """\
[metadata]
name = My.Demo

[options]
python_requires = >=3.10
install_requires =
    numpy>=1.2  # why
    # nothing
    tomli; python_version<"3.11"

[options.extras_require]
test = pytest; pytest-cov
"""


def read(text: str) -> Reading[Declaration]:
    return setup_cfg.read(RawFile("setup.cfg", text.encode()))


def test_requirements_with_group_and_place() -> None:
    reading = read(TEXT)
    assert reading.problems == ()
    assert [(r.raw, r.group, r.place.line, r.place.column) for r in reading.value.requirements] == [
        ("numpy>=1.2", "", 7, 5),
        ('tomli; python_version<"3.11"', "", 9, 5),
        ("pytest", "test", 12, 8),
        ("pytest-cov", "test", 12, 16),
    ]


def test_name_and_python() -> None:
    declaration = read(TEXT).value
    assert declaration.project == "my-demo"
    assert [(r.raw, r.place.line, r.place.column) for r in declaration.python] == [(">=3.10", 5, 19)]
    assert declaration.governs


def test_file_directives_are_references() -> None:
    reading = read("[options]\ninstall_requires = file: a.txt, sub/b.txt\n")
    assert [(r.target, r.place.column) for r in reading.references] == [("a.txt", 26), ("sub/b.txt", 33)]


@pytest.mark.parametrize("text", ["", "[flake8]\nmax-line-length = 100\n", "[metadata]\nname = x\n"])
def test_file_of_tool_settings_does_not_govern(text: str) -> None:
    reading = read(text)
    assert not reading.value.governs
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        pytest.param("[options]\ninstall_requires =\n  numpy=1\n", ProblemKind.INVALID_REQUIREMENT, 3, id="conda's ="),
        pytest.param("[options]\npython_requires = three\n", ProblemKind.INVALID_REQUIREMENT, 2, id="Python"),
        pytest.param("name = x\n", ProblemKind.UNREADABLE_FILE, 1, id="no section"),
    ],
)
def test_problem(text: str, kind: ProblemKind, line: int) -> None:
    (problem,) = read(text).problems
    assert (problem.kind, problem.place.line) == (kind, line)


@given(st.text("[options]\ninstall_requires= ;#@:1", max_size=80))
def test_any_text_is_read(text: str) -> None:
    assert read("[options]\ninstall_requires =" + text).value.dialect == setup_cfg.NAME


def test_setup_script_is_said_not_to_be_read() -> None:
    reading = setup_py.read(RawFile("setup.py", b"from setuptools import setup\n\nsetup(install_requires=['x'])\n"))
    (problem,) = reading.problems
    assert (problem.kind, problem.place.line) == (ProblemKind.NOT_READ, 3)
    assert (reading.value.governs, reading.value.unread) == (True, True)


def test_other_files_of_that_name_are_passed_over() -> None:
    assert setup_py.read(RawFile("setup.py", b"import numpy\n")).problems == ()
