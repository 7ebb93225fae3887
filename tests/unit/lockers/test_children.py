"""A child is heard to its end, and neither it nor what it started outlives the wait."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from envcheck.lockers.base import Run
from envcheck.lockers.children import run_child
from envcheck.model.errors import UserError


def child(program: str, tmp_path: Path, *, seconds: float = 30, heard: list[str] | None = None) -> str:
    run = Run(os.environ, seconds, (heard if heard is not None else []).append)
    return run_child("it", [sys.executable, "-c", program], cwd=str(tmp_path), run=run, variables={}).printed


def test_both_streams_are_heard_and_output_is_kept(tmp_path: Path) -> None:
    heard: list[str] = []
    printed = child("import sys; print('out'); print('err', file=sys.stderr); print()", tmp_path, heard=heard)
    assert (printed, sorted(heard)) == ("out\n\n", ["err", "out"])


def test_much_output_does_not_block(tmp_path: Path) -> None:
    assert len(child("import sys; sys.stderr.write('e\\n' * 200000); print('o' * 10**6)", tmp_path)) == 10**6 + 1


def test_failure_has_a_cause(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="it failed: ValueError: no such thing"):
        child("raise ValueError('no such thing')", tmp_path)


def test_silent_failure_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="it ended with 7 and said nothing"):
        child("raise SystemExit(7)", tmp_path)


def test_missing_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="it cannot be started: No such file"):
        run_child("it", ["/nowhere/x"], cwd=str(tmp_path), run=Run({}, 1, print), variables={})


def test_grandchildren_end_with_a_child_that_takes_too_long(tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    grandchild = f"import time\nfor _ in range(300): open({str(alive)!r}, 'a').write('x'); time.sleep(0.05)"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {grandchild!r}])"
    with pytest.raises(UserError, match="stopped after 2 seconds"):
        child(program, tmp_path, seconds=2)
    size = alive.stat().st_size
    time.sleep(0.5)
    assert alive.stat().st_size == size


def test_child_that_ignores_being_told_is_killed(tmp_path: Path) -> None:
    program = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    started = time.monotonic()
    with pytest.raises(UserError, match="stopped"):
        child(program, tmp_path, seconds=1)
    assert time.monotonic() - started < 15
