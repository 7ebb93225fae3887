"""``import envcheck``."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import envcheck
from envcheck.model import errors, findings, report, settings


def test_all_names_are_there_and_documented() -> None:
    documented = [getattr(envcheck, name) for name in envcheck.__all__ if name != "__version__"]
    assert all(inspect.getdoc(thing) for thing in documented)
    assert set(envcheck.__all__) <= set(dir(envcheck))


def test_the_names_are_those_of_the_model() -> None:
    assert envcheck.Report is report.Report
    assert envcheck.Finding is findings.Finding
    assert envcheck.Severity is findings.Severity
    assert envcheck.Settings is settings.Settings
    assert envcheck.UserError is errors.UserError


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'chekc'"):
        envcheck.chekc  # noqa: B018


def test_check_takes_paths_and_settings(
    outcome: Callable[[report.Report | BaseException], None], tmp_path: Path
) -> None:
    expected = report.Report(notebooks=1)
    outcome(expected)
    assert envcheck.check([tmp_path, str(tmp_path)], settings=settings.Settings()) is expected
    assert "envcheck.engine.check" in sys.modules
