"""Whole runs that something happens to: interrupted at any moment, many at once, on a full disk, with nobody listening.

No traceback reaches anybody, and nothing is left behind.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.support.environments import build_environment

pytestmark = [pytest.mark.tools, pytest.mark.skipif(os.name == "nt", reason="signals and descriptors of POSIX")]

ENVCHECK = [sys.executable, "-m", "envcheck"]

# One process that has everything loaded forks a run for each moment, and the run interrupts itself at its n-th call.
INTERRUPTING = """
import json, os, signal, sys
request = json.load(sys.stdin)
os.chdir(request["folder"])
import envcheck.cli.main as entrance
import envcheck.cli.check, envcheck.cli.pin, envcheck.engine.check, envcheck.reporters.concise, envcheck.cli.interrupts

def forked(at):
    receiving, sending = os.pipe()
    out, err = (os.open(os.path.join(request["outside"], name), os.O_RDWR | os.O_CREAT | os.O_TRUNC)
                for name in ("out", "err"))
    child = os.fork()
    if child == 0:
        os.dup2(out, 1)
        os.dup2(err, 2)
        sys.argv[1:] = request["words"]
        calls = 0
        def count(frame, event, argument):
            nonlocal calls
            if event == "call":
                calls += 1
                if calls == at:
                    signal.raise_signal(request["signal"])
        real = os._exit
        def end(code):
            sys.setprofile(None)
            os.write(sending, str(calls).encode())
            real(code)
        os._exit = end
        real_main = entrance.main
        def main(**given):
            sys.setprofile(count)
            return real_main(**given)
        entrance.main = main
        entrance.run()
    os.close(sending)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    said = b"".join(os.pread(stream, 10**6, 0) for stream in (out, err)).decode("utf-8", "replace")
    with open(receiving) as counted:
        calls = int(counted.read() or 0)
    os.close(out)
    os.close(err)
    return code, calls, said

for at in request["moments"]:
    for name, text in request["before"].items():
        open(name, "w").write(text)
    code, calls, said = forked(at)
    texts = {name: open(name).read() for name in request["before"]}
    there = sorted(os.listdir("."))
    print(json.dumps({"code": code, "calls": calls, "said": said, "there": there, "texts": texts}), flush=True)
"""
BEFORE = {"requirements.txt": "pandas\nnumpy\n", "eda.py": "import pandas, numpy\n"}
PINNED = "pandas==2.1.4\nnumpy==1.26.4\n"
MOMENTS = 25


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    distributions = [{"name": "pandas", "version": "2.1.4"}, {"name": "numpy", "version": "1.26.4"}]
    build_environment(folder / ".venv", {"distributions": distributions})
    for name, text in BEFORE.items():
        (folder / name).write_text(text, encoding="utf-8")
    (tmp_path / "temporary").mkdir()
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setenv("ENVCHECK_CACHE_DIR", str(tmp_path / "cache"))
    return folder


def interrupted(project: Path, words: list[str], number: int, moments: list[int]) -> list[dict[str, object]]:
    request = {
        "folder": str(project),
        "outside": str(project.parent),
        "words": words,
        "signal": number,
        "moments": moments,
        "before": BEFORE,
    }
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTING], input=json.dumps(request), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("words", [["."], ["pin", "--write"], ["--format", "concise:report.txt"]], ids=" ".join)
def test_interrupted_anywhere_a_run_says_so_and_leaves_nothing(words: list[str], number: int, project: Path) -> None:
    (whole,) = interrupted(project, words, number, [0])
    calls = int(str(whole["calls"]))
    assert whole["code"] in (0, 1), whole
    before = sorted([*BEFORE, ".venv"])
    codes: Counter[object] = Counter()
    # Not the first call, which is the run itself, nor the last ones, when all has been said.
    moments = [2 + (calls - 10) * index // MOMENTS for index in range(MOMENTS)]
    for run in interrupted(project, words, number, moments):
        said = str(run["said"])
        assert "Traceback" not in said
        assert "bug in envcheck" not in said
        assert run["there"] in (before, sorted([*before, "report.txt"]))
        texts = run["texts"]
        assert isinstance(texts, dict)
        assert texts["requirements.txt"] in (BEFORE["requirements.txt"], PINNED)
        codes[run["code"]] += 1
        if run["code"] == 130:
            assert said.endswith("envcheck: interrupted\n"), run
        (project / "report.txt").unlink(missing_ok=True)
    assert codes[130] + (codes[-number] == 1) == MOMENTS, codes  # SIGTERM is the system's until we hear it
    assert os.listdir(project.parent / "temporary") == []


def big(project: Path, count: int = 400) -> None:
    for number in range(count):
        (project / f"s{number:03}.py").write_text("import numpy, pandas\n" * 20, encoding="utf-8")


def started(project: Path, *words: str) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*ENVCHECK, *words], cwd=project, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    )


def members(group: int) -> list[int]:
    """Return the processes of a group that live."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                state, _, its = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[:3]
            except OSError:
                continue
            if int(its) == group and state != "Z":
                found.append(int(entry.name))
    return found


def until(holds: object, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="it looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_no_worker_outlives_the_run_that_started_it(number: signal.Signals, project: Path) -> None:
    big(project)
    with_workers = 0
    for index in range(12):
        running = started(project, ".", "--jobs", "3", "--no-cache")
        with_workers += until(lambda run=running: len(members(run.pid)) > 1 or run.poll() is not None)
        time.sleep(index * 0.01)
        if number is signal.SIGINT:
            os.killpg(running.pid, number)  # as a terminal does
        else:
            running.send_signal(number)
        _, said = running.communicate(timeout=30)
        assert "Traceback" not in said
        assert said in ("", "envcheck: interrupted\n")
        assert running.returncode in ({-9, 1} if number is signal.SIGKILL else {130, 1})
        assert until(lambda pid=running.pid: members(pid) == []), "orphans"
    assert with_workers
    assert os.listdir(project.parent / "temporary") == []


def test_ten_runs_at_once_say_the_same(project: Path) -> None:
    big(project)
    running = [started(project, ".", "--format", "json", "--jobs", "2") for _ in range(10)]
    said = {each.communicate(timeout=200) for each in running}
    assert len(said) == 1
    assert {each.returncode for each in running} == {1}
    assert not list((project.parent / "cache").glob("*.tmp"))


def test_files_that_come_and_go_are_no_bug(project: Path) -> None:
    big(project, 200)
    (project / "deep" / "deeper").mkdir(parents=True)
    running = [started(project, ".", "--no-cache", "--jobs", jobs) for jobs in ("1", "2", "1")]
    end = time.monotonic() + 60
    while any(each.poll() is None for each in running) and time.monotonic() < end:
        for number in range(0, 200, 3):
            path = project / f"s{number:03}.py"
            path.unlink(missing_ok=True)
            path.with_suffix("").mkdir(exist_ok=True)
            path.with_suffix("").rmdir()
            path.write_text("import numpy\n", encoding="utf-8")
        (project / "deep" / "deeper").rmdir()
        (project / "deep" / "deeper").mkdir()
    for each in running:
        _, said = each.communicate(timeout=60)
        assert (each.returncode, said) == (1, "")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param("--version", 0, id="version"),
        pytest.param("--help", 0, id="help"),
        pytest.param("explain PIN001", 0, id="explain"),
        pytest.param("list imports .", 0, id="list"),
        pytest.param("cache info", 0, id="cache"),
        pytest.param("pin", 1, id="pin"),
        pytest.param("init", 2, id="init"),
        pytest.param(".", 1, id="check"),
        pytest.param("--format json", 1, id="json"),
        pytest.param("nowhere", 2, id="bad request"),
    ],
)
def test_closed_streams_change_nothing_but_what_is_said(words: str, code: int, closed: str, project: Path) -> None:
    command = f"exec {sys.executable} -m envcheck {words} {closed}"
    done = subprocess.run(["sh", "-c", command], cwd=project, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert os.listdir(project.parent / "temporary") == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full disk at hand")
@pytest.mark.parametrize("words", ["--version", "--help", "explain PIN001", "pin", ".", "--format json"])
def test_full_disk_behind_the_output_is_said(words: str, project: Path) -> None:
    command = f"exec {sys.executable} -m envcheck {words} > /dev/full"
    done = subprocess.run(["sh", "-c", command], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "cannot write to standard output: No space left on device" in done.stderr


# A disk that is full at so many bytes: the limit of the size of files is the one that needs no file system of its own.
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
from envcheck.cli.main import run
run()
"""


@pytest.mark.parametrize("words", [["pin", "--write"], ["--format", "json:report.json"]], ids=" ".join)
@pytest.mark.parametrize("limit", [0, 10])
def test_full_disk_leaves_every_file_as_it_was(words: list[str], limit: int, project: Path) -> None:
    command = [sys.executable, "-B", "-c", LIMITED, str(limit), *words]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode in (1, 2), done.stderr
    assert "Traceback" not in done.stderr
    assert "cannot" in done.stderr
    assert {name: (project / name).read_text(encoding="utf-8") for name in BEFORE} == BEFORE
    assert sorted(os.listdir(project)) == sorted([*BEFORE, ".venv"])


def test_clock_that_jumps_changes_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    big(project, 150)
    said = set()
    for year in (1971, 2200, 1990, 2026):
        at = time.mktime((year, 1, 1, 0, 0, 0, 0, 1, 0))
        for path in project.glob("s*.py"):
            os.utime(path, (at, at))
        done = subprocess.run(
            [*ENVCHECK, ".", "--format", "json"], cwd=project, capture_output=True, text=True, check=False
        )
        said.add((done.returncode, done.stdout, done.stderr))
    assert len(said) == 1
