"""Every requirements file of real repositories says to us what it says to pip."""

from __future__ import annotations

from pathlib import Path

import pytest

from envcheck.gather.declarations import requirements_txt
from tests.support.pip_reading import by_pip, by_us

pytestmark = pytest.mark.corpus


def test_files_say_what_they_say_to_pip(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [p for p in sorted(corpus.rglob("*")) if p.is_file() and requirements_txt.claims(p.as_posix())]
    assert len(files) >= 14
    for file in files:
        monkeypatch.chdir(file.parent)
        ours, theirs = by_us(file), by_pip(file)
        assert theirs.stopped == ""
        assert ours.refused == theirs.refused, file
        assert ours.requirements == theirs.requirements, file
