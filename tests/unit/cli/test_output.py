"""Where results go, and how they look there."""

from __future__ import annotations

import io
import os
import re
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from envcheck.cli.output import deliver, look_of
from envcheck.model.errors import UserError


class Window(io.StringIO):
    """A stream that says it is a terminal, but has no size."""

    def isatty(self) -> bool:
        return True


@pytest.mark.skipif(os.name == "nt", reason="colour depends on the console there")
@pytest.mark.parametrize(
    ("terminal", "color", "environ", "colored"),
    [
        pytest.param(True, "auto", {}, True, id="terminal"),
        pytest.param(False, "auto", {}, False, id="pipe"),
        pytest.param(True, "auto", {"NO_COLOR": "1"}, False, id="NO_COLOR"),
        pytest.param(True, "auto", {"NO_COLOR": ""}, True, id="empty NO_COLOR"),
        pytest.param(False, "auto", {"FORCE_COLOR": "1"}, True, id="FORCE_COLOR"),
        pytest.param(True, "auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, id="both"),
        pytest.param(True, "auto", {"TERM": "dumb"}, False, id="dumb terminal"),
        pytest.param(False, "always", {"NO_COLOR": "1"}, True, id="always"),
        pytest.param(True, "never", {"FORCE_COLOR": "1"}, False, id="never"),
    ],
)
def test_color(terminal: bool, color: str, environ: Mapping[str, str], colored: bool) -> None:
    stream = Window() if terminal else io.StringIO()
    assert look_of(stream, environ=environ, color=color).color is colored


@pytest.mark.parametrize(
    ("stream", "environ", "width"),
    [
        pytest.param(Window(), {"COLUMNS": "80"}, 80, id="window"),
        pytest.param(Window(), {"COLUMNS": "300"}, 120, id="wide window"),
        pytest.param(Window(), {"COLUMNS": "wide"}, 0, id="unknown width"),
        pytest.param(io.StringIO(), {"COLUMNS": "80"}, 0, id="pipe"),
        pytest.param(None, {"COLUMNS": "80"}, 0, id="file"),
    ],
)
def test_width(stream: io.StringIO | None, environ: Mapping[str, str], width: int) -> None:
    assert look_of(stream, environ=environ, color="auto").width == width


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_what_the_output_cannot_express_is_spelled_out(encoding: str) -> None:
    program = "from envcheck.cli.output import deliver; deliver('数 ż \\udcff\\n')"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=True,
    )
    assert done.stdout == "数 ż \udcff\n".encode(encoding, "backslashreplace")


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    deliver("ż\n", str(tmp_path / "report.txt"))
    assert (tmp_path / "report.txt").read_bytes() == "ż\n".encode()
    assert os.listdir(tmp_path) == ["report.txt"]


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_text("old")
    file.chmod(0o640)
    deliver("new", str(file))
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("new", 0o640)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("target")
    deliver("new", str(tmp_path / "link"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "new"


def test_a_device_stays_a_device() -> None:
    before = os.stat(os.devnull).st_mode
    deliver("gone", os.devnull)
    assert os.stat(os.devnull).st_mode == before


def test_a_dash_is_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    deliver("said", "-")
    assert capsys.readouterr().out == "said"


@pytest.mark.parametrize("path", ["missing/report.txt", "folder", "file/report.txt"])
def test_what_cannot_be_written_is_a_bad_request(path: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=re.escape(f"cannot write {tmp_path / path}: ")):
        deliver("text", str(tmp_path / path))
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]
