"""``envcheck list``, with the real engine: its facts follow the schemas."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from envcheck.cli.main import main


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small project in the current folder, with an environment of its own."""
    site = tmp_path / "env/lib/python3.11/site-packages/numpy-1.26.2.dist-info"
    site.mkdir(parents=True)
    (site / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: numpy\nVersion: 1.26.2\nRequires-Dist: x; extra == 'y'\n"
    )
    (site / "RECORD").write_text("numpy/__init__.py,,\n")
    (tmp_path / "env/pyvenv.cfg").write_text("home = /nowhere/bin\nversion = 3.11.7\n")
    (tmp_path / "env/bin").mkdir()
    (tmp_path / "env/bin/python").touch()
    (tmp_path / "requirements.txt").write_text(
        "numpy>=1.20  # why\nmine @ https://ana:hunter2@index.example/mine.whl\n"
    )
    (tmp_path / "run.py").write_text("import os\nimport numpy.linalg\nimport nowhere\n")
    cell: dict[str, object] = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": "import numpy",
    }
    (tmp_path / "a.ipynb").write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("kind", ["imports", "requirements", "distributions"])
def test_json_follows_its_schema(
    kind: str, project: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", kind, "--prefix", "env", "--format", "json"]) == 0
    content = json.loads(capsys.readouterr().out)
    schema = json.loads((repository / f"src/envcheck/schemas/{kind}.schema.json").read_bytes())
    assert content[kind]
    jsonschema.validate(content, schema)


@pytest.mark.parametrize("kind", ["imports", "requirements", "distributions"])
@pytest.mark.parametrize("form", ["terminal", "json"])
def test_no_secret_is_shown(kind: str, form: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", kind, "--prefix", "env", "--format", form]) == 0
    out = capsys.readouterr().out
    assert out
    assert "hunter2" not in out


def test_shows_a_table(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "imports", "--prefix", "env"]) == 0
    assert [line.split()[-2:] for line in capsys.readouterr().out.splitlines()] == [
        ["numpy", "numpy"],
        ["os", "(stdlib)"],
        ["numpy.linalg", "numpy"],
        ["nowhere", "(unknown)"],
    ]
