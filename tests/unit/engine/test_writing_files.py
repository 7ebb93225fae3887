"""A file is replaced whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from envcheck.engine.writing.files import create_file, replace_file
from envcheck.engine.writing.plan import apply
from envcheck.model.changes import Edit
from envcheck.model.errors import UserError

OLD, NEW = b"pandas\n", b"pandas==2.1.4\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_bytes(OLD)
    return path


def test_content_is_replaced_and_nothing_else_is_left(file: Path) -> None:
    replace_file(str(file.parent), file.name, old=OLD, new=NEW)
    assert file.read_bytes() == NEW
    assert os.listdir(file.parent) == [file.name]


def test_mode_stays(file: Path) -> None:
    file.chmod(0o640)
    replace_file(str(file.parent), file.name, old=OLD, new=NEW)
    assert file.stat().st_mode & 0o7777 == 0o640


def test_link_inside_the_project_stays_a_link(file: Path) -> None:
    link = file.parent / "also.txt"
    link.symlink_to(file.name)
    replace_file(str(file.parent), link.name, old=OLD, new=NEW)
    assert link.is_symlink()
    assert file.read_bytes() == NEW


def test_link_out_of_the_project_is_refused(file: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "requirements.txt").symlink_to(file)
    with pytest.raises(UserError, match="leads out of the project"):
        replace_file(str(project), "requirements.txt", old=OLD, new=NEW)
    assert file.read_bytes() == OLD


def test_file_that_changed_meanwhile_is_refused(file: Path) -> None:
    file.write_bytes(b"numpy\n")
    with pytest.raises(UserError, match="changed since it was read"):
        replace_file(str(file.parent), file.name, old=OLD, new=NEW)
    assert file.read_bytes() == b"numpy\n"


def test_file_that_is_gone_is_named(file: Path) -> None:
    file.unlink()
    with pytest.raises(UserError, match="cannot be written: no such file"):
        replace_file(str(file.parent), file.name, old=OLD, new=NEW)


def test_failing_disk_leaves_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match="no space left on device"):
        replace_file(str(file.parent), file.name, old=OLD, new=NEW)
    assert file.read_bytes() == OLD
    assert os.listdir(file.parent) == [file.name]


WRITER = """
import sys
from envcheck.engine.writing.files import create_file, replace_file
old, new = b"a" * 200_000, b"b" * 200_000
while True:
    replace_file(sys.argv[1], "f", old=old, new=new)
    old, new = new, old
"""


def test_whoever_is_killed_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    whole = {b"a" * 200_000, b"b" * 200_000}
    for attempt in range(20):
        for left in tmp_path.iterdir():
            left.unlink()
        (tmp_path / "f").write_bytes(b"a" * 200_000)
        with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stderr=subprocess.DEVNULL) as writer:
            time.sleep(0.12 + attempt * 0.003)
            writer.send_signal(signal.SIGKILL)
        assert (tmp_path / "f").read_bytes() in whole


def test_what_a_killed_writer_left_is_swept_and_what_a_living_one_holds_stays(file: Path) -> None:
    import fcntl

    folder = file.parent
    for left in (".requirements.txt.17.envcheck.tmp", ".requirements.txt.held.envcheck.tmp", ".other.17.envcheck.tmp"):
        (folder / left).touch()
    os.mkfifo(folder / ".requirements.txt.pipe.envcheck.tmp")
    with (folder / ".requirements.txt.held.envcheck.tmp").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        replace_file(str(folder), file.name, old=OLD, new=NEW)
    assert sorted(os.listdir(folder)) == [
        ".other.17.envcheck.tmp",
        ".requirements.txt.held.envcheck.tmp",
        "requirements.txt",
    ]
    assert file.read_bytes() == NEW


def test_of_two_writers_one_wins(file: Path) -> None:
    import fcntl

    with file.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(UserError, match="being written by another process"):
            replace_file(str(file.parent), file.name, old=OLD, new=NEW)
    replace_file(str(file.parent), file.name, old=OLD, new=NEW)
    with pytest.raises(UserError, match="changed since it was read"):
        replace_file(str(file.parent), file.name, old=OLD, new=b"pandas==2.2.0\n")


def test_new_file_is_written_whole_with_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "beside").touch()
    create_file(str(tmp_path), "requirements.txt", NEW)
    assert (tmp_path / "requirements.txt").read_bytes() == NEW
    assert (tmp_path / "requirements.txt").stat().st_mode == (tmp_path / "beside").stat().st_mode
    assert sorted(os.listdir(tmp_path)) == ["beside", "requirements.txt"]


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_nothing_is_written_over_a_file(file: Path, links: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not links:
        monkeypatch.delattr(os, "link")
    with pytest.raises(UserError, match="is there already"):
        create_file(str(file.parent), file.name, NEW)
    assert file.read_bytes() == OLD
    assert os.listdir(file.parent) == [file.name]


def test_new_file_where_no_links_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "link")
    create_file(str(tmp_path), "requirements.txt", NEW)
    assert (tmp_path / "requirements.txt").read_bytes() == NEW


def test_new_file_behind_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "elsewhere").symlink_to(tmp_path)
    with pytest.raises(UserError, match="leads out of the project"):
        create_file(str(tmp_path / "project"), "elsewhere/requirements.txt", NEW)
    assert not (tmp_path / "requirements.txt").exists()


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="two changes"):
        apply("pandas>=2", [Edit(6, 9, "==2"), Edit(8, 9, "3")])


def test_edits_are_made_in_any_order() -> None:
    assert apply("a b c", [Edit(4, 5, "C"), Edit(0, 0, "> "), Edit(2, 3, "")]) == "> a  C"
