"""Environments that Poetry made from its own lock: clean as installed, and each drift named alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.planted import REPOSITORY, Drift, Installer, ground, tool
from tests.support.poetry_oracle import Poetry
from tests.support.synced import DRIFTS, NEXT_PYTHON, PYTHON, Shape, Synced, index_of, write_files

pytestmark = pytest.mark.tools

MODERN = """\
[project]
name = "demo"
version = "0.1.0"
requires-python = ">={python},<{next}"
dependencies = [
    "alpha (>=1)",
    "delta",
    "{tools}",
    "local-one",
]

[tool.poetry.dependencies]
local-one = {{ path = "libs/local-one", develop = true }}
"""
LEGACY = """\
[tool.poetry]
name = "demo"
version = "0.1.0"
description = ""
authors = []

[tool.poetry.dependencies]
python = "~{python}"
alpha = "^1.0"
delta = "*"
tools = {{ git = "{repository}", rev = "{commit}" }}
local-one = {{ path = "libs/local-one", develop = true }}
"""
BOTH = """
[tool.poetry.group.docs]
optional = true

[tool.poetry.group.docs.dependencies]
testing = "*"

[[tool.poetry.source]]
name = "made"
url = "{index}"
"""
LOCK = ("poetry.lock", 'name = "{}"')
SHAPES = {
    "project": (MODERN + BOTH, Shape("pyproject.toml", '    "{}', *LOCK, "requires-python", above=1)),
    "tool.poetry": (LEGACY + BOTH, Shape("pyproject.toml", "{} =", *LOCK, "python =", above=1)),
}


@pytest.fixture(scope="module", params=SHAPES)
def synced(
    request: pytest.FixtureRequest, poetry: Poetry, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Synced]:
    """Yield a project that Poetry has locked and installed, itself included."""
    folder = tmp_path_factory.mktemp("synced")
    made = ground(folder / "ground")
    text, shape = SHAPES[request.param]
    with index_of(made) as index:
        words = {"python": PYTHON, "next": NEXT_PYTHON, "tools": made.tools, "index": index}
        text = text.format(**words, repository=REPOSITORY, commit=made.first)
        project = write_files(folder / "project", "pyproject.toml", text)
        (project / "demo.py").write_text("")
        environ = {**poetry.environ, "POETRY_SYSTEM_GIT_CLIENT": "true"}

        def command(*words: str) -> str:
            return tool([poetry.python, "-m", "poetry", "--no-interaction", *words], project, made, **environ)

        command("lock")
        command("install")
        yield Synced(project, shape, Installer(made, uv=False), command)


def test_environment_as_synced_is_clean(synced: Synced) -> None:
    assert synced.found(synced.prefix) == []
    whole = synced.found(synced.prefix, locked=False)
    assert [finding for finding in whole if finding[0].startswith(("DRF", "LCK", "COV"))] == []


@pytest.mark.parametrize("drift", DRIFTS.values(), ids=DRIFTS)
def test_planted_drift_is_named_alone_with_what_mends_it(drift: Drift, synced: Synced) -> None:
    found, message = synced.planted(drift)
    assert found == synced.expected(drift)
    if synced.shape.python == "requires-python":  # what mends it is the same for both, and takes time
        synced.obey(message)
        # Poetry leaves alone what has the right version and came from an index.
        assert synced.found(synced.prefix) == (found if "from an index" in message else [])


def test_other_python_is_named_alone(synced: Synced, tmp_path: Path) -> None:
    found = synced.found_on_other_python(tmp_path)
    if found is None:
        pytest.skip("there is no Python of another series here")
    assert found == synced.expected_on_other_python()
