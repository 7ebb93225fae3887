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

    try:
        code = main(owns_process=True)
        for stream in (sys.stdout, sys.stderr):
            _flush(stream)
    except KeyboardInterrupt:  # after the last word
        code = INTERRUPTED
    os._exit(code)


def main(argv: Sequence[str] | None = None, *, owns_process: bool = False) -> int:
    """Run a command line and return the exit code: 0 nothing found, 1 findings, 2 a bad request, 3 a bug.

    What a process does on signals is changed only by who owns it.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        _open_what_was_closed()
        return _say_version() if words in (["--version"], ["-V"]) else _command(words, owns_process=owns_process)
    except KeyboardInterrupt:
        return _stop(owns_process=owns_process)
    except BrokenPipeError:
        from envcheck.cli.output import let_go_of_output

        let_go_of_output()
        return CLOSED_PIPE
    except Exception as error:  # noqa: BLE001 - whatever was not foreseen ends as one line and a report
        return _stop(owns_process=owns_process) if _was_interrupted(error) else _excuse(error)


def _stop(*, owns_process: bool) -> int:
    if owns_process:
        from envcheck.cli.interrupts import be_done

        be_done()
    _complain("interrupted")
    return INTERRUPTED


def _was_interrupted(error: BaseException | None) -> bool:
    """Tell whether an error came of an interrupt, as in a ``finally`` that expects what was not done."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _open_what_was_closed() -> None:
    """Let what is said to a closed stream (``>&-``) go nowhere; else the next file opened would stand in its place."""
    if sys.stdin is None or sys.stdout is None or sys.stderr is None:
        import os

        while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
            pass
        os.close(descriptor)
        nothing = open(os.devnull, "r+", encoding="utf-8")  # noqa: SIM115 - for as long as the process lives
        sys.stdin, sys.stdout, sys.stderr = sys.stdin or nothing, sys.stdout or nothing, sys.stderr or nothing


def _say_version() -> int:
    try:
        sys.stdout.write(f"envcheck {__version__}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        from envcheck.cli.output import let_go_of_output

        let_go_of_output()
        _complain(f"cannot write to standard output: {error.strerror or error}")
        return BAD_REQUEST
    return FOUND_NOTHING


def _command(words: list[str], *, owns_process: bool) -> int:
    if owns_process:
        from envcheck.cli.interrupts import end_when_asked

        end_when_asked()
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
