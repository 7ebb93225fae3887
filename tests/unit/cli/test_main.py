"""Exit codes, and what is said on standard error."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from envcheck.cli.main import main
from envcheck.model.errors import UserError
from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.report import Report

Decide = Callable[[Report | BaseException], None]

# A whole process whose check is replaced, for what cannot be seen from inside of one.
DRIVER = """
import sys, types
stub = types.ModuleType("envcheck.engine.check")
def run_check(*args, **kwargs):
    from envcheck.model.report import Notice, Place, Report
    {body}
stub.run_check = run_check
sys.modules["envcheck.engine.check"] = stub
from envcheck.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
LONG = "return Report(notices=tuple(Notice(Place(f'{n}'), f'{n}') for n in range(20000)))"


def _report(*severities: Severity) -> Report:
    return Report(tuple(Finding("PIN001", "x", severity, Place("a.txt"), "x") for severity in severities))


@pytest.mark.parametrize(
    ("severity", "options", "code"),
    [
        pytest.param(None, [], 0, id="nothing"),
        pytest.param(Severity.NOTE, [], 0, id="a note"),
        pytest.param(Severity.WARNING, [], 1, id="a warning"),
        pytest.param(Severity.ERROR, [], 1, id="an error"),
        pytest.param(Severity.NOTE, ["--fail-on", "note"], 1, id="a note that matters"),
        pytest.param(Severity.WARNING, ["--fail-on", "error"], 0, id="a warning that does not matter"),
    ],
)
def test_exit_code(severity: Severity | None, options: list[str], code: int, outcome: Decide, tmp_path: Path) -> None:
    outcome(_report(*([severity] if severity else [])))
    assert main([str(tmp_path), *options]) == code


def test_a_bad_request_is_a_message_and_a_hint(
    outcome: Decide, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome(UserError("there is no \x1b[2J", "look elsewhere"))
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err == "envcheck: there is no \\x1b[2J\nhint: look elsewhere\n"


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        pytest.param(["--slect", "PIN"], "unrecognized arguments: --slect", "did you mean --select?", id="option"),
        pytest.param(["--format", "xml"], "invalid choice: 'xml'", "see envcheck --help", id="choice"),
        pytest.param(["-q", "-v"], "not allowed with argument", "see envcheck --help", id="contradiction"),
        pytest.param(["list", "things"], "invalid choice: 'things'", "see envcheck list --help", id="kind"),
        pytest.param(["-q", "list", "imports"], "no file or folder list", "envcheck list ...", id="command not first"),
    ],
)
def test_a_bad_command_line_exits_2(  # noqa: PLR0917 - three columns of a table and three fixtures
    words: list[str],
    message: str,
    hint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert message in first
    assert hint in second


def test_a_bug_is_one_line_and_a_report_file(
    outcome: Decide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    outcome(RuntimeError("gears"))
    assert main([str(tmp_path)]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    (crash,) = tmp_path.glob("envcheck-crash-*.txt")
    assert line.endswith(f"(RuntimeError); please report it with {crash}")
    assert "RuntimeError: gears" in crash.read_text()


def test_a_bug_without_a_place_for_its_report_is_still_one_line(
    outcome: Decide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    outcome(RuntimeError("gears"))
    assert main([str(tmp_path)]) == 3
    assert capsys.readouterr().err.endswith("(RuntimeError); a report could not be written\n")


def test_control_c_is_one_quiet_line(tmp_path: Path) -> None:
    waiting = "print('ready', flush=True); import time; time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER.format(body=waiting), str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=30)
    assert (process.returncode, complaint) == (130, "envcheck: interrupted\n")


@pytest.mark.parametrize("options", [[], ["--format", "json"]], ids=["terminal", "json"])
def test_a_closed_pipe_is_quiet(options: list[str], tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER.format(body=LONG), str(tmp_path), "-v", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.read(10)
        process.stdout.close()
        complaint = process.stderr.read() if process.stderr else b""
    assert (process.returncode, complaint) == (141, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
def test_a_full_device_is_a_bad_request(tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", DRIVER.format(body=LONG), str(tmp_path), "-v"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("envcheck: cannot write to standard output: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words", [["--help"], ["check", "--help"], ["list", "-h"], ["explain", "--help"]], ids=" ".join
)
def test_help_has_examples(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    assert "examples:\n  envcheck" in capsys.readouterr().out


def test_the_version_can_be_asked_of_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--version"]) == 0
    assert capsys.readouterr().out.startswith("envcheck 0.")
