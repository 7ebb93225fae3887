"""Which dialect a file is in, told by its name alone."""

from __future__ import annotations

import pytest

from envcheck.gather.declarations.catalogue import DIALECTS, dialect_for

NAMES = {
    "conda_explicit": ("conda-linux-64.lock", "explicit-linux.lock"),
    "conda_lock": ("conda-lock.yml", "gpu.conda-lock.yml", "environment.lock.yml", "env-lock.yml"),
    "environment_yml": ("environment.yml", "environment-condalock.yml", "binder/env.yaml"),
    "pdm_lock": ("pdm.lock",),
    "pipfile": ("Pipfile",),
    "pipfile_lock": ("Pipfile.lock",),
    "pixi_lock": ("pixi.lock",),
    "pixi_toml": ("pixi.toml", "sub/pixi.toml"),
    "poetry_lock": ("sub/poetry.lock",),
    "pylock": ("pylock.toml", "sub/pylock.dev.toml"),
    "pyproject": ("pyproject.toml",),
    "requirements_txt": ("requirements.txt", "requirements/dev.in", "constraints.txt"),
    "setup_cfg": ("a/setup.cfg",),
    "setup_py": ("a/setup.py",),
    "uv_lock": ("uv.lock", "a/plot.py.lock"),
}


@pytest.mark.parametrize(("path", "name"), [(path, name) for name, paths in NAMES.items() for path in paths])
def test_dialect_of(path: str, name: str) -> None:
    dialect = dialect_for(path)
    assert dialect
    assert name == dialect.NAME


def test_every_dialect_has_a_file() -> None:
    assert {dialect.NAME for dialect in DIALECTS} == NAMES.keys()


@pytest.mark.parametrize(
    "path", ["yarn.lock", "Cargo.lock", "package.toml", "config.yml", "notes.txt", "a.py", "pylock.x.y.toml"]
)
def test_other_files_are_in_no_dialect(path: str) -> None:
    assert dialect_for(path) is None


@pytest.mark.parametrize("path", [path for paths in NAMES.values() for path in paths])
def test_every_file_is_claimed_once(path: str) -> None:
    assert sum(dialect.claims(path) for dialect in DIALECTS) == 1
