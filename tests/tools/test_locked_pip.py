"""Environments that pip made from its own lock (PEP 751): clean as installed, and each drift named alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.planted import (
    IN_RELEASES,
    Drift,
    Installer,
    copied,
    found,
    ground,
    line_of,
    report_of,
    tool,
    write_notebook,
)

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def installer(tmp_path_factory: pytest.TempPathFactory) -> Installer:
    return Installer(ground(tmp_path_factory.mktemp("ground")), uv=False)


@pytest.fixture(scope="module")
def project(installer: Installer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project that pip has locked, with its environment in ``.venv``."""
    folder = tmp_path_factory.mktemp("pip") / "project"
    folder.mkdir()
    (folder / "requirements.txt").write_text("alpha>=1\ndelta\n")
    write_notebook(folder / "analysis.ipynb", ["alpha", "delta"])
    tool([sys.executable, "-m", "pip", "lock", "-q", "-r", "requirements.txt", "-o", "pylock.toml"], folder,
         installer.ground)  # fmt: skip
    installer.call(folder, installer.make(folder / ".venv"), "install", "-r", "pylock.toml")
    return folder


def test_environment_as_locked_is_clean(project: Path) -> None:
    assert found(report_of(project, project / ".venv")) == []
    whole = report_of(project, project / ".venv", locked=False)
    assert [finding for finding in found(whole) if finding[0].startswith(("DRF", "LCK", "COV"))] == []


@pytest.mark.parametrize("drift", IN_RELEASES.values(), ids=list(IN_RELEASES))
def test_planted_drift_is_named_alone(drift: Drift, project: Path, installer: Installer, tmp_path: Path) -> None:
    prefix = copied(project / ".venv", tmp_path / "env")
    drift.plant(installer, prefix, project)
    report = report_of(project, prefix)
    assert found(report) == [(drift.code, place_of(drift, project), drift.distribution)]
    installer.obey(report.findings[0].message, project, prefix)
    assert found(report_of(project, prefix)) == []


def place_of(drift: Drift, project: Path) -> str:
    if drift.code == "DRF007":
        return "pylock.toml:0"
    if drift.is_declared:
        return f"requirements.txt:{line_of(project / 'requirements.txt', drift.distribution)}"
    line = line_of(project / "pylock.toml", f'name = "{drift.distribution}"')
    return f"pylock.toml:{line - 1}"  # where its table begins
