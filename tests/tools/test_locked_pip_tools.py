"""Environments that pip made from what pip-compile or uv wrote: clean as installed, and each drift named alone."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from envcheck.cli.main import main
from tests.support.planted import (
    IN_RELEASES,
    IN_SOURCES,
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

pytestmark = pytest.mark.tools

PIP_COMPILE = ("piptools", "compile", "-q", "--no-emit-options", "--no-strip-extras")
UV = ("uv", "pip", "compile", "-q")
COMPILERS = {
    "pip-compile": (*PIP_COMPILE, "requirements.in"),
    "pip-compile with hashes": (*PIP_COMPILE, "--generate-hashes", "requirements.in"),
    "uv": (*UV, "requirements.in", "-o", "requirements.txt"),
}
RELEASES, SOURCES = "alpha>=1\ndelta\n", "{tools}\n-e ./libs/local-one\n"
LINES = {"tools": "tools @ ", "local-one": "-e "}


@dataclass(frozen=True)
class Place:
    """A project that was compiled and installed."""

    project: Path
    prefix: Path
    installer: Installer

    def expected(self, drift: Drift) -> list[tuple[str, str, str]]:
        """Return what must be found of a drift."""
        name = drift.distribution
        if drift.code == "DRF007":
            return [(drift.code, "requirements.txt:0", name)]
        file = "requirements.in" if drift.is_declared else "requirements.txt"
        line = line_of(self.project / file, LINES.get(name, name))
        return [(drift.code, f"{file}:{line}", name)]


class Yard:
    """Compiles and installs each project once."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ground = folder, ground(folder / "ground")
        self._places: dict[str, Place] = {}

    def place(self, compiler: str) -> Place:
        """Return the project that a compiler has compiled."""
        if compiler not in self._places:
            text = RELEASES + ("" if "hashes" in compiler else SOURCES.format(tools=self.ground.tools))
            project = self.project(compiler.replace(" ", "-"), {"requirements.in": text})
            compile_(project, self.ground, COMPILERS[compiler])
            self._places[compiler] = self.installed(project, "requirements.txt")
        return self._places[compiler]

    def project(self, name: str, files: dict[str, str]) -> Path:
        """Return a new project with a notebook and files."""
        folder = self.folder / name / "project"
        write_project(folder / "libs/local-one", "local-one", "3.0")
        for path, text in files.items():
            (folder / path).write_text(text)
        modules = ["alpha", "delta", *(["tools", "local_one"] if "tools" in "".join(files.values()) else [])]
        write_notebook(folder / "analysis.ipynb", modules)
        return folder

    def installed(self, project: Path, *files: str, python: Path = Path(sys.executable)) -> Place:
        """Return a project with an environment into which files were installed."""
        installer = Installer(self.ground, uv=False)
        prefix = installer.make(project.parent / f"env-{python.parent.parent.name}", python)
        for file in files:
            installer.call(project, prefix, "install", "-r", file)
        return Place(project, prefix, installer)


def compile_(project: Path, ground: Ground, words: Sequence[str]) -> None:
    tool([sys.executable, "-m", *words], project, ground)


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Yard:
    return Yard(tmp_path_factory.mktemp("yard"))


@pytest.mark.parametrize("compiler", COMPILERS)
def test_environment_as_compiled_is_clean(compiler: str, yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
    place = yard.place(compiler)
    assert found(report_of(place.project, place.prefix)) == []
    whole = report_of(place.project, place.prefix, locked=False)
    assert [finding for finding in found(whole) if finding[0].startswith(("DRF", "LCK", "COV"))] == []
    monkeypatch.chdir(place.project)
    assert main(["--locked", "--prefix", str(place.prefix), "."]) == 0


@pytest.mark.parametrize(
    ("compiler", "name"),
    [
        pytest.param(compiler, name, id=f"{compiler}: {name}")
        for compiler in COMPILERS
        for name in (IN_RELEASES if "hashes" in compiler else IN_RELEASES | IN_SOURCES)
    ],
)
def test_planted_drift_is_named_alone(compiler: str, name: str, yard: Yard, tmp_path: Path) -> None:
    place, drift = yard.place(compiler), {**IN_RELEASES, **IN_SOURCES}[name]
    prefix = copied(place.prefix, tmp_path / "env")
    drift.plant(place.installer, prefix, place.project)
    report = report_of(place.project, prefix)
    assert found(report) == place.expected(drift)
    Installer(place.installer.ground, uv=compiler == "uv").obey(report.findings[0].message, place.project, prefix)
    assert found(report_of(place.project, prefix)) == []


@pytest.mark.parametrize("compiler", ["pip-compile", "pip-compile with hashes"])
def test_other_python_is_named_alone(compiler: str, yard: Yard) -> None:
    python = other_python()
    if python is None:
        pytest.skip("there is no Python of another series here")
    there = yard.installed(yard.place(compiler).project, "requirements.txt", python=python)
    line = line_of(there.project / "requirements.txt", "# This file is autogenerated")
    assert found(report_of(there.project, there.prefix)) == [("DRF006", f"requirements.txt:{line}", "python")]


DEVELOPMENT = "-c requirements.txt\ntesting>1\n"


@pytest.fixture(scope="module", params=[PIP_COMPILE, UV], ids=["pip-compile", "uv"])
def layered(request: pytest.FixtureRequest, yard: Yard) -> Place:
    """Return a project with a compiled file for everybody, installed, and one for its developers, not installed."""
    words: tuple[str, ...] = request.param
    files = {"requirements.in": RELEASES, "requirements-dev.in": DEVELOPMENT}
    project = yard.project(f"layered-{words[0]}", files)
    for stem in ("requirements", "requirements-dev"):
        compile_(project, yard.ground, [*words, f"{stem}.in", "-o", f"{stem}.txt"])
    return yard.installed(project, "requirements.txt")


def test_what_is_for_developers_may_be_absent(layered: Place) -> None:
    assert found(report_of(layered.project, layered.prefix)) == []
    whole = report_of(layered.project, layered.prefix, locked=False)
    assert [finding for finding in found(whole) if finding[0].startswith(("DRF", "LCK"))] == []


def test_what_is_for_developers_is_demanded_of_them(layered: Place) -> None:
    line = line_of(layered.project / "requirements-dev.txt", "testing")
    report = report_of(layered.project, layered.prefix, groups=("dev",))
    assert found(report) == [("DRF002", f"requirements-dev.txt:{line}", "testing")]


@pytest.mark.parametrize("groups", [(), ("dev",)], ids=["not asked for", "asked for"])
def test_what_is_for_developers_and_there_must_be_as_locked(
    groups: tuple[str, ...], layered: Place, tmp_path: Path
) -> None:
    prefix = copied(layered.prefix, tmp_path / "env")
    layered.installer.call(layered.project, prefix, "install", "-r", "requirements-dev.txt")
    assert found(report_of(layered.project, prefix, groups=groups)) == []
    layered.installer.install(prefix, "testing==1.0")
    line = line_of(layered.project / "requirements-dev.txt", "testing")
    assert found(report_of(layered.project, prefix, groups=groups)) == [
        ("DRF003", f"requirements-dev.txt:{line}", "testing")
    ]


def test_what_is_for_everybody_is_demanded_first_there(layered: Place, tmp_path: Path) -> None:
    prefix = copied(layered.prefix, tmp_path / "env")
    layered.installer.remove(prefix, "beta")
    line = line_of(layered.project / "requirements.txt", "beta")
    assert found(report_of(layered.project, prefix)) == [("DRF002", f"requirements.txt:{line}", "beta")]
