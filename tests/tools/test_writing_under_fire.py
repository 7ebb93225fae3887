"""Writers that are killed, and writers that meet: every file is whole, and what the dead left is swept by the next."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.environments import build_environment

pytestmark = pytest.mark.tools

# One process forks all writers, since starting Python 200 times takes a minute. A writer kills itself at a line of
# files.py (``step``), or is killed after a while (``wait``), and says first how many lines there are.
KILLING = """
import io, json, os, signal, sys, time
request = json.load(sys.stdin)
folder, kills = request["folder"], request["kills"]
os.chdir(folder)
import envcheck.engine.writing.files as files
from envcheck.cli.main import main
import envcheck.cli.pin, envcheck.engine.writing.fixing, envcheck.engine.writing.pinning

def replace():
    old, new = request["old"].encode(), request["new"].encode()
    while True:
        files.replace_file(folder, "f", old=old, new=new)
        old, new = new, old

def create():
    while True:
        files.create_file(folder, "f", request["new"].encode())
        os.unlink("f")

def pin():
    sys.stdout = sys.stderr = io.StringIO()
    main(["pin", "--write"])

def counted(frame, event, argument, stop=[0, 0]):
    if frame.f_code.co_filename == files.__file__:
        if event == "line":
            stop[0] += 1
            if stop[0] == stop[1]:
                os.kill(os.getpid(), signal.SIGKILL)
        return counted

def forked(kill):
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        counted.__defaults__[0][1] = kill.get("step", -1)
        sys.settrace(counted if "step" in kill else None)
        {"replace": replace, "create": create, "pin": pin}[request["writer"]]()
        os.write(sending, str(counted.__defaults__[0][0]).encode())
        os._exit(0)
    os.close(sending)
    if "wait" in kill:
        time.sleep(kill["wait"])
        os.kill(child, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with open(receiving) as said:
        return code, int(said.read() or 0)

for kill in kills:
    for name, text in request["before"].items():
        if text is None:
            if os.path.exists(name):
                os.unlink(name)
        else:
            open(name, "w").write(text)
    code, lines = forked(kill)
    there = sorted(os.listdir("."))
    texts = {name: open(name).read() for name in request["before"] if os.path.exists(name)}
    print(json.dumps({"code": code, "lines": lines, "there": there, "texts": texts}), flush=True)
"""
Killed = dict[str, Any]
OLD, NEW = "a" * 100_000, "b" * 150_000


def kill(folder: Path, writer: str, before: dict[str, str | None], kills: list[dict[str, float]]) -> list[Killed]:
    """Return of each killed writer how it ended, what lies in the folder then and what the files hold."""
    request = {"folder": str(folder), "writer": writer, "before": before, "kills": kills, "old": OLD, "new": NEW}
    done = subprocess.run(
        [sys.executable, "-c", KILLING], input=json.dumps(request), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def waits(number: int, longest: float) -> list[dict[str, float]]:
    return [{"wait": longest * index / number} for index in range(number)]


def steps(number: int, last: int) -> list[dict[str, float]]:
    """Return kills at so many lines of the writing module, from the first to the last that a writer reaches."""
    return [{"step": 1 + index * last // number} for index in range(number)]


def ends(killed: list[Killed]) -> int:
    return sum(one["code"] == -9 for one in killed)


def tidy(there: list[str], *known: str) -> bool:
    """Tell whether nothing lies there but what is known and what the last writer left: it swept before it wrote."""
    return len([name for name in there if name not in known]) <= 1


def test_killed_writers_leave_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    killed = kill(tmp_path, "replace", {"f": OLD}, [*waits(100, 0.03), *steps(100, 400)])
    assert ends(killed) == 200
    assert {one["texts"]["f"] for one in killed} == {OLD, NEW}
    assert all(tidy(one["there"], "f") for one in killed)
    assert any(len(one["there"]) > 1 for one in killed)


def test_killed_writers_of_a_new_file_leave_nothing_or_all_of_it(tmp_path: Path) -> None:
    killed = kill(tmp_path, "create", {"f": None}, [*waits(100, 0.03), *steps(100, 400)])
    assert ends(killed) == 200
    assert {one["texts"].get("f") for one in killed} == {None, NEW}
    assert all(tidy(one["there"], "f") for one in killed)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with two files to be pinned."""
    folder = tmp_path / "project"
    names = [f"package-{number}" for number in range(10)]
    distributions = [{"name": name, "version": "1.2.3"} for name in names]
    build_environment(folder / ".venv", {"distributions": distributions})
    for name, text in BEFORE.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    return folder


BEFORE = {
    "requirements.txt": "".join(f"package-{number}  # as it is\n" for number in range(5)),
    "setup.cfg": "[options]\ninstall_requires =\n" + "".join(f"    package-{number}>=1\n" for number in range(5, 10)),
}
AFTER = {
    "requirements.txt": BEFORE["requirements.txt"].replace("  #", "==1.2.3  #"),
    "setup.cfg": BEFORE["setup.cfg"].replace(">=1", "==1.2.3"),
}
KNOWN = (".venv", *BEFORE)
SWEPT = 25
"""So many lines more a writer needs that sweeps what others left."""


def test_pin_that_is_killed_leaves_every_file_as_it_was_or_as_it_is_to_be(project: Path) -> None:
    (whole,) = kill(project, "pin", {**BEFORE}, [{"step": 10_000}])
    assert (whole["code"], whole["texts"]) == (0, AFTER)
    killed = kill(project, "pin", {**BEFORE}, steps(230, whole["lines"] + SWEPT))
    assert ends(killed) >= 200
    seen = {name: {one["texts"][name] for one in killed} for name in BEFORE}
    assert seen == {name: {BEFORE[name], AFTER[name]} for name in BEFORE}
    assert all(len(one["there"]) <= len(KNOWN) + 2 for one in killed)  # one of each file

    left = [name for name in os.listdir(project) if name.endswith(".tmp")]
    report = json.loads(run(project, "--format", "json")[1])
    assert not [finding for finding in report["findings"] if "tmp" in finding["path"]]
    assert report["summary"]["declarations"] == 2, left
    for name, text in BEFORE.items():
        (project / name).write_text(text, encoding="utf-8")
    assert run(project, "pin", "--write")[0] == 0
    assert sorted(os.listdir(project)) == sorted(KNOWN)


def run(project: Path, *words: str) -> tuple[int, str, str]:
    done = started(project, *words)
    out, err = done.communicate()
    return done.returncode, out, err


def started(project: Path, *words: str) -> subprocess.Popen[str]:
    pipe, command = subprocess.PIPE, [sys.executable, "-m", "envcheck", *words]
    return subprocess.Popen(command, cwd=project, stdout=pipe, stderr=pipe, text=True)


MEETINGS = 20


def test_of_two_that_pin_at_once_one_wins_and_the_other_says_so(project: Path) -> None:
    contended = 0
    for _ in range(MEETINGS):
        for name, text in BEFORE.items():
            (project / name).write_text(text, encoding="utf-8")
        both = [started(project, "pin", "--write") for _ in range(2)]
        errors = [each.communicate()[1] for each in both]
        codes = [each.returncode for each in both]
        assert {name: (project / name).read_text(encoding="utf-8") for name in BEFORE} == AFTER, errors
        assert sorted(os.listdir(project)) == sorted(KNOWN)
        assert "10 changes written in 2 files\n" in errors
        loser = next(error for error in errors if error != "10 changes written in 2 files\n")
        assert "Traceback" not in loser
        if sorted(codes) == [0, 0]:
            assert loser == "nothing to change\n"  # it came when all was done
        else:
            assert sorted(codes) == [0, 1]
            assert "is writing here" in loser or "changed since it was read" in loser
            assert "again" in loser  # run it, or check
            contended += 1
    assert contended
