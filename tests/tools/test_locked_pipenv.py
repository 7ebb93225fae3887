"""Environments that pipenv made from its own lock: clean as installed, and each drift named alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.planted import REPOSITORY, Drift, Installer, ground, tool
from tests.support.synced import DRIFTS, PYTHON, Shape, Synced, index_of, write_files

pytestmark = pytest.mark.tools

MANIFEST = """\
[[source]]
name = "made"
url = "{index}"
verify_ssl = false

[packages]
alpha = ">=1"
delta = "*"
tools = {{git = "{repository}", ref = "{commit}"}}
local-one = {{path = "./libs/local-one", editable = true}}

[dev-packages]
testing = "*"

[requires]
python_version = "{python}"
"""
SHAPE = Shape("Pipfile", "{} =", "Pipfile.lock", '        "{}": {{', "python_version")


@pytest.fixture(scope="module")
def synced(with_pipenv: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synced]:
    """Yield a project that pipenv has locked, and installed without what is for its developers."""
    folder = tmp_path_factory.mktemp("synced")
    made = ground(folder / "ground")
    environ = {"PIPENV_VENV_IN_PROJECT": "1", "PIPENV_IGNORE_VIRTUALENVS": "1", "PIPENV_NOSPIN": "1"}
    environ |= {"HOME": str(folder / "home"), "PIP_NO_INDEX": "0", "PIP_FIND_LINKS": ""}
    with index_of(made) as index:
        text = MANIFEST.format(index=index, repository=REPOSITORY, commit=made.first, python=PYTHON)
        project = write_files(folder / "project", "Pipfile", text)

        def command(*words: str) -> str:
            return tool([with_pipenv, "-m", "pipenv", *words], project, made, **environ)

        command("lock", "--python", sys.executable)
        command("sync", "--python", sys.executable)
        yield Synced(project, SHAPE, Installer(made, uv=False), command)


def test_environment_as_synced_is_clean(synced: Synced) -> None:
    assert synced.found(synced.prefix) == []
    whole = synced.found(synced.prefix, locked=False)
    assert [finding for finding in whole if finding[0].startswith(("DRF", "LCK", "COV"))] == []


@pytest.mark.parametrize("drift", DRIFTS.values(), ids=DRIFTS)
def test_planted_drift_is_named_alone_with_what_mends_it(drift: Drift, synced: Synced) -> None:
    found, message = synced.planted(drift)
    assert found == synced.expected(drift)
    synced.obey(message)
    assert synced.found(synced.prefix) == []


def test_other_python_is_named_alone(synced: Synced, tmp_path: Path) -> None:
    found = synced.found_on_other_python(tmp_path)
    if found is None:
        pytest.skip("there is no Python of another series here")
    assert found == synced.expected_on_other_python()
