"""``envcheck sbom`` where it needs no library: what it refuses, and pip's shape; CycloneDX is in tests/tools."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from envcheck.cli.main import main
from tests.support.environments import build_environment

URL = '{"url": "https://ada:s3cret@git.example/t", "vcs_info": {"vcs": "git", "commit_id": "c"}}'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    distributions = [
        {"name": "tool", "version": "1.0", "requires": ["NumPy"], "direct-url": URL},
        {"name": "NumPy", "version": "1.26.4", "summary": "arrays"},
    ]
    build_environment(tmp_path / ".venv", {"distributions": distributions})
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_pip_inspect_is_sorted_and_has_no_secret(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sbom", "--format", "pip-inspect"]) == 0
    said = capsys.readouterr().out
    found = json.loads(said)
    assert found["version"] == "1"
    assert [each["metadata"]["name"] for each in found["installed"]] == ["NumPy", "tool"]
    assert found["installed"][0]["metadata"]["summary"] == "arrays"
    assert found["installed"][1]["direct_url"]["vcs_info"] == {"vcs": "git", "commit_id": "c"}
    assert found["installed"][1]["metadata"]["requires_dist"] == ["NumPy"]
    assert "s3cret" not in said


def test_metadata_that_cannot_be_read_is_said(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (metadata,) = project.glob(".venv/lib/*/site-packages/NumPy*/METADATA")
    metadata.unlink()
    assert main(["sbom", "--format", "pip-inspect"]) == 1
    captured = capsys.readouterr()
    assert "METADATA is missing" in captured.err
    assert [each["metadata"]["version"] for each in json.loads(captured.out)["installed"]] == ["1.26.4", "1.0"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["--format", "pip-inspect", "--lock", "uv.lock"], "not locks", id="pip inspects no lock"),
        pytest.param(["--lock", "uv.lock"], "uv.lock", id="no such lock"),
        pytest.param(["--lock", "notes.txt"], "is no lock", id="no lock"),
        pytest.param(["--prefix", "nowhere"], "there is no Python environment", id="no environment"),
        pytest.param(["elsewhere"], "there is no elsewhere", id="no such path"),
        pytest.param(["--timestamp"], "SOURCE_DATE_EPOCH soon is no time", id="no time"),
        pytest.param([], "by a library that is not installed here", id="no library"),
    ],
)
def test_bad_request(
    words: list[str],
    said: str,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (project / "notes.txt").write_text("hello\n", encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    monkeypatch.setitem(sys.modules, "cyclonedx", None)
    assert main(["sbom", *words]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""
