"""What the README shows is what the command prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from envcheck.cli.main import main


def block_after(readme: str, mark: str) -> str:
    found = re.search(re.escape(mark) + r"\n```[a-z]*\n(.*?)```", readme, re.DOTALL)
    assert found is not None, mark
    return found[1]


def test_help_is_the_real_one(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    main(["--help"])
    assert (
        block_after((repository / "README.md").read_text(encoding="utf-8"), "<!-- help -->") == capsys.readouterr().out
    )


def test_demo_output_is_the_real_one(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    main(["fixtures/demo"])
    assert capsys.readouterr().out in (repository / "README.md").read_text(encoding="utf-8")
