"""``--diff-base``: what stands in lines that have changed, by a real git in a repository made here."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from envcheck.cli.main import main


def git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=ana", "-c", "user.email=ana@index.example", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


def write_notebook(path: Path, texts: list[str]) -> None:
    cells = [{"cell_type": "code", "metadata": {}, "source": text.splitlines(keepends=True)} for text in texts]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, indent=1), encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with a commit on main and a branch on top of it; everything in it is wrong."""
    for variable in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(variable)
    (tmp_path / "requirements.txt").write_text("pandas\nnumpy\n", encoding="utf-8")
    write_notebook(tmp_path / "a.ipynb", ["%pip install one\n", "%pip install two\n"])
    (tmp_path / ".gitignore").write_text("ignored/\n", encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    git(tmp_path, "checkout", "-qb", "work")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *words: str, revision: str = "main") -> list[str]:
    """Return places of the findings that are told."""
    capsys.readouterr()
    main(["--select", "PIN001,PIN004", "--format", "concise", "--diff-base", revision, *words])
    return [line.partition(": ")[0] for line in capsys.readouterr().out.splitlines()]


def test_nothing_has_changed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys) == []
    assert main(["--select", "PIN001", "--diff-base", "main"]) == 0
    assert "2 findings on what has not changed since main" in capsys.readouterr().out


def test_a_new_line_is_told_and_the_old_ones_are_not(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "requirements.txt").write_text("numpy\n# new\nscipy\npandas\n", encoding="utf-8")
    assert told(capsys) == ["requirements.txt:3:1"]
    git(project, "commit", "-qam", "second")
    assert told(capsys) == ["requirements.txt:3:1"]
    assert told(capsys, revision="HEAD") == []
    assert told(capsys, revision="HEAD~1") == ["requirements.txt:3:1"]


def test_a_cell_is_told_by_its_line_in_the_file(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_notebook(project / "a.ipynb", ["%pip install two\n", "%pip install three\n", "%pip install one\n"])
    (line,) = [place for place in told(capsys) if place.startswith("a.ipynb")]
    number = int(line.split(":")[1])
    assert "three" in (project / "a.ipynb").read_text(encoding="utf-8").splitlines()[number - 1]


@pytest.mark.parametrize("staged", [True, False], ids=["staged", "unknown to git"])
def test_a_new_file_is_told_whole(staged: bool, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_notebook(project / "b.ipynb", ["%pip install x\n", "%pip install y\n"])
    if staged:
        git(project, "add", "b.ipynb")
    assert len(told(capsys)) == 2


def test_a_file_that_git_ignores_is_not_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "ignored").mkdir()
    write_notebook(project / "ignored" / "b.ipynb", ["%pip install x\n"])
    assert told(capsys, "ignored/b.ipynb") == []


def test_what_others_did_meanwhile_is_not_ours(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "requirements.txt").write_text("pandas\nnumpy\nscipy\n", encoding="utf-8")
    git(project, "commit", "-qam", "second")
    git(project, "checkout", "-q", "main")
    (project / "requirements.txt").write_text("seaborn\n", encoding="utf-8")
    git(project, "commit", "-qam", "theirs")
    git(project, "checkout", "-q", "work")
    assert told(capsys) == ["requirements.txt:3:1"]


def test_line_ends_are_no_change(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "requirements.txt").write_bytes(b"pandas\r\nnumpy\r\n")
    assert told(capsys) == []


def test_a_folder_of_the_project_is_enough(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "sub folder").mkdir()
    (project / "sub folder" / "requirements.txt").write_text("ü\nscipy\n", encoding="utf-8")
    monkeypatch.chdir(project / "sub folder")
    assert told(capsys) == ["requirements.txt:2:1"]


def test_nothing_of_a_hostile_configuration_is_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = project / "evil.sh"
    program.write_text(f"#!/bin/sh\ntouch {project}/pwned\ncat\n", encoding="utf-8")
    program.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "diff.external",
        "filter.x.clean",
        "filter.x.smudge",
        "diff.x.textconv",
        "core.pager",
    ):
        git(project, "config", key, str(program))
    (project / ".git" / "info").mkdir(exist_ok=True)
    (project / ".git" / "info" / "attributes").write_text("* filter=x diff=x\n", encoding="utf-8")
    for hook in ("post-index-change", "reference-transaction", "post-checkout"):
        (project / ".git" / "hooks").mkdir(exist_ok=True)
        (project / ".git" / "hooks" / hook).symlink_to(program)
    (project / "requirements.txt").write_text("pandas\nscipy\n", encoding="utf-8")
    assert told(capsys) == ["requirements.txt:2:1"]
    assert not (project / "pwned").exists()


@pytest.mark.parametrize(
    ("revision", "message", "hint"),
    [
        pytest.param("nowhere", "git knows no such revision", "git fetch origin nowhere", id="unknown"),
        pytest.param("--output=x", "not a revision", "give a branch", id="an option"),
    ],
)
def test_what_is_no_revision_is_a_bad_request(
    revision: str, message: str, hint: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([f"--diff-base={revision}"]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert hint in said


def test_a_shallow_clone_is_named(
    project: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    clone = tmp_path_factory.mktemp("clone") / "clone"
    git(project, "commit", "-qm", "second", "--allow-empty")
    git(project.parent, "clone", "-q", "--depth", "1", "--branch", "work", project.as_uri(), str(clone))
    monkeypatch.chdir(clone)
    assert main(["--diff-base", "main"]) == 2
    assert "this clone is shallow" in capsys.readouterr().err


def test_no_repository_is_a_bad_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "requirements.txt").write_text("pandas\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert main(["--diff-base", "main"]) == 2
    assert "git rev-parse failed: fatal: not a git repository" in capsys.readouterr().err


def test_no_git_is_a_bad_request(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(project))
    assert main(["--diff-base", "main"]) == 2
    assert "git cannot be started" in capsys.readouterr().err
