"""What ``stamp`` and ``unstamp`` have in common: write, check or show, and say what came of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from types import SimpleNamespace
from typing import TYPE_CHECKING

from msgspec.structs import replace

from envcheck.cli.output import deliver, look_of, tell

if TYPE_CHECKING:
    from envcheck.model.stampings import Stamping


def carry_out(stampings: Iterable[Stamping], root: str, options: SimpleNamespace) -> int:
    """Write what is to be written below ``root``, unless it is to be checked or shown, and return the exit code."""
    from envcheck.engine.stamping.trust import Trust
    from envcheck.engine.stamping.writing import written
    from envcheck.model.stampings import Outcome
    from envcheck.reporters.stampings import render

    is_rehearsal, trust, said, is_undone = options.check or options.diff, Trust(os.environ), [], False
    for stamping in stampings:
        done = stamping if is_rehearsal else written(root, stamping, trust)
        is_undone = is_undone or done.outcome is Outcome.REFUSED or (options.check and done.is_to_write)
        if options.diff and done.is_to_write:
            _show(done, options)
        said.append(replace(done, old=b"", new=b""))
    look = look_of(sys.stderr, environ=os.environ, color=options.color, verbosity=options.verbosity)
    text = render(said, look, written=not is_rehearsal)
    tell(text)
    return int(is_undone)


def _show(stamping: Stamping, options: SimpleNamespace) -> None:
    from envcheck.reporters.diff import render

    look = look_of(sys.stdout, environ=os.environ, color=options.color)
    before, after = (data.decode("utf-8", "replace") for data in (stamping.old, stamping.new))
    deliver(render(stamping.path, before, after, look))
