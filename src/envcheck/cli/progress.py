"""A progress bar for people who wait: only on a terminal, and only when there is something to wait for."""

from __future__ import annotations

import sys
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_PATIENCE = 0.5  # seconds


class PatientProgress:
    """An ``model.progress.Progress`` that draws nothing, and does not load rich, until a run has lasted a while."""

    def __init__(self) -> None:
        self._started = monotonic()
        self._total = 0
        self._done = 0
        self._bar: Bar | None = None

    def start(self, total: int) -> None:
        """Note how much there is to do."""
        self._total = total

    def advance(self, count: int = 1) -> None:
        """Note progress, and draw it once the patience is over."""
        self._done += count
        if self._bar is None and monotonic() - self._started > _PATIENCE:
            self._bar = _drawn_bar(self._total)
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=self._done)

    def finish(self) -> None:
        """Wipe the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _drawn_bar(total: int) -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
        transient=True,
    )
    bar.add_task("reading", total=total)
    bar.start()
    return bar
