"""What a child says, for people who wait: every line when they ask, else one line that shows that it goes on."""

from __future__ import annotations

import sys
from time import monotonic

from envcheck.cli.output import tell
from envcheck.reporters.sanitize import sanitize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rich.status import Status

_PATIENCE = 0.5  # seconds
_LONGEST = 60


class Listening:
    """Hears the lines of a child; on a terminal a spinner shows the last one and for how long it has been going on."""

    def __init__(self, verbosity: int, doing: str = "locking") -> None:
        self._doing = doing
        self._verbosity = verbosity
        self._started = monotonic()
        self._status: Status | None = None
        self._is_seen = verbosity == 0 and sys.stderr is not None and sys.stderr.isatty()
        if self._is_seen:
            self._status = _spinner(doing)

    def hear(self, line: str) -> None:
        """Show a line, or that there was one."""
        if self._verbosity > 0:
            tell(f"{sanitize(line)}\n")
        elif self._status is not None and monotonic() - self._started > _PATIENCE:
            from rich.text import Text

            self._status.update(Text(f"{self._doing}: {sanitize(line).strip()[:_LONGEST]}"))

    def finish(self) -> None:
        """Wipe the spinner away."""
        if self._status is not None:
            self._status.stop()
            self._status = None


def _spinner(doing: str) -> Status:
    from rich.console import Console

    status = Console(file=sys.stderr).status(doing)
    status.start()
    return status
