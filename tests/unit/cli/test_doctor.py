from __future__ import annotations

from pathlib import Path

import pytest

from envcheck.cli.main import main


def test_what_deletes_stamps_is_named_with_what_keeps_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text('[tool.nbdev]\nnbs_path = "nbs"\n')
    assert main(["doctor"]) == 1
    assert capsys.readouterr().out == (
        "pyproject.toml:1: nbdev: nbdev-clean keeps only the metadata that it knows; "
        'to keep stamps: allowed_metadata_keys = ["envcheck"] under [tool.nbdev] in pyproject.toml\n'
    )


def test_nothing_to_be_named_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".git").mkdir()
    assert main(["doctor", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "nothing that is set up here deletes stamps\n"


def test_a_path_that_is_not_there_is_a_bad_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", str(tmp_path / "nowhere")]) == 2
    assert "there is no" in capsys.readouterr().err
