"""``envcheck snapshot`` and ``diff`` as they are typed: what is written where, exit codes, what machines read."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import jsonschema
import pytest

from envcheck.cli.main import main
from tests.support.environments import build_environment


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with an environment, and an older list of what was in it."""
    distributions = [{"name": "pandas", "version": "2.1.4"}, {"name": "six", "version": "1.16.0"}]
    build_environment(tmp_path / ".venv", {"distributions": distributions, "python": "3.11.7"})
    (tmp_path / "requirements.txt").write_text("pandas==2.0.3\nattrs==23.1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def test_a_snapshot_of_the_project_goes_to_a_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snapshot", "--output", "lab.json"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("lab.json: Python 3.11.7, 2 distributions of ")
    assert "(.venv in the project)" in said.err
    assert [each["name"] for each in json.loads((project / "lab.json").read_text())["distributions"]] == [
        "pandas",
        "six",
    ]


def test_two_snapshots_are_the_same_bytes(project: Path) -> None:
    for name in ("a.toml", "b.toml"):
        assert main(["snapshot", ".venv/bin/python", "--output", name, "-q"]) == 0
    assert (project / "a.toml").read_bytes() == (project / "b.toml").read_bytes()


def test_every_command_takes_a_snapshot_for_an_environment(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["snapshot", "--output", "lab.json", "-q"])
    assert main(["list", "distributions", "--prefix", "lab.json", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [each["version"] for each in listed["distributions"]] == ["2.1.4", "1.16.0"]
    assert main(["check", "--prefix", "lab.json", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [each["kind"] for each in report["environments"]] == ["snapshot"]
    assert main(["snapshot", "--prefix", "lab.json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert {**again, "kind": "venv"} == json.loads((project / "lab.json").read_text())


BAD = {
    "another ending": (["snapshot", "--output", "lab.yaml"], "neither .json nor .toml"),
    "nothing there": (["snapshot", "nowhere"], "does not exist"),
    "no snapshot": (["check", "--prefix", "other.json"], "is no snapshot"),
    "no list": (["diff", "other.json", ".venv"], "no list of packages"),
    "a folder": (["diff", ".", ".venv"], "there is no Python environment"),
    "no file": (["diff", "x.lock", ".venv"], "does not exist"),
    "no notebook": (["restore", "requirements.txt", "again"], "is no notebook"),
    "twice": (["diff", "-", "-"], "both sides are standard input"),
}


@pytest.mark.parametrize(("words", "reason"), BAD.values(), ids=BAD.keys())
def test_bad_requests_are_refused_with_the_reason(
    words: list[str],
    reason: str,
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    (project / "other.json").write_text('{"a": 1}', encoding="utf-8")
    assert main(words) == 2
    assert reason in capsys.readouterr().err


def test_differences_are_told_one_in_a_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "requirements.txt", ".venv"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "requirements.txt (requirements) → .venv (environment)",
        "pandas  2.0.3 → 2.1.4  minor",
        "attrs   23.1           only in requirements.txt",
        "six     1.16.0         only in .venv",
        "1 in another version, 1 only in requirements.txt, 1 only in .venv; one of them does not tell its Python",
    ]


def test_what_is_the_same_ends_with_0(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["snapshot", "--output", "lab.json", "-q"])
    assert main(["diff", "lab.json", ".venv", "--quiet"]) == 0
    assert capsys.readouterr().out == ""


def test_machines_read_what_follows_its_schema(
    project: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = json.loads((repository / "src/envcheck/schemas/diff.schema.json").read_bytes())
    assert main(["diff", "requirements.txt", ".venv", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    jsonschema.validate(found, schema)
    assert found["summary"] == {"same": 0, "version": 1, "build": 0, "source": 0, "missing": 1, "extra": 1}
    assert [each["level"] for each in found["distributions"]] == [None, "minor", None]


def test_standard_input_is_read(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = io.TextIOWrapper(io.BytesIO(b"pandas==2.1.4\nsix==1.16.0\n"))
    monkeypatch.setattr(sys, "stdin", listed)
    assert main(["diff", "-", ".venv"]) == 0
    assert "- (requirements)" in capsys.readouterr().out
