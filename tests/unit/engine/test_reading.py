"""Whoever reads the sources, and whatever was kept of the last run: the outcome is the same."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from envcheck.engine.reading import cache as caches
from envcheck.engine.reading import workers
from envcheck.engine.reading.cache import Cache, cache_folder, files_in, identity_of
from envcheck.engine.reading.one import Outcome, read_one
from envcheck.engine.reading.sources import FEW, Means, read_sources

COUNT = FEW + 20


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    for number in range(COUNT):
        path = root / f"s{number:03}.py"
        path.write_text(f"import numpy, m{number}\n", encoding="utf-8")
        age(path)
    (root / "gone.py").symlink_to("nowhere.py")
    return root


def age(path: Path) -> None:
    """Let a file be old enough to be kept; only its time of modification can be set."""
    os.utime(path, (1_000_000_000, 1_000_000_000))


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "_RACY", 0)


def paths(project: Path) -> list[str]:
    return sorted(os.listdir(project))


def means(tmp_path: Path, jobs: int = 1) -> Means:
    return Means(jobs, {"ENVCHECK_CACHE_DIR": str(tmp_path / "cache")})


def read(project: Path, means: Means) -> list[tuple[str, Outcome]]:
    return list(read_sources(str(project), paths(project), means))


def plain(project: Path) -> list[tuple[str, Outcome]]:
    return [(path, read_one(str(project), path)) for path in paths(project)]


def imports_of(outcomes: Sequence[tuple[str, Outcome]], name: str) -> list[str]:
    outcome = dict(outcomes)[name]
    assert outcome.reading
    return [use.module for use in outcome.reading.value.imports]


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_workers_and_cache_change_nothing(jobs: int, project: Path, tmp_path: Path) -> None:
    expected = plain(project)
    assert read(project, Means(jobs)) == expected
    assert read(project, means(tmp_path, jobs)) == expected  # cold
    assert read(project, means(tmp_path, jobs)) == expected  # warm


def test_what_is_kept_is_not_read_again(project: Path, tmp_path: Path) -> None:
    expected = read(project, means(tmp_path))
    kept = Cache(str(tmp_path / "cache"), str(project))
    known = [path for path in paths(project) if kept.kept(path, identity_of(str(project / path)))]
    assert known == [path for path, outcome in expected if outcome.reading]


def test_changed_file_of_the_same_size_is_read_again(project: Path, tmp_path: Path) -> None:
    read(project, means(tmp_path))
    path = project / "s007.py"
    path.write_text("import pandas,m7\n", encoding="utf-8")
    age(path)
    assert imports_of(read(project, means(tmp_path)), "s007.py") == ["pandas", "m7"]


def test_file_in_the_place_of_another_is_read_again(project: Path, tmp_path: Path) -> None:
    read(project, means(tmp_path))
    beside = project / "other"
    beside.write_text("import scipy, m8\n", encoding="utf-8")
    age(beside)
    os.replace(beside, project / "s008.py")
    assert imports_of(read(project, means(tmp_path)), "s008.py") == ["scipy", "m8"]


def test_file_of_this_very_moment_is_not_kept(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "_RACY", 10**12)
    read(project, means(tmp_path))
    kept = Cache(str(tmp_path / "cache"), str(project))
    assert not any(kept.kept(path, identity_of(str(project / path))) for path in paths(project))


def test_file_from_the_future_is_not_kept(project: Path, tmp_path: Path) -> None:
    later = time.time() + 10**6
    os.utime(project / "s001.py", (later, later))
    read(project, means(tmp_path))
    kept = Cache(str(tmp_path / "cache"), str(project))
    assert kept.kept("s001.py", identity_of(str(project / "s001.py"))) is None
    assert kept.kept("s002.py", identity_of(str(project / "s002.py")))


def spoil_with_noise(content: bytes) -> bytes:
    return random.Random(7).randbytes(len(content))


def spoil_bits(content: bytes) -> bytes:
    spoiled = bytearray(content)
    for position in range(0, len(spoiled), 97):
        spoiled[position] ^= 0x41
    return bytes(spoiled)


SPOILED = {
    "noise": spoil_with_noise,
    "half of it": lambda content: content[: len(content) // 2],
    "nothing": lambda _: b"",
    "other bits": spoil_bits,
    "another form": lambda _: msgspec.msgpack.encode([2, "", {}]),
    "other readers": lambda content: content.replace(Cache("/", "/")._readers.encode()[:20], b"x" * 20),
    "deep nesting": lambda _: b"\x91" * 100_000,
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED.keys())
def test_spoiled_cache_is_only_slower(spoil: object, project: Path, tmp_path: Path) -> None:
    expected = read(project, means(tmp_path))
    (file,) = (tmp_path / "cache").iterdir()
    file.write_bytes(spoil(file.read_bytes()))  # type: ignore[operator]
    assert read(project, means(tmp_path)) == expected
    assert read(project, means(tmp_path)) == expected


@pytest.mark.parametrize("folder", ["/proc/nowhere", "file/below", ""], ids=["no permission", "a file", "no home"])
def test_no_place_for_a_cache_is_no_fault(folder: str, project: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environ = {"ENVCHECK_CACHE_DIR": str(tmp_path / folder)} if folder else {}
    assert read(project, Means(1, environ)) == plain(project)


def test_cache_is_for_its_owner_alone(project: Path, tmp_path: Path) -> None:
    read(project, means(tmp_path))
    (file,) = (tmp_path / "cache").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700


def test_folder_stays_small(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "_LARGEST", 100_000)
    folder = tmp_path / "cache"
    folder.mkdir()
    for number in range(5):
        old = folder / f"{number}.readings"
        old.write_bytes(b"x" * 40_000)
        os.utime(old, (number, number))
    read(project, means(tmp_path))
    left = {os.path.basename(path) for path, _, _ in files_in(str(folder))}
    assert "4.readings" in left
    assert "0.readings" not in left
    assert len(left) < 5


def test_worker_that_dies_is_made_up_for(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, real = os.getpid(), workers.read_chunk

    def read_chunk(root: str, chunk: Sequence[str]) -> list[bytes]:
        if os.getpid() != ours and "s050.py" in chunk:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(root, chunk)

    read_chunk.__module__, read_chunk.__qualname__ = workers.__name__, "read_chunk"
    monkeypatch.setattr(workers, "read_chunk", read_chunk)
    assert read(project, Means(2)) == plain(project)


def test_runs_at_once_do_not_disturb_each_other(project: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "envcheck", str(project), "--format", "json", "--prefix", sys.prefix]
    environ = {**os.environ, "ENVCHECK_CACHE_DIR": str(tmp_path / "cache")}
    time.sleep(2.1)  # until the files are old enough to be kept
    running = [subprocess.Popen(words, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(6)]
    said = {each.communicate(timeout=120) for each in running}
    assert len(said) == 1
    assert [os.path.splitext(path)[1] for path, _, _ in files_in(str(tmp_path / "cache"))] == [".readings"]


FOLDERS = {
    "own": ({"ENVCHECK_CACHE_DIR": "/own", "HOME": "/home/ada"}, "/own"),
    "XDG": ({"XDG_CACHE_HOME": "/xdg", "HOME": "/home/ada"}, "/xdg/envcheck"),
    "home": ({"HOME": "/home/ada"}, "/home/ada/.cache/envcheck"),
    "none": ({}, ""),
    "relative": ({"XDG_CACHE_HOME": "here"}, ""),
}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep caches elsewhere")
@pytest.mark.parametrize(("environ", "folder"), FOLDERS.values(), ids=FOLDERS.keys())
def test_where_caches_are(environ: dict[str, str], folder: str) -> None:
    assert cache_folder(environ) == folder


@pytest.mark.parametrize(
    ("platform", "environ", "folder"),
    [
        ("darwin", {"HOME": "/Users/ada"}, "/Users/ada/Library/Caches/envcheck"),
        ("win32", {"LOCALAPPDATA": "C:/Users/ada/AppData/Local"}, "C:/Users/ada/AppData/Local/envcheck/Cache"),
    ],
)
def test_where_caches_are_elsewhere(
    platform: str, environ: dict[str, str], folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert cache_folder(environ) == folder
