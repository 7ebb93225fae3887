"""What a report suggests can be pasted as it is: the finding is gone then, and the file still reads."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from envcheck.cli.main import main
from tests.projects.test_fixture_projects import PROJECTS, build_project, enter, expectation
from tests.support.environments import build_environment
from tests.support.pasting import Finding, Suggestion, paste, suggestions

VERSIONS = {"pandas": "2.1.4", "requests": "2.31.0", "seaborn": "0.13.2", "rich": "13.7.0", "left-over": "1.0"}
IMPORTING = "import pandas, requests, seaborn, rich\n"


def notebook(*cells: str) -> str:
    shape: dict[str, object] = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    made = [{**shape, "source": text} for text in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


DIALECTS = {
    "requirements": {
        "requirements.txt": "pandas>=2  # tables\nrequests ; python_version >= '3'\nrich[jupyter]>=13,<14\nleft-over\n"
    },
    "constrained": {"requirements.in": "pandas\n", "sub/requirements.txt": "-r ../requirements.in\nrich>1\n"},
    "pyproject": {
        "pyproject.toml": '[project]\nname = "x"\nversion = "1"\ndependencies = [\n  "pandas>=2", \'requests\',\n'
        "  \"rich[jupyter] ; python_version>='3'\",\n  'left-over (>=1) ; python_version > \"3\"',\n]\n"
    },
    "poetry": {
        "pyproject.toml": '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "*"\npandas = "^2"\n'
        'requests = "*"\nrich = {version = "^13", extras = ["jupyter"], markers = "python_version > \'3\'"}\n'
    },
    "pipenv": {
        "Pipfile": '[packages]\npandas = ">=2"\nrequests = "*"\nrich = {version = ">=13", extras = ["jupyter"]}\n'
        "left-over = {extras = ['x'], markers = 'python_version > \"3\"'}\n"
    },
    "pipenv, of tables": {"Pipfile": '[packages]\nrequests = "*"\n[packages.rich]\nversion = "*"\n'},
    "pixi": {
        "pixi.toml": '[workspace]\nname = "x"\nchannels = []\nplatforms = ["linux-64"]\n[dependencies]\npython = "*"\n'
        '[pypi-dependencies]\npandas = ">=2"\nrequests = "*"\nrich = {version = ">=13", extras = ["jupyter"]}\n'
    },
    "conda": {
        "environment.yml": 'dependencies:\n  - python\n  - pandas>=2  # x\n  - "requests"\n  - conda-forge::rich=13\n'
        "  - pip:\n    - left-over[a] ; python_version > '3'\n"
    },
    "setuptools": {
        "setup.cfg": "[options]\ninstall_requires =\n    pandas>=2\n    requests ; python_version >= '3'\n    rich[x]\n"
    },
    "script": {"analysis.py": f'# /// script\n# dependencies = [\n#   "pandas>=2",\n# ]\n# ///\n{IMPORTING}'},
    "notebook": {
        "analysis.ipynb": notebook(
            "%pip install pandas 'requests>=2'\n!pip install -q rich[jupyter] seaborn\n", IMPORTING
        )
    },
    "notebook with a block": {
        "analysis.ipynb": notebook('# /// script\n# dependencies = [\n#   "pandas>=2",\n# ]\n# ///\n', IMPORTING)
    },
    "shell": {
        "analysis.ipynb": notebook(
            "%%bash\ncd /tmp && pip install pandas\n",
            "!cd /tmp && pip install requests 'rich<14'\n",
            "if True:\n    !pip install seaborn \\\n      left-over\n",
            "!/opt/venv/bin/pip install -q seaborn\n",
            "out = !pip install pandas",
            IMPORTING,
        )
    },
    "nothing": {},
}


def build_dialect(files: dict[str, str], folder: Path) -> Path:
    """Write a project with an environment; a script imports what is installed where nothing else does."""
    project = folder / "project"
    for name, text in {"analysis.py": IMPORTING, **files}.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    if "analysis.ipynb" in files:
        (project / "analysis.py").unlink()
    distributions = [{"name": name, "version": version} for name, version in VERSIONS.items()]
    build_environment(project / ".venv", {"distributions": distributions})
    return project


Run = Callable[..., tuple[str, list[Finding]]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what checks a folder, and gives the report in the terminal and the findings."""

    def check(folder: Path, *arguments: str) -> tuple[str, list[Finding]]:
        monkeypatch.chdir(folder)
        main(["-q", *arguments])
        said = capsys.readouterr().out
        main([*arguments, "--format", "json"])
        return said, json.loads(capsys.readouterr().out)["findings"]

    return check


def finding_of(said: Suggestion, findings: list[Finding]) -> Finding:
    """Return the finding that a line of the terminal speaks of."""
    where = (said.path, said.cell, said.line, said.code, said.message)
    return next(f for f in findings if (f["path"], f["cell"] or 0, f["line"] or 0, f["code"], f["message"]) == where)


def what(finding: Finding) -> tuple[Any, ...]:
    """Return what a finding speaks of, wherever that stands now."""
    return finding["code"], finding["path"], finding["distribution"]


def check_all(project: Path, run: Run, arguments: tuple[str, ...] = ()) -> int:
    """Paste each suggestion into a copy of the project, and return how many there were."""
    said, findings = run(project, *arguments)
    found = suggestions(said)
    assert len(found) == said.count("(fix: ") == sum(f["fix"] is not None for f in findings)
    for number, one in enumerate(found):
        copy = project.parent / f"pasted-{number}"
        shutil.copytree(project, copy, symlinks=True)
        _paste_until_gone(copy, one, finding_of(one, findings), run, arguments)
    return len(found)


def _paste_until_gone(copy: Path, one: Suggestion, finding: Finding, run: Run, arguments: tuple[str, ...]) -> None:
    """Paste a suggestion; what one finding says of several places is gone when each has been mended."""
    before = run(copy, *arguments)[1]
    places = 1 + len(finding["related"])
    subject, said, now = what(finding), one, finding
    for _ in range(places):
        paste(copy, said, now)
        text, after = run(copy, *arguments)
        assert unread(after) <= unread(before), (one, text)
        left = [f for f in after if what(f) == subject and f["fix"]]
        count = sum(what(f) == subject for f in after)
        is_elsewhere = all((f["cell"], f["line"]) != (now["cell"], now["line"]) for f in after if what(f) == subject)
        if count < sum(what(f) == subject for f in before) or (is_elsewhere and not left):
            return
        said, now = next((s, f) for s in suggestions(text) for f in left if finding_of(s, after) is f)
    raise AssertionError((one, text))


def unread(findings: list[Finding]) -> set[tuple[Any, ...]]:
    return {(f["code"], f["path"], f["message"]) for f in findings if f["code"].startswith("READ")}


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_suggestions_of_a_fixture(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    expected = expectation(project)
    folder = build_project(project, expected, tmp_path)
    enter(folder, tmp_path, monkeypatch)
    for name, value in expected.get("variables", {}).items():
        monkeypatch.setenv(name, value)
    check_all(folder, run, tuple(expected.get("arguments", ())))


def test_suggestions_of_the_demo(repository: Path, tmp_path: Path, run: Run) -> None:
    shutil.copytree(repository / "fixtures" / "demo", tmp_path / "demo", symlinks=True)
    assert check_all(tmp_path / "demo", run) > 5


@pytest.mark.parametrize("files", DIALECTS.values(), ids=list(DIALECTS))
def test_suggestions_for_each_dialect(
    files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH"):
        monkeypatch.delenv(variable, raising=False)
    assert check_all(build_dialect(files, tmp_path), run, ("--prefix", ".venv")) > 2
