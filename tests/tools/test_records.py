"""What pip and uv print of a real environment, and its snapshot, beside the environment: no difference."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.interpreters import make_venv
from tests.support.wheelhouse import write_index

pytestmark = pytest.mark.tools

INDEX = {"alpha 1.0": ("beta>=1",), "beta 1.1": (), "gamma 2.0+cpu": (), "delta 3": ()}
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python"]
UV = [sys.executable, "-m", "uv", "pip"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an environment of releases, a local wheel and an editable project."""
    folder = tmp_path_factory.mktemp("project")
    write_index(folder, INDEX)
    (folder / "own").mkdir()
    build = '[build-system]\nrequires = []\nbuild-backend = "b"\nbackend-path = ["."]\n'
    metadata = f'[project]\nname = "own"\nversion = "0.1"\n{build}'
    (folder / "own/pyproject.toml").write_text(metadata, encoding="utf-8")
    (folder / "own/b.py").write_text(BACKEND, encoding="utf-8")
    make_venv(folder / "lab")
    wheels = str(folder / "simple/delta/delta-3-py3-none-any.whl"), "-e", str(folder / "own")
    words = ["install", "-q", "--no-index", "--no-build-isolation", "alpha", "gamma==2.0+cpu", *wheels]
    words += [f"--find-links={folder / 'simple' / name}" for name in ("alpha", "beta", "gamma")]
    done = subprocess.run([*PIP, str(folder / "lab/bin/python"), *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (folder / "analysis.py").write_text("import alpha, gamma, nothing_of_this\n", encoding="utf-8")
    (folder / "requirements.txt").write_text("alpha==0.9\ngamma\n-e ./own\n", encoding="utf-8")
    return folder


BACKEND = """
import zipfile
def get_requires_for_build_editable(config_settings=None):
    return []
def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "own-0.1-py3-none-any.whl"
    with zipfile.ZipFile(f"{wheel_directory}/{name}", "w") as archive:
        archive.writestr("own.pth", "/nowhere\\n")
        archive.writestr("own-0.1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: own\\nVersion: 0.1\\n")
        archive.writestr("own-0.1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        archive.writestr("own-0.1.dist-info/RECORD", "")
    return name
"""
LISTS = {
    "pip freeze": [*PIP, "lab/bin/python", "freeze"],
    "pip list": [*PIP, "lab/bin/python", "list"],
    "pip list as JSON": [*PIP, "lab/bin/python", "list", "--format", "json"],
    "uv list": [*UV, "list", "--python", "lab/bin/python"],
    "uv list as JSON": [*UV, "list", "--format", "json", "--python", "lab/bin/python"],
}


def envcheck(project: Path, *words: str, stdin: str = "") -> tuple[int, str]:
    environ = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "CONDA_PREFIX")}
    command = [sys.executable, "-m", "envcheck", *words]
    done = subprocess.run(command, cwd=project, env=environ, input=stdin, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("command", LISTS.values(), ids=LISTS.keys())
def test_a_list_is_as_its_environment(command: list[str], project: Path) -> None:
    printed = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True).stdout
    code, said = envcheck(project, "diff", "-", "lab", stdin=printed)
    assert (code, "5 the same" in said) == (0, True), printed + said


@pytest.mark.parametrize("ending", ["json", "toml"])
def test_a_snapshot_is_judged_as_its_environment(ending: str, project: Path) -> None:
    name = f"lab.{ending}"
    assert envcheck(project, "snapshot", "lab", "--output", name, "-q") == (0, "")
    assert str(project) not in (project / name).read_text(encoding="utf-8")
    code, said = envcheck(project, "diff", name, "lab")
    assert code == 0, said
    findings = []
    for prefix in (name, "lab"):
        code, said = envcheck(project, ".", "--prefix", prefix, "--format", "json")
        assert code == 1, said
        found = json.loads(said)["findings"]
        findings.append(sorted((f["code"], f["path"], f["line"], f["message"].replace(prefix, "LAB")) for f in found))
    assert findings[0] == findings[1]
    assert {"COV002", "DRF001", "PIN001"} <= {code for code, *_ in findings[0]}
