"""Package managers that several tests run, each installed once for all of them into an environment of its own."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

import pytest

from tests.support.jupyter_servers import make_environment
from tests.support.poetry_oracle import Poetry

PDM = "pdm[locked]==2.29.3"  # without its own lock, pdm breaks with newer versions of what it needs
PIPENV = "pipenv==2026.10.3"


@pytest.fixture(scope="session")
def poetry(tmp_path_factory: pytest.TempPathFactory) -> Poetry:
    return Poetry(tmp_path_factory.mktemp("poetry") / "venv")


@pytest.fixture(scope="session")
def with_pdm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment that holds pdm alone."""
    return _python_with(PDM, tmp_path_factory.mktemp("pdm"))


@pytest.fixture(scope="session")
def with_pipenv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment that holds pipenv alone."""
    return _python_with(PIPENV, tmp_path_factory.mktemp("pipenv"))


def _python_with(requirement: str, folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", requirement], check=True)
    return python


@pytest.fixture(scope="session")
def with_jupyter(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """Return the Python of an environment with envcheck inside Jupyter, jupytext, and real-time collaboration."""
    wanted = [f"{repository}[jupyter]", "jupytext", "jupyter-collaboration", "six>1.16"]
    return make_environment(tmp_path_factory.mktemp("jupyter"), wanted)
