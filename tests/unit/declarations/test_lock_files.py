"""Locks are recognised by name and said not to be compared yet; the catalogue knows which dialect a file is in."""

from __future__ import annotations

import pytest

from envcheck.gather.declarations import lock_files
from envcheck.gather.declarations.catalogue import DIALECTS, dialect_for
from envcheck.model.readings import ProblemKind, RawFile


@pytest.mark.parametrize(
    ("path", "name"),
    [
        *((path, "lock") for path in ("uv.lock", "pdm.lock", "pixi.lock", "Pipfile.lock", "Pipfile")),
        *(
            (path, "lock")
            for path in ("pixi.toml", "pylock.toml", "pylock.dev.toml", "conda-lock.yml", "gpu.conda-lock.yml")
        ),
        *(
            (path, "lock")
            for path in ("conda-linux-64.lock", "environment.lock.yml", "env-lock.yml", "explicit-linux.lock")
        ),
        *((path, "environment_yml") for path in ("environment.yml", "environment-condalock.yml", "binder/env.yaml")),
        *((path, "requirements_txt") for path in ("requirements.txt", "requirements/dev.in", "constraints.txt")),
        *(
            ("sub/poetry.lock", "poetry_lock"),
            ("pyproject.toml", "pyproject"),
            ("a/setup.cfg", "setup_cfg"),
            ("a/setup.py", "setup_py"),
        ),
    ],
)
def test_dialect_of(path: str, name: str) -> None:
    dialect = dialect_for(path)
    assert dialect
    assert name == dialect.NAME


@pytest.mark.parametrize(
    "path", ["yarn.lock", "Cargo.lock", "package.toml", "config.yml", "notes.txt", "a.py", "pylock.x.y.toml"]
)
def test_other_files_are_in_no_dialect(path: str) -> None:
    assert dialect_for(path) is None


def test_every_file_is_claimed_once() -> None:
    paths = ["uv.lock", "environment.lock.yml", "requirements/environment.yml", "requirements.txt", "conda-lock.yml"]
    assert [sum(dialect.claims(path) for dialect in DIALECTS) for path in paths] == [1] * len(paths)


@pytest.mark.parametrize(
    ("path", "words", "governs"),
    [("a/uv.lock", "a lock (uv.lock)", False), ("pixi.toml", "a manifest (pixi.toml)", True)],
)
def test_lock_is_said_not_to_be_compared(path: str, words: str, governs: bool) -> None:
    reading = lock_files.read(RawFile(path, b"\xff\0 whatever"))
    (problem,) = reading.problems
    assert problem.kind is ProblemKind.NOT_READ
    assert words in problem.message
    assert (reading.value.governs, reading.value.unread) == (governs, governs)
