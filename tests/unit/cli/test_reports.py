"""Several formats at once, each to where it belongs; and the same bytes whatever the order of things."""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from envcheck.cli.main import main
from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.report import Report
from envcheck.reporters.catalogue import NAMES
from tests.support.environments import build_environment
from tests.support.runner import commands

Decide = Callable[[Report | BaseException], None]
REPORT = Report((Finding("PIN001", "unpinned-requirement", Severity.WARNING, Place("a.txt", 0, 3, 1), "x"),))


@pytest.fixture
def here(outcome: Decide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a run that finds one thing."""
    outcome(REPORT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return tmp_path


def test_every_format_goes_to_its_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [word for name in NAMES for word in ("--format", f"{name}:out.{name}")]
    assert main(words) == 1
    assert capsys.readouterr().out == ""
    assert sorted(os.listdir(here)) == sorted(f"out.{name}" for name in NAMES)
    assert json.loads((here / "out.sarif").read_bytes())["version"] == "2.1.0"


def test_one_format_may_go_to_standard_output(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--format", "sarif:out.sarif", "--format", "concise"]) == 1
    assert capsys.readouterr().out == "a.txt:3:1: PIN001 x\n"
    assert (here / "out.sarif").exists()


@pytest.mark.parametrize("words", [["--format", "concise", "--output", "-"], ["--format", "concise:-"]], ids=" ".join)
def test_a_dash_is_standard_output(words: list[str], here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 1
    assert capsys.readouterr().out == "a.txt:3:1: PIN001 x\n"


def test_output_is_the_file_of_one_format(here: Path) -> None:
    assert main(["--format", "concise", "--output", "out.txt"]) == 1
    assert (here / "out.txt").read_text() == "a.txt:3:1: PIN001 x\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param("--format xml", "invalid choice: 'xml'", id="unknown"),
        pytest.param("--format xml:out", "invalid choice: 'xml'", id="unknown with a file"),
        pytest.param("--format json --format sarif", "json and sarif would both be written to standard", id="two"),
        pytest.param(
            "--format json:a --format sarif:./a", "json and sarif would both be written to ./a", id="one file"
        ),
        pytest.param("--format json:a --output b", "--output is for one format", id="two files"),
        pytest.param("--format json:a --format table --output b", "--output is for one format", id="two formats"),
        pytest.param("--table --format json", "table and json would both", id="table"),
    ],
)
def test_what_contradicts_itself_is_a_bad_request(
    words: str, message: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words.split()) == 2
    assert message in capsys.readouterr().err
    assert os.listdir(here) == []


def test_a_file_that_cannot_be_written_keeps_no_other_from_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--format", "json:gone/a.json", "--format", "concise:b.txt"]) == 2
    assert "cannot write gone/a.json: " in capsys.readouterr().err
    assert (here / "b.txt").exists()


def test_the_summary_of_a_step_is_added_to(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "summary.md").write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(here / "summary.md"))
    assert main(["--format", "concise:a.txt"]) == 1
    assert (here / "summary.md").read_text() == "before\n"
    assert main(["--format", "github"]) == 1
    text = (here / "summary.md").read_text()
    assert text.startswith("before\n<!-- envcheck -->")
    assert "**PIN001**" in text


def test_a_summary_that_cannot_be_written_is_said(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(here / "gone" / "summary.md"))
    assert main(["--format", "github"]) == 2
    said = capsys.readouterr()
    assert "::warning file=a.txt" in said.out
    assert "summary.md" in said.err


CELLS = [["# title"], ["import seaborn\n", "import pandas as pd\n"], ["%pip install tqdm\n"], ["import nowhere"]]


def _write_project(folder: Path, order: random.Random) -> None:
    """Write one project, its files in any order."""
    files = {f"nb/{name}.ipynb": _notebook() for name in "abcd"}
    files |= {f"src/{name}.py": "import seaborn\nimport requests\n" for name in "xyz"}
    files |= {"requirements.txt": "pandas\nnumpy>=1\nscipy==1.0\n", "environment.yml": "dependencies:\n- pandas=2.0\n"}
    for path in order.sample(sorted(files), len(files)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(files[path], encoding="utf-8")
    versions = {"pandas": "2.1.4", "seaborn": "0.13", "numpy": "1.26.4"}
    distributions = [{"name": name, "version": versions[name]} for name in order.sample(sorted(versions), 3)]
    build_environment(folder / ".venv", {"distributions": distributions})


def _notebook() -> str:
    kinds = itertools.chain(["markdown"], itertools.repeat("code"))
    cells = [{"cell_type": kind, "source": source} for kind, source in zip(kinds, CELLS, strict=False)]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def test_reports_are_the_same_bytes_in_ten_runs_whatever_the_order(tmp_path: Path) -> None:
    names = [name for name in NAMES if name != "terminal"]
    formats = [word for name in names for word in ("--format", f"{name}:../out.{name}")]
    seen = set()
    for number in range(10):
        order = random.Random(number)
        project = tmp_path / str(number) / "project"
        _write_project(project, order)
        paths = order.sample(["nb", "src", "requirements.txt", "environment.yml"], 4)
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "envcheck",
                *paths,
                "--prefix",
                ".venv",
                "--jobs",
                "14"[number % 2],
                *formats,
                "--format",
                "terminal",
            ],
            cwd=project,
            env={**os.environ, "PYTHONHASHSEED": str(number)},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 1, done.stderr
        # Only json says the whole path of the environment, which is another one in each run.
        outputs = [(project.parent / f"out.{name}").read_bytes() for name in names]
        seen.add(tuple(text.replace(str(project).encode(), b"") for text in (*outputs, done.stdout)))
    assert len(seen) == 1
    ((*reports, _),) = seen
    assert all(b"seaborn" in text for text in reports)


def test_a_hostile_notebook_forges_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = "%pip install 'x\n::error file=a::forged\n##[error]forged\n"
    name = "::error::forged ##[error]x.ipynb"
    cell = {"cell_type": "code", "source": source}
    (tmp_path / name).write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}), encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("::error::forged\n##[error]forged @ x\n", encoding="utf-8")
    words = [word for name in NAMES for word in ("--format", f"{name}:{name}.out")]
    main([".", *words])
    for name in NAMES:
        found = commands((tmp_path / f"{name}.out").read_bytes())
        assert [one for one in found if one.data.startswith("forged")] == []
        assert bool(found) is (name == "github")
