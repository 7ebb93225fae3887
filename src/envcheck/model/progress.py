"""How the engine tells that it is getting on, without knowing who watches."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """A watcher of a run; every method may be called from the thread that runs the check only."""

    def start(self, total: int) -> None:
        """Note that ``total`` files are to be read."""

    def advance(self, count: int = 1) -> None:
        """Note that ``count`` more files are read."""

    def finish(self) -> None:
        """Note that nothing more will come; harmless when repeated."""
