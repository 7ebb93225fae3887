"""Ctrl-C and SIGTERM end a run the same way: what it has begun to write is taken away, what it has started ends too."""

from __future__ import annotations

import _thread
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn


def end_when_asked() -> None:
    """Let SIGTERM end this process as Ctrl-C does, and Ctrl-C at moments when Python would drop it."""
    signal.signal(signal.SIGTERM, _interrupt)
    sys.unraisablehook = _unraisable


def be_done() -> None:
    """Let nothing interrupt the few steps that are left."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _unraisable(lost: sys.UnraisableHookArgs) -> None:
    """Interrupt again what was interrupted in a destructor or a callback, where Python says so and goes on."""
    if isinstance(lost.exc_value, KeyboardInterrupt):
        _thread.interrupt_main()
    else:
        sys.__unraisablehook__(lost)
