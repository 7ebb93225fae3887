"""From interpreters, folders and shims to prefixes."""

from __future__ import annotations

from pathlib import Path

import pytest

from envcheck.gather.environments.candidates import look_on_path, project_environments, python_on_path
from envcheck.gather.environments.prefixes import prefix_of
from tests.support.environments import build_environment


def installation(folder: Path, version: str = "3.11") -> Path:
    (folder / f"lib/python{version}").mkdir(parents=True)
    (folder / f"lib/python{version}/os.py").touch()
    program(folder / f"bin/python{version}")
    (folder / "bin/python3").symlink_to(f"python{version}")
    (folder / "bin/python").symlink_to("python3")
    return folder


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\nexit 97\n")
    path.chmod(0o755)
    return path


def pyenv(folder: Path, *versions: str) -> Path:
    for version in versions:
        installation(folder / "versions" / version, ".".join(version.split(".")[:2]))
    for name in ("python", "python3"):
        program(folder / "shims" / name)
    return folder


def test_environment_folders(tmp_path: Path) -> None:
    build_environment(tmp_path / "venv", {})
    build_environment(tmp_path / "conda", {"kind": "conda"})
    installation(tmp_path / "usr")

    for name in ("venv", "conda", "usr"):
        assert prefix_of(str(tmp_path / name)) == str(tmp_path / name)
        assert prefix_of(str(tmp_path / name / "bin/python")) == str(tmp_path / name)


@pytest.mark.parametrize("path", ["nothing", "empty", "empty/file.txt"])
def test_what_is_no_environment(tmp_path: Path, path: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/file.txt").touch()

    assert prefix_of(str(tmp_path / path)) is None


def test_link_of_a_venv_is_taken_where_it_stands(tmp_path: Path) -> None:
    base = installation(tmp_path / "usr")
    build_environment(tmp_path / "venv", {})
    (tmp_path / "venv/bin/python").unlink()
    (tmp_path / "venv/bin/python").symlink_to(base / "bin/python3")

    assert prefix_of(str(tmp_path / "venv/bin/python")) == str(tmp_path / "venv")


def test_link_of_a_venv_whose_base_is_gone(tmp_path: Path) -> None:
    build_environment(tmp_path / "venv", {})
    (tmp_path / "venv/bin/python").unlink()
    (tmp_path / "venv/bin/python").symlink_to("/nowhere/python")

    assert prefix_of(str(tmp_path / "venv/bin/python")) == str(tmp_path / "venv")


def test_link_from_elsewhere_is_followed(tmp_path: Path) -> None:
    base = installation(tmp_path / "opt/python")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/python3").symlink_to(base / "bin/python3")

    assert prefix_of(str(tmp_path / "bin/python3")) == str(base)


def test_windows_folders(tmp_path: Path) -> None:
    build_environment(tmp_path / "venv", {})
    program(tmp_path / "venv/Scripts/python.exe")
    (tmp_path / "base/Lib").mkdir(parents=True)
    (tmp_path / "base/Lib/os.py").touch()
    program(tmp_path / "base/python.exe")

    assert prefix_of(str(tmp_path / "venv/Scripts/python.exe")) == str(tmp_path / "venv")
    assert prefix_of(str(tmp_path / "base/python.exe")) == str(tmp_path / "base")


@pytest.mark.parametrize(
    ("environ", "files", "expected"),
    [
        pytest.param({"PYENV_VERSION": "3.9.18"}, {}, "3.9.18", id="variable"),
        pytest.param({}, {"project/.python-version": "3.9.18\n"}, "3.9.18", id="folder"),
        pytest.param({}, {".python-version": "# ours\n3.11\n"}, "3.11.12", id="folder above, newest patch"),
        pytest.param({}, {"pyenv/version": "3.11.7\n"}, "3.11.7", id="global"),
        pytest.param({"PYENV_VERSION": "python-3.9.18"}, {}, "3.9.18", id="with a name"),
        pytest.param({"PYENV_VERSION": "2.7.1:3.9.18"}, {}, "3.9.18", id="first of several that is there"),
        pytest.param({"PYENV_VERSION": "system"}, {}, None, id="outside pyenv"),
        pytest.param({"PYENV_VERSION": "../../etc"}, {}, None, id="out of the folder"),
        pytest.param({}, {}, None, id="nothing chosen"),
    ],
)
def test_pyenv_shims(tmp_path: Path, environ: dict[str, str], files: dict[str, str], expected: str | None) -> None:
    root = pyenv(tmp_path / "pyenv", "3.9.18", "3.11.7", "3.11.12")
    (tmp_path / "project").mkdir()
    for path, text in files.items():
        (tmp_path / path).write_text(text)

    found = prefix_of(str(root / "shims/python"), environ=environ, folder=str(tmp_path / "project"))

    assert found == (str(root / "versions" / expected) if expected else None)


def test_path_passes_over_shims_that_lead_nowhere(tmp_path: Path) -> None:
    shims = pyenv(tmp_path / "pyenv", "3.9.18") / "shims"
    base = installation(tmp_path / "usr")
    environ = {"PATH": f"relative:{tmp_path}/nowhere:{shims}:{base}/bin", "PYENV_VERSION": "system"}

    found = look_on_path(environ, str(tmp_path))

    assert (found.interpreter, found.prefix) == (str(base / "bin/python3"), str(base))
    assert found.skipped == (str(shims / "python3"), str(shims / "python"))
    assert python_on_path(environ, str(tmp_path)) == str(base)


def test_no_python_on_path(tmp_path: Path) -> None:
    (tmp_path / "python3").write_text("not to be started")

    assert python_on_path({"PATH": str(tmp_path)}) is None
    assert python_on_path({}) is None


def test_environments_in_a_project(tmp_path: Path) -> None:
    build_environment(tmp_path / "env", {})
    build_environment(tmp_path / ".pixi/envs/default", {"kind": "conda"})
    build_environment(tmp_path / ".venv", {})
    (tmp_path / "venv").mkdir()

    found = project_environments(str(tmp_path))

    assert found == tuple(str(tmp_path / name) for name in (".venv", "env", ".pixi/envs/default"))
