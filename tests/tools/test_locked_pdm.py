"""Environments that pdm made from its own lock: clean as installed, and each drift named alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.planted import BUILT_HERE, Drift, Installer, ground, tool, write_project
from tests.support.synced import DRIFTS, PYTHON, Shape, Synced, index_of, write_files

pytestmark = pytest.mark.tools

MANIFEST = """\
[project]
name = "demo"
version = "0.1.0"
requires-python = "=={python}.*"
dependencies = [
    "alpha>=1",
    "delta",
    "{tools}",
]

[project.optional-dependencies]
docs = ["testing"]

[tool.pdm]
distribution = true

[tool.pdm.dev-dependencies]
dev = ["-e file:///${{PROJECT_ROOT}}/libs/local-one#egg=local-one"]

[[tool.pdm.source]]
name = "pypi"
url = "{index}"
verify_ssl = false

"""
SHAPE = Shape("pyproject.toml", '    "{}', "pdm.lock", 'name = "{}"', "requires-python", above=1)


@pytest.fixture(scope="module")
def synced(with_pdm: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synced]:
    """Yield a project that pdm has locked without its extra, and installed, itself included."""
    folder = tmp_path_factory.mktemp("synced")
    made = ground(folder / "ground")
    environ = {"HOME": str(folder / "home"), "PDM_CHECK_UPDATE": "0", "PIP_NO_INDEX": "0"}
    with index_of(made) as index:
        project = write_project(folder / "project", "demo", "0.1.0")
        text = MANIFEST.format(python=PYTHON, tools=made.tools, index=index) + BUILT_HERE
        write_files(project, "pyproject.toml", text)

        def command(*words: str) -> str:
            return tool([with_pdm, "-m", "pdm", *words], project, made, **environ)

        command("lock")
        command("sync")
        yield Synced(project, SHAPE, Installer(made, uv=True), command)


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
