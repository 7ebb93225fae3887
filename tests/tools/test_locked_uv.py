"""Environments that uv made from its lock or an export: clean as installed, and each drift named alone."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from envcheck.cli.main import main
from tests.support.planted import (
    IN_RELEASES,
    IN_SOURCES,
    REPOSITORY,
    Drift,
    Ground,
    Installer,
    copied,
    found,
    ground,
    line_of,
    other_python,
    report_of,
    tool,
    write_notebook,
    write_project,
)
from tests.support.wheelhouse import served

pytestmark = pytest.mark.tools

SERIES = "{}.{}".format(*sys.version_info[:2])
MANIFEST = f"""\
requires-python = "=={SERIES}.*"
dependencies = [
    "alpha>=1",
    "delta",
    "tools",
    "local-one",
]
[dependency-groups]
dev = ["testing"]
[tool.uv.sources]
tools = {{{{ git = "{REPOSITORY}", rev = "{{commit}}" }}}}
local-one = {{{{ path = "libs/local-one", editable = true }}}}
"""


@dataclass(frozen=True)
class Shop:
    """A project that uv has locked, as a package of its own."""

    ground: Ground
    project: Path
    index: str

    def obey(self, message: str, project: Path, prefix: Path) -> None:
        """Do what a message says first, in an environment."""
        command = message.partition("; run uv ")[2].partition(", or ")[0].split(" to remove it")[0]
        self.run(project, *command.split(), prefix=prefix)

    def run(self, folder: Path, *words: str | Path, prefix: Path | None = None) -> str:
        """Run uv with the index, for an environment or that of the project."""
        there = {"UV_OFFLINE": "false", "UV_FIND_LINKS": "", "UV_DEFAULT_INDEX": self.index}
        there |= {"UV_PROJECT_ENVIRONMENT": str(prefix), "VIRTUAL_ENV": str(prefix)} if prefix else {}
        # Never the environment that runs the tests: `uv pip sync` would empty it.
        assert prefix or words[0] != "pip" or "--python" in words
        there["UV_PYTHON"] = str(prefix / "bin/python") if prefix else sys.executable
        return tool([sys.executable, "-m", "uv", *words], folder, self.ground, **there)


@dataclass(frozen=True)
class Place:
    """A project with its environment and the locks in it."""

    project: Path
    prefix: Path
    lock: str

    def expected(self, drift: Drift) -> list[tuple[str, str, str]]:
        """Return what must be found of a drift."""
        if drift.code == "DRF007":
            return [(drift.code, f"{self.lock}:0", drift.distribution)]
        place = self.entry(drift.distribution)
        if drift.is_declared:
            line = line_of(self.project / "pyproject.toml", f'    "{drift.distribution}"')
            place = f"pyproject.toml:{line}"
        return [(drift.code, place, drift.distribution)]

    def entry(self, name: str) -> str:
        """Return where the entry of a distribution begins: above its name."""
        line = line_of(self.project / self.lock, f'name = "{name}"')
        return f"{self.lock}:{line - 1}"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    given = ground(folder / "ground")
    for wheel in given.wheels.iterdir():
        name = wheel.name.partition("-")[0]
        (folder / "web/simple" / name).mkdir(parents=True, exist_ok=True)
        shutil.copy(wheel, folder / "web/simple" / name)
    project = write_project(folder / "project", "lab", "0.1", MANIFEST.format(commit=given.first))
    write_project(project / "libs/local-one", "local-one", "3.0")
    write_notebook(project / "analysis.ipynb", ["alpha", "delta", "tools", "local_one", "lab"])
    with served(folder / "web") as address:
        made = Shop(given, project, f"{address}/simple")
        made.run(project, "lock")
        yield made


KINDS = ("uv sync", "uv pip sync pylock.toml")


@pytest.fixture(scope="module", params=KINDS)
def place(request: pytest.FixtureRequest, shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Return the project with an environment that was made in one of the ways."""
    project = tmp_path_factory.mktemp("place") / "project"
    shutil.copytree(shop.project, project)
    if request.param == "uv sync":
        shop.run(project, "sync")
        return Place(project, project / ".venv", "uv.lock")
    shop.run(project, "export", "-q", "--format", "pylock.toml", "-o", "pylock.toml")
    (project / "uv.lock").unlink()
    prefix = Installer(shop.ground, uv=True).make(project / ".venv")
    shop.run(project, "pip", "sync", "--python", prefix / "bin/python", "pylock.toml")
    return Place(project, prefix, "pylock.toml")


def test_environment_as_locked_is_clean(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(report_of(place.project, place.prefix)) == []
    whole = report_of(place.project, place.prefix, locked=False)
    assert [finding for finding in found(whole) if finding[0].startswith(("DRF", "LCK", "COV"))] == []
    monkeypatch.chdir(place.project)
    assert main(["--locked", "--prefix", str(place.prefix), "."]) == 0


@pytest.mark.parametrize("drift", [pytest.param(drift, id=name) for name, drift in (IN_RELEASES | IN_SOURCES).items()])
def test_planted_drift_is_named_alone(drift: Drift, place: Place, shop: Shop, tmp_path: Path) -> None:
    prefix = copied(place.prefix, tmp_path / "env")
    drift.plant(Installer(shop.ground, uv=True), prefix, place.project)
    report = report_of(place.project, prefix)
    assert found(report) == place.expected(drift)
    shop.obey(report.findings[0].message, place.project, prefix)
    assert found(report_of(place.project, prefix)) == []


def test_group_that_uv_installs_by_itself_is_demanded(place: Place, shop: Shop, tmp_path: Path) -> None:
    prefix = copied(place.prefix, tmp_path / "env")
    Installer(shop.ground, uv=True).remove(prefix, "testing")
    assert found(report_of(place.project, prefix)) == [("DRF002", place.entry("testing"), "testing")]


def test_project_itself_installed_in_another_way(place: Place, shop: Shop, tmp_path: Path) -> None:
    prefix = copied(place.prefix, tmp_path / "env")
    Installer(shop.ground, uv=True).install(prefix, place.project)
    assert found(report_of(place.project, prefix)) == [("DRF004", place.entry("lab"), "lab")]


def test_other_python_is_named_alone(place: Place, shop: Shop, tmp_path: Path) -> None:
    python = other_python()
    if python is None:
        pytest.skip("there is no Python of another series here")
    installer = Installer(shop.ground, uv=True)
    prefix = installer.make(tmp_path / "env", python)
    # Nothing would install from the lock into it.
    installer.install(prefix, "alpha==1.1", "beta", "delta", "testing==2.0", shop.ground.tools)
    installer.install(prefix, "-e", place.project / "libs/local-one")
    line = line_of(place.project / "pyproject.toml", "requires-python")
    assert found(report_of(place.project, prefix)) == [("DRF006", f"pyproject.toml:{line}", "python")]


def test_lock_and_its_export_say_the_same_once(shop: Shop, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(shop.project, project)
    shop.run(project, "sync")
    shop.run(project, "export", "-q", "--format", "pylock.toml", "-o", "pylock.toml")
    shop.run(project, "export", "-q", "-o", "requirements.txt")
    assert found(report_of(project, project / ".venv")) == []
    Installer(shop.ground, uv=True).install(project / ".venv", "alpha==1.0")
    assert [(code, name) for code, _, name in found(report_of(project, project / ".venv"))] == [("DRF003", "alpha")]
