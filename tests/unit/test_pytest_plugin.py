"""``pytest --envcheck``: a test for each notebook, script and declaration."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

NOTEBOOK = {
    "cells": [{"cell_type": "code", "source": "import numpy", "metadata": {}, "outputs": [], "execution_count": None}],
    "metadata": {"language_info": {"name": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "env/lib/python3.11/site-packages").mkdir(parents=True)
    (tmp_path / "env/pyvenv.cfg").write_text("version = 3.11.7\n", encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("numpy==1.26.4\n", encoding="utf-8")
    (tmp_path / "good.py").write_text("import json\n", encoding="utf-8")
    (tmp_path / "bad.ipynb").write_text(json.dumps(NOTEBOOK), encoding="utf-8")
    (tmp_path / "lost.py").write_text("import nosuchmodule\n", encoding="utf-8")
    (tmp_path / "test_own.py").write_text("def test_it():\n    assert True\n", encoding="utf-8")
    return tmp_path


def run(project: Path, *words: str) -> tuple[int, list[str]]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-rA", "--tb=short", *words]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert "INTERNALERROR" not in done.stdout + done.stderr
    return done.returncode, done.stdout.splitlines()


def outcomes(lines: list[str]) -> dict[str, str]:
    words = (line.split(" - ")[0].split(maxsplit=1) for line in lines if line.startswith(("PASSED ", "FAILED ")))
    return {test: outcome for outcome, test in words}


def test_each_file_is_a_test(project: Path) -> None:
    code, lines = run(project, "--envcheck", "--envcheck-prefix", "env")
    assert code == 1
    assert outcomes(lines) == {
        "requirements.txt::envcheck": "FAILED",
        "good.py::envcheck": "PASSED",
        "bad.ipynb::envcheck": "PASSED",
        "lost.py::envcheck": "FAILED",
        "test_own.py::envcheck": "PASSED",
        "test_own.py::test_it": "PASSED",
        "::envcheck: the rest": "PASSED",
    }
    assert any(line.startswith("requirements.txt:1:1: DRF002 numpy") for line in lines)
    assert not any("Traceback" in line for line in lines)


def test_nothing_happens_unasked(project: Path) -> None:
    code, lines = run(project)
    assert (code, outcomes(lines)) == (0, {"test_own.py::test_it": "PASSED"})


def test_bad_request_is_an_error_of_usage(project: Path) -> None:
    code, _ = run(project, "--envcheck", "--envcheck-prefix", "nowhere")
    assert code == 4


def test_what_pytest_was_not_given_is_left_out(project: Path) -> None:
    code, lines = run(project, "--envcheck", "--envcheck-prefix", "env", "good.py")
    assert outcomes(lines)["good.py::envcheck"] == "PASSED"
    assert "lost.py::envcheck" not in outcomes(lines)
    assert code == 1  # the declaration that governs it is not met, whoever was given
