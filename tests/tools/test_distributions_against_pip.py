"""What is installed, as ``pip list`` of every Python on this machine sees it."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from envcheck.gather.environments.catalogue import read_environment
from envcheck.model.names import normalize
from tests.support.interpreters import SYSTEM, interpreters, make_venv, make_wheel, run, run_json

pytestmark = pytest.mark.tools

LIST = ("-m", "pip", "list", "--format", "json")


def ours(path: Path, **environ: str) -> dict[str, str]:
    return {found.name: found.version for found in read_environment(str(path), environ=environ).distributions}


def pips(answer: list[dict[str, str]]) -> dict[str, str]:
    return {normalize(each["name"]): each["version"] for each in answer}


def version_of(python: Path) -> tuple[int, int, str]:
    version = run([python, "-c", "import platform; print(platform.python_version())"]).strip()
    major, minor, _ = version.split(".", 2)
    return int(major), int(minor), version


@pytest.mark.parametrize("python", interpreters(), ids=str)
def test_installation(python: Path, tmp_path: Path) -> None:
    _, _, version = version_of(python)

    expected = pips(run_json([python, *LIST], HOME=str(tmp_path)))
    environment = read_environment(str(python), environ={"HOME": str(tmp_path)})

    assert {found.name: found.version for found in environment.distributions} == expected
    assert environment.python == version


@pytest.mark.parametrize("python", interpreters(), ids=str)
def test_user_site(python: Path, tmp_path: Path) -> None:
    wheels = [make_wheel(tmp_path, "Demo.Lib", "1.0", ["six"]), make_wheel(tmp_path, "other", "2.0rc1")]
    base = str(tmp_path / "user")
    install: list[str | Path] = [python, "-m", "pip", "install", "--user", "--no-index", "--no-deps", *wheels]
    if python == SYSTEM:
        install.append("--break-system-packages")
    run(install, PYTHONUSERBASE=base)

    found = ours(python, PYTHONUSERBASE=base)

    assert (found["demo-lib"], found["other"]) == ("1.0", "2.0rc1")
    assert found == pips(run_json([python, *LIST], PYTHONUSERBASE=base))


@pytest.mark.parametrize("python", interpreters(), ids=str)
def test_venv(python: Path, tmp_path: Path) -> None:
    major, _, version = version_of(python)
    if major == 2:
        pytest.skip("Python 2.7 has no venv, and virtualenv no longer makes such environments")
    wheels = [make_wheel(tmp_path, "demo-lib", "1.0"), make_wheel(tmp_path, "torchy", "2.0+cu121")]
    pip = run([python, "-c", "import pip, os; print(os.path.dirname(os.path.dirname(pip.__file__)))"]).strip()
    answers = []
    for system_site in (False, True):
        folder = tmp_path / f"venv-{system_site}"
        venv = make_venv(folder, python, system_site=system_site)
        site = next(folder.glob("lib/python*/site-packages"))
        for part in [Path(pip) / "pip", *Path(pip).glob("pip-*.dist-info")]:
            shutil.copytree(part, site / part.name)
        run([venv, "-m", "pip", "install", "--no-index", "--no-deps", *wheels])

        environment = read_environment(str(folder), environ={})
        answers.append({found.name: found.version for found in environment.distributions})

        assert answers[-1] == pips(run_json([venv, *LIST], PYTHONNOUSERSITE="1"))
        assert (environment.kind, environment.python) == ("venv", version)

    assert answers[0].items() >= {"demo-lib": "1.0", "torchy": "2.0+cu121"}.items()


@pytest.mark.parametrize("maker", ["uv", "virtualenv"])
def test_venv_of_other_makers(maker: str, tmp_path: Path) -> None:
    folder = tmp_path / "venv"
    made = ["uv", "venv", "--offline", "--python", sys.executable] if maker == "uv" else ["virtualenv", "--no-seed"]
    run([sys.executable, "-m", *made, folder])
    wheel = make_wheel(tmp_path, "demo-lib", "1.0")
    run([sys.executable, "-m", "uv", "pip", "install", "--offline", "--python", folder / "bin/python", wheel])

    environment = read_environment(str(folder), environ={})
    (found,) = environment.distributions

    assert (found.name, found.version, found.installer) == ("demo-lib", "1.0", "uv")
    assert found.direct is not None
    assert environment.python == "{}.{}.{}".format(*sys.version_info)


PROJECTS = {
    "setuptools finder": ("setuptools", "setuptools.build_meta", "", "demo_lib/__init__.py"),
    "setuptools path": (
        "setuptools",
        "setuptools.build_meta",
        '[tool.setuptools.packages.find]\nwhere = ["src"]\n',
        "src/demo_lib/__init__.py",
    ),
    "hatchling": ("hatchling", "hatchling.build", "", "src/demo_lib/__init__.py"),
}


@pytest.mark.parametrize("kind", PROJECTS)
def test_editable(kind: str, tmp_path: Path) -> None:
    requires, backend, tables, module = PROJECTS[kind]
    project = tmp_path / "project"
    (project / module).parent.mkdir(parents=True)
    (project / module).touch()
    (project / "pyproject.toml").write_text(
        f'[build-system]\nrequires = ["{requires}"]\nbuild-backend = "{backend}"\n'
        f'[project]\nname = "demo-lib"\nversion = "0.3"\n{tables}'
    )
    venv = make_venv(tmp_path / "venv")
    site = next((tmp_path / "venv").glob("lib/python*/site-packages"))
    # The backend is lent to the build, not installed: the environment keeps nothing but the project.
    lent = next(path for path in sys.path if Path(path).name == "site-packages")
    run(
        [sys.executable, "-m", "pip", "--python", venv, "install", "--no-build-isolation", "--no-index", "-e", project],
        PYTHONPATH=lent,
    )

    listed = run_json([sys.executable, *LIST[:2], "--python", venv, *LIST[2:]])
    environment = read_environment(str(tmp_path / "venv"), environ={})
    (found,) = environment.distributions

    assert {found.name: found.version} == pips(listed)
    assert found.direct is not None
    assert found.direct.editable
    assert found.direct.url == "file://" + listed[0]["editable_project_location"]
    assert environment.modules["demo_lib"] == ("demo-lib",)
    assert any(re.search(r"editable|demo", path.name) for path in site.glob("*.pth"))
