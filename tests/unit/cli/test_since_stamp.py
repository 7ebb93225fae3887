"""``--since-stamp``: what has changed since notebooks ran, and nothing that was so before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from envcheck.cli.main import main
from tests.support.environments import build_environment

PACKAGES = {"pandas": "2.1.4", "numpy": "1.26.4"}
CODE = "import pandas, numpy, nowhere\n"


def write(path: Path, packages: dict[str, str] | None, python: str = "3.11.7") -> None:
    stamp = {"envcheck": {"packages": packages, "python": python, "schema": 1}} if packages is not None else {}
    cell: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": CODE,
    }
    path.write_text(json.dumps({"cells": [cell], "metadata": stamp, "nbformat": 4, "nbformat_minor": 5}))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    distributions = [{"name": name, "version": version} for name, version in PACKAGES.items()]
    build_environment(tmp_path / ".venv", {"distributions": distributions})
    (tmp_path / "requirements.txt").write_text("pandas\nnumpy\n", encoding="utf-8")
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *words: str) -> set[tuple[str, str, str]]:
    capsys.readouterr()
    main(["--since-stamp", "--format", "json", *words])
    found = json.loads(capsys.readouterr().out)["findings"]
    return {(each["path"], each["code"], each["distribution"] or "") for each in found}


def test_nothing_is_told_where_all_is_as_stamped(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project / "a.ipynb", PACKAGES)
    assert told(capsys) == set()
    assert main(["--since-stamp"]) == 0
    assert "findings on what has not changed since the stamps" in capsys.readouterr().out


def test_a_changed_distribution_is_told_wherever_it_is_spoken_of(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project / "a.ipynb", {**PACKAGES, "pandas": "2.0.0"})
    assert told(capsys) == {("a.ipynb", "DRF008", "pandas"), ("requirements.txt", "PIN001", "pandas")}


def test_what_changed_for_one_notebook_has_not_for_the_other(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project / "a.ipynb", PACKAGES)
    write(project / "b.ipynb", {**PACKAGES, "numpy": "1.25.0"})
    assert {each for each in told(capsys) if each[0] != "requirements.txt"} == {("b.ipynb", "DRF008", "numpy")}


def test_a_notebook_without_stamp_is_told_of_whole(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project / "a.ipynb", PACKAGES)
    (project / "sub").mkdir()
    write(project / "sub/b.ipynb", None)
    assert {(path, code) for path, code, _ in told(capsys) if path != "requirements.txt"} >= {("a.ipynb", "COV002")}
    assert told(capsys, "--select", "NBK005") == {("sub/b.ipynb", "NBK005", "")}


def test_another_python_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project / "a.ipynb", PACKAGES, python="3.9.1")
    assert told(capsys) == {("a.ipynb", "DRF008", "python")}


def test_what_cannot_be_read_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project / "a.ipynb", PACKAGES)
    (project / "lost.ipynb").write_text("{", encoding="utf-8")
    assert ("lost.ipynb", "READ001", "") in told(capsys)


def test_without_any_stamp_it_is_a_bad_request(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project / "a.ipynb", None)
    assert main(["--since-stamp"]) == 2
    assert "no stamped notebook in ." in capsys.readouterr().err
