"""Locks that uv, pip and pdm really write select for us what they select for packaging."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from envcheck.gather.declarations import pylock
from envcheck.model.locks import State
from envcheck.model.readings import RawFile
from tests.support.pylock_reading import compare, is_valid

pytestmark = pytest.mark.tools

UV = [sys.executable, "-m", "uv"]
PDM = [*UV, "tool", "run", "--python", sys.executable, "--from", "pdm[locked]==2.29.3", "pdm"]
PROJECT = """\
[project]
name = "demo-project"
version = "0.2.0"
requires-python = ">=3.10,<3.14"
dependencies = [
    "iniconfig>=2.0,<2.3", "tomli>=2 ; python_version < '3.11'", "colorama ; sys_platform == 'win32'", "markupsafe<4",
    "local-one",
]
[project.optional-dependencies]
viz = ["cowsay==6.1"]
[dependency-groups]
dev = ["six>=1.10", {include-group = "lint"}]
lint = ["idna"]
[tool.uv.sources]
local-one = {path = "libs/local", editable = true}
"""
LOCAL = '[project]\nname = "local-one"\nversion = "3"\n'
PDM_PROJECT = PROJECT.replace('    "local-one",\n', "").partition("[tool.uv")[0] + "[tool.pdm]\ndistribution = false\n"


def run(command: list[str], folder: Path) -> None:
    environ = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH")}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=250, env=environ, check=False)
    assert done.returncode == 0, done.stderr + done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "libs" / "local").mkdir(parents=True)
    (folder / "libs" / "local" / "pyproject.toml").write_text(LOCAL)
    (folder / "pyproject.toml").write_text(PROJECT)
    return folder


@pytest.mark.parametrize(
    "words",
    [
        "export --format pylock.toml -o pylock.plain.toml",
        "export --format pylock.toml -o pylock.all.toml --all-extras --all-groups",
        "export --format pylock.toml -o pylock.viz.toml --extra viz --no-default-groups --no-editable",
        "pip compile pyproject.toml --universal --all-extras -o pylock.compiled.toml",
        "pip compile pyproject.toml --python-version 3.11 --python-platform windows -o pylock.windows.toml",
    ],
)
def test_locks_of_uv(words: str, project: Path) -> None:
    run([*UV, *words.split()], project)
    path = next(project / word for word in words.split() if word.startswith("pylock.") and word != "pylock.toml")
    reading = pylock.read(RawFile(path.name, path.read_bytes()))
    assert reading.problems == ()
    assert reading.value.lock
    assert reading.value.lock.made_from == ("pyproject.toml",)
    assert f"uv {words}" == reading.value.lock.manager.renew
    assert {r.place.line > 0 for r in reading.value.requirements} == {True}
    assert compare(path) == 18


def test_locks_of_pip(project: Path) -> None:
    words = ["lock", "-q", "-e", "libs/local", "six", "markupsafe", "-o", "pylock.pip.toml"]
    run([sys.executable, "-m", "pip", *words], project)
    assert compare(project / "pylock.pip.toml") == 18


def test_locks_of_pdm(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PDM_PROJECT)
    run([*PDM, "config", "--local", "lock.format", "pylock"], tmp_path)
    run([*PDM, "lock", "-G", ":all"], tmp_path)
    data = (tmp_path / "pylock.toml").read_bytes()
    assert is_valid(data)
    assert compare(tmp_path / "pylock.toml") == 72
    found = pylock.read(RawFile("pylock.toml", data)).value.lock
    assert found
    assert found.knows_needs
    manifest = RawFile("pyproject.toml", PDM_PROJECT.encode())
    assert found.freshness((manifest,)).state is State.FRESH
    edited = RawFile("pyproject.toml", PDM_PROJECT.replace("<2.3", "<2.2").encode())
    assert found.freshness((edited,)).state is State.CHANGED
