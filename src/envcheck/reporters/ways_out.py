"""What to do where a lock disagrees: both ways, with the commands of its manager."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.model.report import Report
from envcheck.reporters.paint import Line, Style
from envcheck.reporters.sanitize import sanitize


def ways_out(report: Report) -> Iterator[Line]:
    """Yield a line for each lock that a finding speaks of."""
    for lock in report.locks:
        if lock.disagrees:
            yield [
                (Style.PLAIN, f"{sanitize(lock.path)}: "),
                (Style.STRONG, sanitize(lock.follow)),
                (Style.PLAIN, " makes the environment follow it, "),
                (Style.STRONG, sanitize(lock.renew)),
                (Style.PLAIN, " makes it follow the declarations"),
            ]
