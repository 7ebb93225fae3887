"""The demo tells its whole story, from the root of the repository, as README.md invites everybody to try it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from envcheck.cli.main import main

STORY = {
    ("CON001", "requirements.txt", 0, 3),  # pandas: two files that nothing can satisfy
    ("CON002", "requirements.txt", 0, 2),
    ("COV001", "notebooks/01_levels.ipynb", 2, 4),  # seaborn was installed by hand
    ("COV002", "notebooks/02_trend.ipynb", 5, 1),  # shapefile is pyshp, which nobody has
    ("COV003", "requirements.txt", 0, 7),
    ("COV004", "notebooks/02_trend.ipynb", 3, 4),  # scipy came with scikit-learn
    ("DRF001", "requirements.txt", 0, 3),
    ("DRF002", "requirements.txt", 0, 8),
    ("NBK003", "notebooks/02_trend.ipynb", 0, 0),
    ("NBK004", "notebooks/02_trend.ipynb", 2, 1),
    ("PIN001", "requirements.txt", 0, 2),
    ("PIN002", "environment.yml", 0, 8),
    ("PIN002", "requirements.txt", 0, 4),
    ("PIN004", "notebooks/02_trend.ipynb", 2, 1),
    ("PRT002", "environment.yml", 0, 13),
}


def test_demo_tells_its_story(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(repository)
    assert main(["fixtures/demo", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    places = {(f["code"], f["path"], f["cell"] or 0, f["line"] or 0) for f in report["findings"]}
    assert places == {(code, f"fixtures/demo/{path}", cell, line) for code, path, cell, line in STORY}
    assert [environment["python"] for environment in report["environments"]] == ["3.11.9"]
