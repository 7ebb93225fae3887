"""Where text goes and how it may look there."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, BinaryIO, TextIO

from envcheck.model.errors import UserError
from envcheck.reporters.base import Look

if TYPE_CHECKING:
    from envcheck.engine.writing.fixing import Outcome
    from envcheck.model.findings import Finding

_WIDEST = 120  # longer lines are hard to read, however wide the window is


def look_of(stream: TextIO | None, *, environ: Mapping[str, str], color: str, verbosity: int = 0) -> Look:
    """Return how text shall look on a stream (``None`` for a file): ``color`` is ``auto``, ``always`` or ``never``."""
    terminal = stream is not None and stream.isatty()
    return Look(
        width=columns(stream, environ) if terminal else 0,
        color=color == "always" or (color == "auto" and _wants_color(environ, terminal=terminal)),
        verbosity=verbosity,
    )


def columns(stream: TextIO | None, environ: Mapping[str, str]) -> int:
    """Return how wide lines may be on a stream, 0 when that cannot be told."""
    if environ.get("COLUMNS", "").isdecimal():
        return min(int(environ["COLUMNS"]), _WIDEST)
    try:
        return min(os.get_terminal_size(stream.fileno()).columns, _WIDEST) if stream else 0
    except (OSError, ValueError):
        return 0


def _wants_color(environ: Mapping[str, str], *, terminal: bool) -> bool:
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    # the console of Windows before its Terminal shows escape sequences as they are
    understood = os.name != "nt" or "WT_SESSION" in environ or "TERM" in environ
    return terminal and understood and environ.get("TERM") != "dumb"


def deliver(text: str, path: str = "") -> None:
    """Write text to a file, or to standard output when the path is empty or ``-``.

    What the encoding of the output cannot express is spelled out. Raises ``UserError`` when nothing can be written.
    """
    if path in ("", "-"):
        _say(text)
        return
    try:
        _replace(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        hint = "name a file in a folder that exists and that you may write to"
        raise UserError(f"cannot write {path}: {error.strerror or error}", hint) from error


def append(text: str, path: str) -> None:
    """Add text to the end of a file that others write to as well. Raises ``UserError`` when that cannot be done."""
    try:
        with open(path, "ab") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror or error}", "it must be a file to add to") from error


def say_outcome(outcome: Outcome, *, written: bool, unread: Iterable[Finding] = ()) -> None:
    """Say on standard error what was or would be done to files: standard output belongs to diffs and reports.

    ``unread`` is what no report says that follows.
    """
    from envcheck.reporters.outcome import lines
    from envcheck.reporters.sanitize import sanitize

    said = [
        *(f"envcheck: {sanitize(f'{finding.place}: {finding.message}')}" for finding in unread),
        *lines(outcome.rewritings, outcome.refusals, written=written),
        *(f"envcheck: {reason}" for reason in outcome.failed),
    ]
    said += [f"envcheck: {path}: the change did not help, so the file is as it was" for path in outcome.undone]
    tell("".join(f"{line}\n" for line in said))


def tell(text: str) -> None:
    """Write text to standard error; what its encoding cannot express is spelled out, and nobody need be listening."""
    encoding = sys.stderr.encoding or "utf-8"
    with contextlib.suppress(OSError):
        sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stderr.flush()


def _say(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    content = text.encode(encoding, "backslashreplace")
    try:
        if hasattr(sys.stdout, "buffer"):
            _write_all(sys.stdout.buffer, content)
        else:
            sys.stdout.write(content.decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        let_go_of_output()
        raise UserError(f"cannot write to standard output: {error.strerror or error}") from error


def _write_all(stream: BinaryIO, content: bytes) -> None:
    """Write everything, or raise: under ``python -u`` a stream is raw, and its text layer drops what did not fit."""
    rest = memoryview(content)
    while rest:
        rest = rest[stream.write(rest) :]


def let_go_of_output() -> None:
    """Point a broken standard output at nothing, so that Python's own flush at exit does not complain."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)


def _replace(path: str, content: bytes) -> None:
    """Put content in place of a file in one step; a device or pipe is written to as it is."""
    target = os.path.realpath(path)
    if os.path.exists(target) and not os.path.isfile(target):
        with open(target, "wb") as stream:
            stream.write(content)
        return
    beside = f"{target}.{os.getpid()}.tmp"
    try:
        with open(beside, "xb") as file:
            file.write(content)
        if os.path.exists(target):
            os.chmod(beside, os.stat(target).st_mode & 0o7777)
        os.replace(beside, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise
