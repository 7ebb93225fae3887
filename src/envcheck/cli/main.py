"""argv → exit code: the one room that knows what a process owes its caller.

Nothing is imported before it is needed: ``envcheck --version`` is to be as quick as Python itself.
"""

from __future__ import annotations

import sys

from envcheck import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn, TextIO

FOUND_NOTHING, FOUND_SOMETHING, BAD_REQUEST, BUG = 0, 1, 2, 3
INTERRUPTED, CLOSED_PIPE = 130, 141  # what a shell reports for a process that SIGINT or SIGPIPE ended

_PATIENCE = 50_000
"""Objects between two searches for garbage; Python's 700 make for a hundred searches that find nothing."""


def run() -> NoReturn:
    """Run the command line of this process, and end it.

    Taking everything apart that was read, piece by piece, costs a tenth of a run; the system does it at once.
    """
    import os

    code = main()
    for stream in (sys.stdout, sys.stderr):
        _flush(stream)
    os._exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return the exit code: 0 nothing found, 1 findings, 2 a bad request, 3 a bug."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if words in (["--version"], ["-V"]):
            sys.stdout.write(f"envcheck {__version__}\n")
            sys.stdout.flush()
            return FOUND_NOTHING
        return _command(words)
    except KeyboardInterrupt:
        _complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        from envcheck.cli.output import let_go_of_output

        let_go_of_output()
        return CLOSED_PIPE
    except Exception as error:  # noqa: BLE001 - whatever was not foreseen ends as one line and a report
        return _excuse(error)


def _command(words: list[str]) -> int:
    import gc

    from envcheck.cli.arguments import run
    from envcheck.model.errors import UserError

    # What is read is kept to the end, and hardly anything of it refers to itself.
    gc.set_threshold(_PATIENCE)
    try:
        return run(words)
    except UserError as error:
        from envcheck.reporters.sanitize import sanitize

        _complain(sanitize(error.message))
        if error.hint:
            _complain(sanitize(error.hint), prefix="hint")
        return BAD_REQUEST


def _excuse(error: Exception) -> int:
    from envcheck.cli.crash import write_crash_report
    from envcheck.reporters.sanitize import sanitize

    where = write_crash_report(error)
    kept = f"; please report it with {where}" if where else "; a report could not be written"
    _complain(sanitize(f"this is a bug in envcheck, not in your project ({type(error).__name__}){kept}"))
    return BUG


def _flush(stream: TextIO | None) -> None:
    try:
        if stream is not None:
            stream.flush()
    except (OSError, ValueError):
        pass  # nobody listens


def _complain(text: str, *, prefix: str = "envcheck") -> None:
    if sys.stderr is None:
        return
    try:
        encoding = sys.stderr.encoding or "utf-8"
        sys.stderr.write(f"{prefix}: {text}\n".encode(encoding, "backslashreplace").decode(encoding))
        sys.stderr.flush()
    except OSError:
        pass  # nobody listens
