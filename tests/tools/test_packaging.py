"""The wheel holds what it must and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import tomli

import envcheck

pytestmark = pytest.mark.tools

DATA = ".data/data/"


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the names of the files in the wheel, built without network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(repository)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_wheel_holds_the_package_and_its_data(wheel: set[str], repository: Path) -> None:
    source = repository / "src"
    files = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    assert {name for name in wheel if DATA not in name} == {name for name in files if "__pycache__" not in name}


def test_what_jupyter_looks_for_lies_where_it_looks(wheel: set[str], repository: Path) -> None:
    extension = repository / "src" / "envcheck" / "jupyter" / "labextension"
    files = (path.relative_to(extension).as_posix() for path in extension.rglob("*") if path.is_file())
    expected = {f"share/jupyter/labextensions/envcheck/{name}" for name in files}
    expected.add("etc/jupyter/jupyter_server_config.d/envcheck.json")
    assert {name.partition(DATA)[2] for name in wheel if DATA in name} == expected


def test_version_is_said_once_and_the_same(repository: Path) -> None:
    project = tomli.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == envcheck.__version__
    assert f"## {envcheck.__version__}" in (repository / "CHANGELOG.md").read_text(encoding="utf-8")
