"""A check whose outcome the test decides: what the command line makes of it is what is tested here."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from envcheck.model.report import Report


@pytest.fixture
def outcome(monkeypatch: pytest.MonkeyPatch) -> Callable[[Report | BaseException], None]:
    """Return a function that decides what the next check returns or raises."""

    def decide(result: Report | BaseException) -> None:
        def run_check(*args: object, **kwargs: object) -> Report:
            if isinstance(result, BaseException):
                raise result
            return result

        stub = ModuleType("envcheck.engine.check")
        stub.__dict__["run_check"] = run_check
        monkeypatch.setitem(sys.modules, "envcheck.engine.check", stub)

    return decide
