"""A check against a snapshot says what a check against the environment says that it was taken of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from envcheck.cli.main import main
from tests.projects.test_fixture_projects import HOMES, PROJECTS, build_project, enter, expectation

WITH_ENVIRONMENT = [project for project in PROJECTS if "environment" in expectation(project)]
OF_FILES = ("ENV003", "NBK001", "NBK002")
"""The rules that look at metadata files and kernelspecs; a snapshot holds neither."""


def findings(words: list[str], prefix: str, capsys: pytest.CaptureFixture[str]) -> list[Mapping[str, Any]]:
    assert main([*words, "--prefix", prefix, "--format", "json"]) in (0, 1)
    found: list[Mapping[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return found


def told(found: list[Mapping[str, Any]], prefix: str) -> Iterator[tuple[object, ...]]:
    """Yield what findings say, without the place of the environment, where findings about itself stand."""
    for finding in found:
        if finding["code"] in OF_FILES:
            continue
        is_inside = finding["code"].startswith("ENV")
        place = () if is_inside else tuple(finding[key] for key in ("path", "cell", "line", "column"))
        fix = json.dumps(finding["fix"])
        installed = finding["installed"] or ""  # a path of this machine is none of the snapshot's
        installed = "local" if installed.startswith("file:") else installed
        message = finding["message"] if finding["code"] != "ENV006" else finding["message"].partition(" comes from")[0]
        yield (finding["code"], *place, message.replace(prefix, "PREFIX"), installed, finding["wanted"], fix)


@pytest.mark.parametrize("ending", ["json", "toml"])
@pytest.mark.parametrize("project", WITH_ENVIRONMENT, ids=lambda project: project.name)
def test_a_snapshot_is_judged_as_its_environment(
    project: Path,
    ending: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expected = expectation(project)
    enter(build_project(project, expected, tmp_path), tmp_path, monkeypatch)
    for name, value in expected.get("variables", {}).items():
        monkeypatch.setenv(name, value)
    prefix = HOMES[expected["environment"].get("kind", "venv")]
    snapshot = tmp_path / f"colleague.{ending}"
    assert main(["snapshot", prefix, "--output", str(snapshot), "--quiet"]) == 0
    assert str(tmp_path) not in snapshot.read_text(encoding="utf-8")
    words = list(expected.get("arguments", ()))
    there = findings(words, prefix, capsys)
    taken = findings(words, str(snapshot), capsys)
    assert sorted(told(taken, str(snapshot)), key=repr) == sorted(told(there, prefix), key=repr)
