"""What reaches into an environment from outside: the user site and PYTHONPATH."""

from __future__ import annotations

from pathlib import Path

import pytest

from envcheck.gather.environments.catalogue import read_environment
from envcheck.model.environment import Environment
from tests.support.environments import build_distribution, build_environment

SITE = Path("lib/python3.11/site-packages")
DEMO = [{"name": "demo", "version": "1.0"}]


def put(site: Path, version: str) -> Path:
    build_distribution(site, {"name": "demo", "version": version})
    return site


def facts(environment: Environment) -> list[tuple[str, bool]]:
    return [(found.version, found.leaked) for found in environment.distributions]


@pytest.mark.parametrize(
    ("spec", "environ", "expected"),
    [
        pytest.param({"kind": "conda"}, {}, [("9", True)], id="conda sees the user site, and first"),
        pytest.param({"kind": "conda"}, {"PYTHONNOUSERSITE": "1"}, [("1.0", False)], id="switched off"),
        pytest.param({"kind": "conda", "python": "3.12.0"}, {}, [("1.0", False)], id="that of another Python"),
        pytest.param({}, {}, [("1.0", False)], id="a venv does not see it"),
        pytest.param({"include-system-site-packages": True}, {}, [("1.0", False)], id="an open venv sees it last"),
    ],
)
def test_user_site(
    tmp_path: Path, spec: dict[str, object], environ: dict[str, str], expected: list[tuple[str, bool]]
) -> None:
    user = put(tmp_path / "home/.local" / SITE, "9")
    build_environment(tmp_path / "env", {"distributions": DEMO, **spec})

    environment = read_environment(str(tmp_path / "env"), environ={"HOME": str(tmp_path / "home"), **environ})

    assert facts(environment) == expected
    sees = expected[0][1] or bool(spec.get("include-system-site-packages"))
    assert environment.leaks == ((str(user),) if sees else ())


def test_user_base_may_be_elsewhere(tmp_path: Path) -> None:
    user = put(tmp_path / "base" / SITE, "9")
    build_environment(tmp_path / "env", {"kind": "conda"})

    environment = read_environment(str(tmp_path / "env"), environ={"PYTHONUSERBASE": str(tmp_path / "base")})

    assert facts(environment) == [("9", True)]
    assert environment.leaks == (str(user),)


def test_user_site_is_a_part_of_a_system_python(tmp_path: Path) -> None:
    put(tmp_path / "home/.local" / SITE, "9")
    (tmp_path / "usr/lib/python3.11").mkdir(parents=True)
    (tmp_path / "usr/lib/python3.11/os.py").touch()

    environment = read_environment(str(tmp_path / "usr"), environ={"HOME": str(tmp_path / "home")})

    assert facts(environment) == [("9", False)]
    assert environment.leaks == ()


def test_pythonpath_comes_first(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside", "9")
    (outside / "trap.pth").write_text(str(tmp_path / "never read"))
    build_environment(tmp_path / "env", {"distributions": DEMO})

    environment = read_environment(str(tmp_path / "env"), environ={"PYTHONPATH": f"{outside}:/nowhere:"})

    assert facts(environment) == [("9", True)]
    assert environment.leaks == (str(outside),)


@pytest.mark.parametrize(
    ("path", "leaks"),
    [("module.py", True), ("package/__init__.py", True), ("notes/x.txt", False)],
    ids=["module", "package", "nothing"],
)
def test_folder_leaks_when_it_has_modules(tmp_path: Path, path: str, leaks: bool) -> None:
    outside = tmp_path / "outside"
    (outside / path).parent.mkdir(parents=True)
    (outside / path).touch()
    build_environment(tmp_path / "env", {})

    environment = read_environment(str(tmp_path / "env"), environ={"PYTHONPATH": str(outside)})

    assert environment.leaks == ((str(outside),) if leaks else ())
