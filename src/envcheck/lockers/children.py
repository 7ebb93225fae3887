"""A child: started in a session of its own, heard line by line, and gone when we are."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess  # the one room that starts processes; how, is tested  # nosec B404
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from time import monotonic
from typing import IO

from msgspec import Struct

from envcheck.lockers.base import Listener, Run
from envcheck.lockers.causes import cause_of
from envcheck.model.errors import UserError

_KEPT = 5000  # lines; who says more has said the cause near the end
_GRACE = 3.0  # seconds to end by itself
_PAUSE = 0.1  # seconds


class Said(Struct, frozen=True):
    """What a child has left: the lines of both its streams, and what it printed."""

    printed: str
    lines: tuple[str, ...]


def run_child(name: str, words: Sequence[str], *, cwd: str, run: Run, variables: Mapping[str, str]) -> Said:
    """Run a program to its end and return what it said.

    Raises ``UserError`` with the cause, condensed to a line, when it cannot be started, fails, or takes too long.
    Whatever ends the wait (an interrupt too) ends the child and all that it has started.
    """
    environ = {**run.environ, **variables}
    try:
        child = subprocess.Popen(  # noqa: S603 - a list of words, no shell  # nosec B603
            words,
            cwd=cwd,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise UserError(f"{name} cannot be started: {error.strerror or error}", f"it is {words[0]}") from error
    with _ended(child):
        said = _heard(child, run)
    if said is None:
        raise UserError(f"{name} was stopped after {run.seconds:.0f} seconds", "give it longer with --timeout SECONDS")
    if child.returncode:
        cause = cause_of(said.lines) or f"it ended with {child.returncode} and said nothing"
        raise UserError(f"{name} failed: {cause}", "all that it said: -v")
    return said


def _heard(child: subprocess.Popen[bytes], run: Run) -> Said | None:
    """Return what a child says until it ends, or nothing when that takes too long."""
    printed: deque[str] = deque()
    lines: deque[str] = deque(maxlen=_KEPT)

    def hear(stream: IO[bytes], *, is_output: bool) -> None:
        for content in stream:
            line = content.decode("utf-8", "replace")
            if is_output:
                printed.append(line)
            lines.append(line.rstrip())
            _tell(run.listen, line.rstrip())

    ears = [
        threading.Thread(target=hear, args=(stream,), kwargs={"is_output": stream is child.stdout}, daemon=True)
        for stream in (child.stdout, child.stderr)
        if stream is not None
    ]
    for ear in ears:
        ear.start()
    end = monotonic() + run.seconds
    while any(ear.is_alive() for ear in ears) or child.poll() is None:
        if monotonic() > end:
            return None
        ears[0].join(_PAUSE)
        if not ears[0].is_alive():
            ears[1].join(_PAUSE)
    return Said("".join(printed), tuple(lines))


def _tell(listen: Listener, line: str) -> None:
    if line.strip():
        listen(line)


@contextlib.contextmanager
def _ended(child: subprocess.Popen[bytes]) -> Iterator[None]:
    """See to it that neither the child nor anything that it started outlives this block."""
    try:
        yield
    finally:
        for kill in (False, True):
            _signal(child, kill=kill)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(_GRACE)
                break
        for stream in (child.stdout, child.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


def _signal(child: subprocess.Popen[bytes], *, kill: bool) -> None:
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL if kill else signal.SIGTERM)
        elif child.poll() is None:  # Windows: the child alone
            child.kill()
