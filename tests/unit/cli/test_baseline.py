"""A project with 300 old findings: only what is new is told, and what is mended is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from envcheck.cli.main import main
from tests.support.environments import build_environment

FILE = "envcheck-baseline.json"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project of 300 unpinned requirements, 290 in a file and 10 in cells."""
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(variable, raising=False)
    (tmp_path / ".git").mkdir()
    build_environment(tmp_path / ".venv", {"distributions": [{"name": "p1", "version": "1.2.3"}]})
    (tmp_path / "requirements.txt").write_text("".join(f"p{n}\n" for n in range(290)), encoding="utf-8")
    write_cells(tmp_path, [f"%pip install q{n}\n" for n in range(10)])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_cells(project: Path, texts: list[str]) -> None:
    cells = [{"cell_type": "code", "source": text} for text in texts]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, indent=1)
    (project / "a.ipynb").write_text(text, encoding="utf-8")


def check(*words: str) -> int:
    return main(["--select", "PIN001,PIN004", "-q", "--format", "concise", *words])


@pytest.fixture
def accepted(project: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return the project when its findings have been accepted."""
    assert check("--write-baseline") == 0
    assert capsys.readouterr().err.startswith(f"envcheck: 300 findings written to {FILE}; use it with --baseline")
    return project


def test_what_is_known_does_not_fail(accepted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--baseline", FILE) == 0
    assert capsys.readouterr().out == ""


def test_what_is_new_fails_and_it_alone_is_shown(accepted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (accepted / "requirements.txt").open("a", encoding="utf-8") as file:
        file.write("new-one\n")
    assert check("--baseline", FILE) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("requirements.txt:291:1: PIN001 new-one ")


def test_one_more_of_the_same_is_new(accepted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_cells(accepted, [f"%pip install q{n % 10}\n" for n in range(11)])
    assert check("--baseline", FILE) == 1
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_lines_and_cells_may_move(accepted: Path) -> None:
    old = (accepted / "requirements.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    text = "# a new head\n\n" + "".join(reversed(old))
    (accepted / "requirements.txt").write_text(text, encoding="utf-8")
    write_cells(accepted, ["x = 1\n", *(f"y = 2\n%pip install q{n}\n" for n in reversed(range(10)))])
    assert check("--baseline", FILE) == 0


def test_the_environment_may_be_another(accepted: Path) -> None:
    build_environment(accepted / "other", {"distributions": [{"name": "p1", "version": "9.9"}]})
    assert check("--baseline", FILE, "--prefix", "other") == 0


def test_what_is_mended_is_said_and_dropped(accepted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (accepted / "requirements.txt").read_text(encoding="utf-8").replace("p7\n", "p7==1.0\n")
    (accepted / "requirements.txt").write_text(lines, encoding="utf-8")
    assert main(["--select", "PIN001,PIN004", "--baseline", FILE]) == 0
    said = capsys.readouterr().out
    assert f"in {FILE}, but not found any more: PIN001 p7 in requirements.txt\n" in said
    assert said.count("not found any more") == 1
    assert "299 findings known from" in said
    assert check("--baseline", FILE, "--write-baseline") == 0
    assert main(["--select", "PIN001,PIN004", "--baseline", FILE]) == 0
    assert "not found any more" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [["a.ipynb"], [".", "--select", "PIN004"]], ids=["another file alone", "another rule alone"]
)
def test_what_was_not_looked_at_is_not_mended(
    words: list[str], accepted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (accepted / "requirements.txt").write_text("p1==1.2.3\n", encoding="utf-8")
    before = (accepted / FILE).read_bytes()
    rules = [] if "--select" in words else ["--select", "PIN004"]
    assert main([*words, *rules, "--baseline", FILE]) == 0
    assert "not found any more" not in capsys.readouterr().out
    assert main([*words, *rules, "--baseline", FILE, "--write-baseline"]) == 0
    assert (accepted / FILE).read_bytes() == before


def test_what_stood_in_a_file_that_is_gone_is_mended(accepted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (accepted / "a.ipynb").unlink()
    assert main(["--select", "PIN001,PIN004", "--baseline", FILE]) == 0
    assert capsys.readouterr().out.count("PIN004") == 10


def test_a_run_in_a_folder_knows_the_same(
    accepted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (accepted / "nb").mkdir()
    monkeypatch.chdir(accepted / "nb")
    assert check("..", "--baseline", f"../{FILE}") == 0


def test_the_settings_may_name_it(accepted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (accepted / "envcheck.toml").write_text(f'baseline = "{FILE}"\n', encoding="utf-8")
    assert check() == 0
    (accepted / "nb").mkdir()
    monkeypatch.chdir(accepted / "nb")
    assert check("..") == 0


def test_it_is_sorted_plain_and_the_same_again(accepted: Path) -> None:
    content = (accepted / FILE).read_bytes()
    entries = json.loads(content)["findings"]
    keys = [(entry["code"], entry["path"], entry["distribution"], entry["message"]) for entry in entries]
    assert keys == sorted(keys)
    assert content.isascii()
    assert str(accepted).encode() not in content
    assert len(content.splitlines()) == 303
    assert check("--write-baseline", FILE) == 0
    assert (accepted / FILE).read_bytes() == content


def test_it_holds_no_secret(project: Path) -> None:
    line = "x @ https://ana:hunter2@index.example/x-1.zip\n"
    (project / "requirements.txt").write_text(line, encoding="utf-8")
    assert main(["--write-baseline", "-q"]) == 0
    assert b"hunter2" not in (project / FILE).read_bytes()
    assert main(["--baseline", FILE, "-q"]) == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "not a baseline: not JSON", id="empty"),
        pytest.param(b"<<<<<<< HEAD\n{}", "not a baseline: not JSON", id="merge conflict"),
        pytest.param(b"\xff\xfe", "not a baseline: not JSON", id="no text"),
        pytest.param(b"[" * 100_000, "not a baseline: not JSON", id="deep"),
        pytest.param(b"[]", "not a baseline: no list of findings", id="a list"),
        pytest.param(b'{"schema": 1}', "not a baseline: no list of findings", id="no findings"),
        pytest.param(b'{"schema": 2, "findings": []}', "a baseline of a newer envcheck", id="newer"),
        pytest.param(b'{"schema": 1, "findings": [1]}', "an entry of it has other keys", id="a number"),
        pytest.param(b'{"schema": 1, "findings": [{"code": "PIN001"}]}', "has other keys", id="a part"),
        pytest.param(
            b'{"schema": 1, "findings": [{"code": 1, "path": "", "distribution": "", "message": "", "count": 1}]}',
            "has other values",
            id="another type",
        ),
        pytest.param(
            b'{"schema": 1, "findings": [{"code": "", "path": "", "distribution": "", "message": "", "count": -1}]}',
            "has other values",
            id="less than none",
        ),
    ],
)
@pytest.mark.parametrize("words", [["--baseline", "b.json"], ["--write-baseline", "b.json"]], ids=["read", "write"])
def test_a_broken_one_is_a_bad_request(
    words: list[str], content: bytes, message: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "b.json").write_bytes(content)
    assert check(*words) == 2
    assert message in capsys.readouterr().err
    assert (project / "b.json").read_bytes() == content


@pytest.mark.parametrize("path", ["gone.json", ".venv"])
def test_one_that_cannot_be_read_is_a_bad_request(path: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--baseline", path) == 2
    assert path in capsys.readouterr().err


def test_a_notebook_is_never_written_over(project: Path) -> None:
    before = (project / "a.ipynb").read_bytes()
    assert check("--write-baseline", "a.ipynb") == 2
    assert (project / "a.ipynb").read_bytes() == before


def test_json_tells_what_became_of_it(accepted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (accepted / "a.ipynb").unlink()
    assert main(["--select", "PIN001,PIN004", "--baseline", FILE, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["baseline"]["path"], told["baseline"]["known"], len(told["baseline"]["gone"])) == (FILE, 290, 10)
    assert told["findings"] == []
