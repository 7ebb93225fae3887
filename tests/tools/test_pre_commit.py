"""The hooks as pre-commit runs them: from a clone of this repository, in an environment that pre-commit makes."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.environments import build_distribution, build_environment
from tests.support.indexes import make_prefix, pip

pytestmark = pytest.mark.tools

REPOSITORY = Path(__file__).parents[2]
PRE_COMMIT = "pre-commit==4.6.0"
HOOKS = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
STAMP = {"packages": {"pandas": "2.1.4"}, "python": "3.11.7", "schema": 1}


def environ() -> dict[str, str]:
    """Return variables without an environment that is active, and without a git that is at work already."""
    left_out = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH")
    return {k: v for k, v in os.environ.items() if k not in left_out and not k.startswith(("GIT_", "PRE_COMMIT"))}


def git(folder: Path, *words: str | Path) -> str:
    identity = ["-c", "user.name=ana", "-c", "user.email=ana@index.example", "-c", "init.defaultBranch=main"]
    command: list[str | Path] = ["git", *identity, *words]
    return subprocess.run(command, cwd=folder, env=environ(), check=True, capture_output=True, text=True).stdout


class Hooks:
    """pre-commit with a home of its own, and the repository that its hooks come from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prefix = make_prefix(folder / "env")
        pip(self.prefix, os.environ, "install", "-q", PRE_COMMIT)
        # What is to be committed counts, too: a clone of a work tree has its last commit alone.
        self.origin = folder / "envcheck"
        git(folder, "clone", "-q", "--no-hardlinks", REPOSITORY.as_uri(), self.origin)
        changes = git(REPOSITORY, "diff", "HEAD", "--binary")
        if changes:
            subprocess.run(["git", "apply"], cwd=self.origin, input=changes, text=True, check=True, env=environ())
            git(self.origin, "commit", "-qam", "what is to be committed")
        self.revision = git(self.origin, "rev-parse", "HEAD").strip()

    def run(self, project: Path, hook: str) -> tuple[int, str]:
        """Run one hook on all files of a project and return its exit code and what was said."""
        hooks = [{"id": each["id"]} for each in HOOKS]
        config = {"repos": [{"repo": self.origin.as_uri(), "rev": self.revision, "hooks": hooks}]}
        (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
        git(project, "add", ".")
        command: list[str | Path] = [self.prefix / "bin/pre-commit", "run", hook, "--all-files", "--verbose"]
        done = subprocess.run(
            command,
            cwd=project,
            env={**environ(), "PRE_COMMIT_HOME": str(self.folder / "home"), "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Hooks:
    return Hooks(tmp_path_factory.mktemp("pre-commit"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a repository in which everything is as it should be, its environment beside it."""
    build_environment(tmp_path / ".venv", {"distributions": [{"name": "pandas", "version": "2.1.4"}]})
    (tmp_path / ".gitignore").write_text(".venv/\n", encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("pandas==2.1.4\n", encoding="utf-8")
    cell: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "a",
        "metadata": {},
        "outputs": [],
        "source": [],
    }
    notebook = {
        "cells": [{**cell, "source": ["import pandas"]}],
        "metadata": {"envcheck": STAMP},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (tmp_path / "a.ipynb").write_text(json.dumps(notebook, indent=1) + "\n", encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    return tmp_path


def drift(project: Path) -> None:
    """Put another version in the place of what is installed."""
    (old,) = project.glob(".venv/lib/*/site-packages/pandas-*.dist-info")
    for file in old.iterdir():
        file.unlink()
    old.rmdir()
    build_distribution(old.parent, {"name": "pandas", "version": "2.2.0"})


@pytest.mark.parametrize("hook", [each["id"] for each in HOOKS])
def test_hook_passes_where_all_is_well_and_fails_where_not(hook: str, hooks: Hooks, project: Path) -> None:
    before = {name: (project / name).read_bytes() for name in ("a.ipynb", "requirements.txt")}
    code, said = hooks.run(project, hook)
    assert code == 0, said
    assert "Passed" in said
    assert {name: (project / name).read_bytes() for name in before} == before
    drift(project)
    if hook == "envcheck-pin":  # which leaves a pin alone, drifted or not: somebody has decided on it
        (project / "requirements.txt").write_text("pandas\n", encoding="utf-8")
    code, said = hooks.run(project, hook)
    assert code == 1, said
    assert {"Passed", "Skipped"}.isdisjoint(said.split())


@pytest.mark.parametrize(
    ("hook", "name"), [("envcheck-pin", "requirements.txt"), ("envcheck-stamp", "a.ipynb")], ids=["pin", "stamp"]
)
def test_hook_that_writes_passes_when_it_has_written(hook: str, name: str, hooks: Hooks, project: Path) -> None:
    drift(project)
    (project / "requirements.txt").write_text("pandas\n", encoding="utf-8")
    assert hooks.run(project, hook)[0] == 1
    assert "2.2.0" in (project / name).read_text(encoding="utf-8")
    assert hooks.run(project, hook)[0] == 0
