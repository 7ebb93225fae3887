"""The progress bar."""

from __future__ import annotations

import io
import sys

import pytest

from envcheck.cli import progress
from envcheck.cli.progress import PatientProgress


class Window(io.StringIO):
    """A terminal that remembers."""

    def isatty(self) -> bool:
        return True


def _run(watcher: PatientProgress) -> None:
    watcher.start(10)
    for _ in range(10):
        watcher.advance()
    watcher.finish()
    watcher.finish()


def test_a_quick_run_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    window = Window()
    monkeypatch.setattr(sys, "stderr", window)
    _run(PatientProgress())
    assert window.getvalue() == ""


def test_a_run_that_lasts_draws_a_bar_and_wipes_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    window = Window()
    monkeypatch.setattr(sys, "stderr", window)
    monkeypatch.setattr(progress, "_PATIENCE", -1)
    _run(PatientProgress())
    assert "10/10" in window.getvalue()
    assert window.getvalue().rstrip().endswith("\x1b[2K")
