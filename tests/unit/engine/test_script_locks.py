"""Locks of single sources, from the files to the findings: ``run.py.lock``, and what juv keeps inside a notebook."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from envcheck.engine.check import run_check
from envcheck.model.settings import Settings
from tests.support.environments import build_environment

LOCK = """\
version = 1
revision = 3
requires-python = ">=3.10"

[manifest]
requirements = [{ name = "pandas", specifier = ">=2.1" }]

[[package]]
name = "pandas"
version = "2.1.4"
source = { registry = "https://index.example/simple" }
"""
BLOCK = '# /// script\n# requires-python = ">=3.10"\n# dependencies = ["pandas{}"]\n# ///\n'


def write_script(folder: Path, wanted: str) -> str:
    (folder / "run.py").write_text(BLOCK.format(wanted) + "import pandas\n", encoding="utf-8")
    (folder / "run.py.lock").write_text(LOCK, encoding="utf-8")
    return "run.py"


def write_notebook(folder: Path, wanted: str) -> str:
    cells = [{"cell_type": "code", "source": text} for text in (BLOCK.format(wanted), "import pandas")]
    notebook = {"cells": cells, "metadata": {"uv.lock": LOCK}, "nbformat": 4}
    (folder / "run.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return "run.ipynb"


@pytest.mark.parametrize("write", [write_script, write_notebook])
@pytest.mark.parametrize(
    ("wanted", "installed", "expected"),
    [
        pytest.param(">=2.1", "2.1.4", [], id="as locked"),
        pytest.param(">=2.1", "2.2.0", ["DRF003"], id="drifted"),
        pytest.param(">=2.0", "2.1.4", ["LCK002"], id="outdated"),
        pytest.param(">=2.2", "2.1.4", ["LCK001"], id="unsatisfying"),
    ],
)
def test_source_is_compared_with_its_own_lock(
    write: object, wanted: str, installed: str, expected: list[str], tmp_path: Path
) -> None:
    assert callable(write)
    source = write(tmp_path, wanted)
    build_environment(tmp_path / "env", {"distributions": [{"name": "pandas", "version": installed}]})

    report = run_check([source], Settings(prefix="env"), environ={}, cwd=str(tmp_path))

    assert [finding.code for finding in report.findings] == expected


def test_lock_inside_a_notebook_is_told_from_the_notebook(tmp_path: Path) -> None:
    write_notebook(tmp_path, ">=2.2")
    build_environment(tmp_path / "env", {"distributions": [{"name": "pandas", "version": "2.2.0"}]})

    report = run_check(["run.ipynb"], Settings(prefix="env"), environ={}, cwd=str(tmp_path))

    messages = [finding.message for finding in report.findings]
    assert any("but the lock in run.ipynb locks 2.1.4; run juv run run.ipynb" in message for message in messages)
    assert any("but run.ipynb locks 2.1.4; lock again: juv lock run.ipynb" in message for message in messages)
