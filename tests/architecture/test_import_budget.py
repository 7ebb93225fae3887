"""A plain check loads what it needs and no more: start-up is time that every user pays at every run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

LOADED = """
import json, sys
before = set(sys.modules)
from envcheck.cli.main import main
main(sys.argv[1:])
print(json.dumps(sorted(set(sys.modules) - before)))
"""
NOTEBOOK = {"cells": [{"cell_type": "code", "source": "import pandas"}], "metadata": {}, "nbformat": 4}
SLOW = "yaml rich asyncio importlib.metadata importlib_metadata email pkg_resources unittest".split()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.ipynb").write_text(json.dumps(NOTEBOOK), encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("pandas==2.1.4\n", encoding="utf-8")
    return tmp_path


def loaded(project: Path, *arguments: str) -> set[str]:
    """Return the modules that a command loads beyond those of a bare interpreter."""
    command = [sys.executable, "-I", "-c", LOADED, *arguments]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


PLAIN = {"packaging", "msgspec", "typing_extensions"}  # the last only because msgspec takes it where it is installed


def third_parties(modules: set[str]) -> set[str]:
    tops = {name.partition(".")[0] for name in modules if not name.startswith("_")}
    return {top for top in tops if top not in sys.stdlib_module_names and "__mypyc" not in top} - {"envcheck"}


def test_plain_check_loads_no_more_than_it_needs(project: Path) -> None:
    modules = loaded(project, ".")
    assert third_parties(modules) <= PLAIN
    assert sorted(modules.intersection(SLOW)) == []


def test_pyproject_costs_its_parser_and_nothing_else(project: Path) -> None:
    (project / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\n', encoding="utf-8")
    assert third_parties(loaded(project, ".")) <= PLAIN | {"tomli"}


def test_version_is_said_without_loading_anything(project: Path) -> None:
    assert loaded(project, "--version") <= {"__future__", "envcheck", "envcheck.cli", "envcheck.cli.main"}
