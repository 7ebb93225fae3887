"""Files that fail while they are read or written, and names that no one expects: a finding or a reason, no more."""

from __future__ import annotations

import errno
import json
import os
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from envcheck.cli.main import main
from envcheck.engine.discover import discover
from envcheck.engine.reading.files import read_file
from envcheck.engine.writing.files import create_file, replace_file
from envcheck.model.errors import UserError
from envcheck.model.readings import Problem

FAULTS = {
    "full disk": errno.ENOSPC,
    "no permission": errno.EACCES,
    "broken disk": errno.EIO,
    "over quota": errno.EDQUOT,
    "read-only": errno.EROFS,
}


def failing(number: int) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("step", ["os.read", "os.open", "os.fstat"])
@pytest.mark.parametrize("number", FAULTS.values(), ids=FAULTS.keys())
def test_file_that_fails_while_it_is_read_is_a_problem(
    number: int, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.py").write_text("import numpy\n", encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(step, failing(number))
        found = read_file(str(tmp_path), "a.py")
    assert isinstance(found, Problem)
    assert os.strerror(number).lower() in found.message


@pytest.mark.parametrize("step", ["os.fsync", "os.replace", "os.chmod", "tempfile.mkstemp"])
@pytest.mark.parametrize("number", FAULTS.values(), ids=FAULTS.keys())
def test_fault_while_a_file_is_replaced_leaves_the_old_one_alone(
    number: int, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "f").write_bytes(b"old")
    with monkeypatch.context() as patched:
        patched.setattr(step, failing(number))
        with pytest.raises(UserError, match="cannot be written"):
            replace_file(str(tmp_path), "f", old=b"old", new=b"new")
    assert (tmp_path / "f").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["f"]


@pytest.mark.parametrize("step", ["os.fsync", "os.chmod", "tempfile.mkstemp"])
@pytest.mark.parametrize("number", FAULTS.values(), ids=FAULTS.keys())
def test_fault_while_a_file_is_created_leaves_nothing(
    number: int, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(step, failing(number))
        with pytest.raises(UserError, match="cannot be written"):
            create_file(str(tmp_path), "f", b"new")
    assert os.listdir(tmp_path) == []


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "requirements.txt").write_text("pandas\n", encoding="utf-8")
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(folder)
    return folder


def checked(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert main([*words, "--format", "json"]) == 1
    output = capsys.readouterr()
    assert output.err == ""
    findings: list[dict[str, Any]] = json.loads(output.out)["findings"]
    return findings


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOENT, errno.EACCES], ids=["EIO", "gone", "no permission"])
@pytest.mark.parametrize("name", ["a.py", "a.ipynb", "requirements.txt"])
def test_file_that_fails_between_listing_and_reading_is_a_finding(
    name: str, number: int, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / name).write_text("import numpy\n", encoding="utf-8")
    real = os.open

    def opened(path: Any, *rest: Any, **more: Any) -> int:
        if str(path).endswith(f"/{name}"):
            raise OSError(number, os.strerror(number))
        return real(path, *rest, **more)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", opened)
        findings = checked(capsys)
    assert (name, "READ001") in {(finding["path"], finding["code"]) for finding in findings}


def test_folder_that_goes_during_the_walk_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "s.py").touch()
    real = os.scandir

    def scanned(path: Any) -> Any:
        if str(path).endswith("/b"):
            (tmp_path / "b" / "s.py").unlink()
            (tmp_path / "b").rmdir()
        return real(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", scanned)
        found = discover([str(tmp_path)], root=str(tmp_path))
    assert found.sources == ("a/s.py", "c/s.py")
    assert [str(problem.place) for problem in found.problems] == ["b"]


ACCENTED = "Größe_é.py"
ODD = {
    "two lines": "a\nb.py",
    "no UTF-8": "a\udcffb.py",
    "an escape": "a\x1b[31mb.py",
    "an option": "--write.py",
    "one dash": "-.py",
    "spaces": "  a .py",
    "quotes": "a'\"`$(x).py",
    "a backslash": "a\\b.py",
    "a glob": "[a]*?.py",
    "very long": "x" * 252 + ".py",
    "nothing but an ending": ".py",
    "right to left": "a\u202egnp.py",
    "composed": unicodedata.normalize("NFC", ACCENTED),
    "decomposed": unicodedata.normalize("NFD", ACCENTED),
}


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems refuse most of them")
@pytest.mark.parametrize("name", ODD.values(), ids=ODD.keys())
def test_file_of_any_name_is_read_and_named(name: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / name).write_text("import numpy\n", encoding="utf-8")
    assert [finding["code"] for finding in checked(capsys) if finding["path"] == name] == ["COV002"]
    assert main([]) == 1
    said = capsys.readouterr().out
    assert not any(character < " " and character != "\n" for character in said)
    for words in (["list", "imports", "."], ["--format", "concise"], ["--format", "sarif"], ["--format", "github"]):
        assert main(words) in (0, 1), words
    for words in (["--", name], ["list", "imports", "--", name]):
        assert main(words) in (0, 1), words


@pytest.mark.skipif(sys.platform != "linux", reason="other file systems take twins for one")
def test_twins_are_two_files(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for twin in (ODD["composed"], ODD["decomposed"], "A.py", "a.py"):
        (project / twin).write_text("import numpy\n", encoding="utf-8")
    assert main(["list", "imports", "--format", "json"]) == 0
    found = {use["path"] for use in json.loads(capsys.readouterr().out)["imports"]}
    assert found == {ODD["composed"], ODD["decomposed"], "A.py", "a.py"}


@pytest.mark.parametrize("name", ["loop.py", "requirements-loop.txt", "pyproject.toml", ".venv", "envcheck.toml"])
def test_loop_of_links_is_no_bug(name: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / name).symlink_to(name)
    assert main([]) in (1, 2)
    (project / name).unlink()
    (project / "one").symlink_to("two")
    (project / "two").symlink_to("one")
    (project / name).symlink_to("one/x")
    assert main([]) in (1, 2)
    assert "bug" not in capsys.readouterr().err


def test_environment_of_loops_is_no_bug(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = project / ".venv" / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    (project / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.9\n", encoding="utf-8")
    (site / "numpy").symlink_to(".")
    info = site / "numpy-1.26.4.dist-info"
    info.mkdir()
    (info / "METADATA").symlink_to("METADATA")
    (info / "RECORD").symlink_to("..")
    (site / "loop.pth").symlink_to("loop.pth")
    (site / "pandas-2.0.dist-info").symlink_to("pandas-2.0.dist-info")
    assert checked(capsys, "--prefix", ".venv")
