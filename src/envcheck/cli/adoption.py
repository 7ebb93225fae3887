"""What projects with old findings ask for: to be told only what is new."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import TYPE_CHECKING

from envcheck.cli.output import deliver, tell
from envcheck.model.errors import UserError

if TYPE_CHECKING:
    from envcheck.model.report import Report
    from envcheck.model.settings import Settings


def adopted(report: Report, settings: Settings, options: SimpleNamespace) -> Report:
    """Return a report of what is new: not in the baseline, on changed lines, changed since the stamps, as asked for."""
    if settings.baseline:
        from envcheck.engine.telling.baseline import Seen, accept, read_baseline

        report = accept(Seen(report, os.getcwd(), settings), read_baseline(settings.baseline))
    if options.diff_base:
        from envcheck.engine.telling.since import only_changed

        report = only_changed(report, options.diff_base, folder=os.getcwd(), environ=os.environ)
    if options.since_stamp:
        from envcheck.engine.telling.stamped import only_since_stamps

        report = only_since_stamps(report, options.paths, settings, environ=os.environ, cwd=os.getcwd())
    return report


def write_baseline(report: Report, settings: Settings, asked: str) -> int:
    """Write what a run has found as the baseline, say so on standard error, and return the exit code.

    Raises ``UserError`` when the file is there and is no baseline: what was written instead of a path is not lost.
    """
    from envcheck.engine.telling.baseline import DEFAULT, Seen, read_baseline, written
    from envcheck.reporters.sanitize import sanitize
    from envcheck.reporters.wording import counted

    path = os.path.join(os.getcwd(), asked or settings.baseline or DEFAULT)
    if os.path.isdir(path):
        raise UserError(f"{path} is a folder", "name a file: --baseline FILE")
    old = read_baseline(path) if os.path.exists(path) else None
    deliver(written(Seen(report, os.getcwd(), settings), path, old), path)
    shown = sanitize(os.path.relpath(path))
    use = "" if path == settings.baseline else f"; use it with --baseline {shown}"
    tell(f"envcheck: {counted(len(report.findings), 'finding')} written to {shown}{use}\n")
    return 0
