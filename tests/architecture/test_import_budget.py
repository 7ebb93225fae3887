"""A plain check loads what it needs and no more: start-up is time that every user pays at every run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import MODULES as HOUSE

LOADED = """
import json, sys
before = set(sys.modules)
from envcheck.cli.main import main
main(sys.argv[1:])
print(json.dumps(sorted(set(sys.modules) - before)))
"""
MODULES = 222
"""What a check of requirements alone may load of ours; each costs a tenth of a millisecond before it does anything."""
NOTEBOOK = {"cells": [{"cell_type": "code", "source": "import pandas"}], "metadata": {}, "nbformat": 4}
SLOW = "argparse yaml rich asyncio importlib.metadata importlib_metadata email pkg_resources unittest".split()


REQUIREMENTS = {"requirements.txt": "numpy>=1.26\npandas==2.1.4\n"}
NOTEBOOKS = {**REQUIREMENTS, "a.ipynb": json.dumps(NOTEBOOK)}
CONDA = {"environment.yml": "dependencies:\n- numpy=1.26\n"}
PYPROJECT = {"pyproject.toml": '[project]\nname = "x"\nversion = "1"\ndependencies = ["numpy"]\n'}
PARSERS = "yaml tomli configparser shlex email".split()
RARELY = "hashlib shutil tempfile urllib.parse pathlib difflib zipfile logging subprocess dataclasses".split()
READERS = {
    "notebooks": ["sources.ipynb", "sources.cells", "documents.notebook_json", "documents.magics"],
    "conda": ["documents.matchspec", "documents.yaml_events", "declarations.environment_yml.reading"],
    "pyproject": ["documents.toml_tables", "declarations.pyproject.reading"],
    "requirements": ["documents.reqfile", "declarations.requirements_txt.reading"],
    "setup.cfg": ["documents.ini_lines", "declarations.setup_cfg.reading"],
    "conda prefixes": ["environments.conda", "environments.conda_records"],
    "kernels": ["environments.kernels", "environments.interpreter_hashes"],
    "editable installs": ["environments.finders"],
}


@pytest.fixture
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a virtual environment with one distribution, so that nothing depends on the machine."""
    prefix = tmp_path_factory.mktemp("prefix")
    site = prefix / "lib" / "python3.11" / "site-packages" / "numpy-1.26.4.dist-info"
    site.mkdir(parents=True)
    (prefix / "pyvenv.cfg").write_text("version = 3.11.7\n", encoding="utf-8")
    (site / "METADATA").write_text("Name: numpy\nVersion: 1.26.4\n\n", encoding="utf-8")
    return prefix


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


@pytest.mark.parametrize(
    ("name", "text", "parser"),
    [
        pytest.param("uv.lock", "version = 1\n", "tomli", id="uv"),
        pytest.param("poetry.lock", '[metadata]\nlock-version = "2.1"\n', "tomli", id="poetry"),
        pytest.param("pdm.lock", '[metadata]\nlock_version = "4.5.0"\n', "tomli", id="pdm"),
        pytest.param("pylock.toml", 'lock-version = "1.0"\npackages = []\n', "tomli", id="pylock"),
        pytest.param("Pipfile.lock", '{"_meta": {"pipfile-spec": 6}, "default": {}}', "json", id="pipenv"),
        pytest.param("conda-lock.yml", "version: 1\nmetadata: {}\npackage: []\n", "yaml", id="conda-lock"),
        pytest.param("pixi.lock", "version: 6\nenvironments: {}\npackages: []\n", "yaml", id="pixi"),
    ],
)
def test_locks_cost_their_parser_and_no_lock_tool(project: Path, name: str, text: str, parser: str) -> None:
    (project / name).write_text(text, encoding="utf-8")
    # PyYAML brings the last one with its C parser.
    assert third_parties(loaded(project, ".")) <= PLAIN | {parser, "cython_runtime"}


def test_version_is_said_without_loading_anything(project: Path) -> None:
    assert loaded(project, "--version") <= {"__future__", "envcheck", "envcheck.cli", "envcheck.cli.main"}


@pytest.mark.parametrize(
    ("files", "needed", "stdlib"),
    [
        pytest.param(REQUIREMENTS, {"requirements"}, [*PARSERS, *RARELY], id="requirements"),
        pytest.param(NOTEBOOKS, {"requirements", "notebooks"}, [*PARSERS, *RARELY], id="notebooks"),
        pytest.param(CONDA, {"conda", "requirements"}, [*RARELY, "tomli"], id="environment.yml"),
        pytest.param(PYPROJECT, {"pyproject", "requirements"}, [*RARELY, "yaml"], id="pyproject.toml"),
    ],
)
def test_only_readers_of_what_is_there_are_loaded(
    files: dict[str, str], needed: set[str], stdlib: list[str], tmp_path: Path, prefix: Path
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    modules = loaded(tmp_path, ".", "--prefix", str(prefix))

    idle = {f"envcheck.gather.{name}" for kind in READERS.keys() - needed for name in READERS[kind]}
    assert sorted(modules & (idle | set(stdlib))) == []


def test_a_check_of_requirements_loads_few_modules(tmp_path: Path, prefix: Path) -> None:
    (tmp_path / "requirements.txt").write_text(REQUIREMENTS["requirements.txt"], encoding="utf-8")

    modules = loaded(tmp_path, ".", "--prefix", str(prefix))

    assert len([name for name in modules if name.startswith("envcheck")]) <= MODULES


def test_readers_that_may_stay_idle_exist() -> None:
    rooms = {module.dotted for module in HOUSE}
    assert [name for names in READERS.values() for name in names if f"envcheck.gather.{name}" not in rooms] == []
