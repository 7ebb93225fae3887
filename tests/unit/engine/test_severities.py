"""Severities that a project gives rules itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from envcheck.engine.settings.file import load_settings
from envcheck.engine.telling.severities import weighed
from envcheck.model.errors import UserError
from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.settings import Settings

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE
SETTINGS = """
severity = { PIN = "note", pin002 = "error" }

[per-file-severity]
"teaching/**" = { PIN = "warning" }
"teaching/exam/" = { PIN001 = "error" }
"""


@pytest.mark.parametrize(
    ("code", "path", "severity"),
    [
        pytest.param("DRF001", "a.txt", W, id="not named"),
        pytest.param("PIN001", "a.txt", N, id="family"),
        pytest.param("PIN002", "a.txt", E, id="longest prefix"),
        pytest.param("PIN002", "teaching/a.txt", W, id="file before all"),
        pytest.param("PIN001", "teaching/exam/a.txt", E, id="last glob"),
        pytest.param("PIN002", "teaching/exam/a.txt", W, id="last glob that says something"),
    ],
)
def test_the_nearest_word_counts(code: str, path: str, severity: Severity, tmp_path: Path) -> None:
    (tmp_path / "envcheck.toml").write_text(SETTINGS, encoding="utf-8")
    settings = load_settings(["."], cwd=str(tmp_path))
    (found,) = weighed([Finding(code, "x", W, Place(path), "x")], settings)
    assert found.severity is severity


def test_without_settings_nothing_changes() -> None:
    finding = Finding("PIN001", "x", W, Place("a"), "x")
    assert list(weighed([finding], Settings())) == [finding]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("severity = 'note'", "severity: expected a table of error, warning or note", id="a word"),
        pytest.param("severity = { PIN = 'off' }", "severity: expected a table of error", id="another word"),
        pytest.param("severity = { XYZ = 'note' }", "severity: no rule begins with 'XYZ'", id="unknown rule"),
        pytest.param("per-file-severity = { a = 'note' }", "per-file-severity: expected a table of tables", id="flat"),
        pytest.param(
            "per-file-severity = { a = { XYZ = 'note' } }", "per-file-severity: a: no rule begins", id="unknown there"
        ),
    ],
)
def test_a_mistake_is_named(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "envcheck.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load_settings(["."], cwd=str(tmp_path))
    assert message in caught.value.message


def test_globs_are_seen_from_the_folder_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "sub").mkdir()
    text = 'per-file-severity = { "a.txt" = { PIN = "note" } }'
    (tmp_path / "sub" / "envcheck.toml").write_text(text, encoding="utf-8")
    settings = load_settings(["sub"], cwd=str(tmp_path))
    found = weighed([Finding("PIN001", "x", W, Place(path), "x") for path in ("a.txt", "sub/a.txt")], settings)
    assert [finding.severity for finding in found] == [W, N]
