"""Ignores that silence nothing are said, and only those of which that is certain."""

from __future__ import annotations

from pathlib import Path

import pytest

from envcheck.engine.check import run_check
from envcheck.model.report import NoticeKind, Report
from envcheck.model.settings import Settings
from envcheck.reporters.base import Look
from envcheck.reporters.catalogue import reporter
from tests.support.environments import build_environment


def checked(folder: Path, text: str, settings: Settings, *paths: str) -> Report:
    build_environment(folder / ".venv", {"distributions": [{"name": "numpy", "version": "1.26.4"}]})
    (folder / "requirements.txt").write_text(text, encoding="utf-8")
    (folder / "a.py").write_text("import numpy\n", encoding="utf-8")
    (folder / "b.py").write_text("import numpy  # envcheck: ignore[COV001]\n", encoding="utf-8")
    return run_check(paths, settings, environ={}, cwd=str(folder))


def unused(report: Report) -> list[str]:
    return [str(notice.place) for notice in report.notices if notice.kind is NoticeKind.UNUSED]


@pytest.mark.parametrize(
    ("line", "settings", "said"),
    [
        pytest.param("numpy  # envcheck: ignore[PIN001]", Settings(), False, id="used"),
        pytest.param("numpy  # envcheck: ignore[PIN]", Settings(), False, id="family used"),
        pytest.param("numpy  # envcheck: ignore", Settings(), False, id="any used"),
        pytest.param("numpy==1.26.4  # envcheck: ignore[PIN001]", Settings(), True, id="unused"),
        pytest.param("numpy==1.26.4  # envcheck: ignore[PIN]", Settings(), True, id="family unused"),
        pytest.param("numpy==1.26.4  # envcheck: ignore", Settings(), True, id="any unused"),
        pytest.param("numpy==1.26.4  # envcheck: ignore[XYZ001]", Settings(), True, id="no such rule"),
        pytest.param("numpy  # envcheck: ignore[PIN001]", Settings(select=("DRF",)), False, id="not asked"),
        pytest.param("numpy==1.26.4  # envcheck: ignore[DRF007]", Settings(), False, id="rule that is off"),
        pytest.param("numpy==1.26.4  # envcheck: ignore[DRF]", Settings(), True, id="family with a rule that is off"),
    ],
)
def test_ignores_in_lines(line: str, settings: Settings, said: bool, tmp_path: Path) -> None:
    report = checked(tmp_path, f"{line}\n", settings)
    assert ("requirements.txt:1" in " ".join(unused(report))) is said


@pytest.mark.parametrize(
    ("globs", "said"),
    [
        pytest.param({"*.txt": ("PIN",)}, False, id="used"),
        pytest.param({"*.txt": ("CON",)}, True, id="other codes"),
        pytest.param({"old/**": ("PIN",)}, True, id="no such file"),
        pytest.param({"*.txt": ("DRF007",)}, False, id="rule that is off"),
    ],
)
def test_globs_of_the_settings(globs: dict[str, tuple[str, ...]], said: bool, tmp_path: Path) -> None:
    report = checked(tmp_path, "numpy\n", Settings(per_file_ignores=globs))
    told = [notice.message for notice in report.notices if notice.message.startswith("per-file-ignores")]
    assert bool(told) is said


def test_of_a_part_of_the_project_only_its_own_ignores_are_judged(tmp_path: Path) -> None:
    settings = Settings(per_file_ignores={"old/**": ("PIN",)})
    report = checked(tmp_path, "numpy==1.26.4  # envcheck: ignore[PIN001]\n", settings, "b.py")
    assert [place.partition(":")[0] for place in unused(report)] == ["b.py"]


def test_what_stands_in_a_string_is_no_ignore(tmp_path: Path) -> None:
    checked(tmp_path, "numpy==1.26.4\n", Settings())
    (tmp_path / "b.py").write_text('TEXT = """\nimport numpy  # envcheck: ignore[COV001]\n"""\n', encoding="utf-8")
    assert unused(run_check((), Settings(), environ={}, cwd=str(tmp_path))) == []


def test_without_an_environment_nothing_is_certain(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("numpy==1.26.4  # envcheck: ignore[DRF001]\n", encoding="utf-8")
    assert unused(run_check((), Settings(), environ={"PATH": ""}, cwd=str(tmp_path))) == []


def test_people_are_told(tmp_path: Path) -> None:
    report = checked(tmp_path, "numpy==1.26.4\n", Settings(per_file_ignores={"old/\x1b[31m**": ("PIN",)}))
    said = reporter("terminal").render(report, Look())
    assert "unused: b.py:1:15: # envcheck: ignore[COV001] silences nothing; remove it\n" in said
    assert "unused: per-file-ignores of old/" in said
    assert "\x1b" not in said
