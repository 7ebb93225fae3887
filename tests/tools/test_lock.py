"""``envcheck lock`` with the real tools, against indexes of this machine: its locks are installed and compared."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import Struct

from tests.support import conda_environments as made
from tests.support.conda_lock_oracle import CondaLockTool
from tests.support.indexes import PASSWORD, USER, Done, configured, guarded, make_prefix, pip
from tests.support.indexes import envcheck as run_envcheck
from tests.support.interpreters import interpreters
from tests.support.wheelhouse import served, write_index

pytestmark = pytest.mark.tools

FIRST = {
    "alpha 1.0": ("beta>=1",),
    "beta 1.1": (),
    "gamma 2.0": ("[fast] delta",),
    "delta 0.5": (),
    "windows-only 1.0": (),
}
LATER = {"alpha 1.1": ("beta>=1",), "beta 1.2": (), "gamma 2.1": ("[fast] delta",), "delta 0.6": ()}
WANTED = "alpha\ngamma[fast]>=2\nwindows-only==1.0 ; sys_platform == 'win32'\n"
INSTALLED = {"alpha": "1.0", "beta": "1.1", "gamma": "2.0", "delta": "0.5"}
NEWEST = {"alpha": "1.1", "beta": "1.2", "gamma": "2.1", "delta": "0.6"}


class World(Struct, frozen=True):
    """An index that asks for a password, and an environment made of what it had before it had more."""

    folder: Path
    prefix: Path
    environ: Mapping[str, str]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    write_index(folder, FIRST)
    with guarded(folder) as host:
        environ = configured(os.environ, folder, f"http://{USER}:{PASSWORD}@{host}/simple/")
        prefix = make_prefix(folder / "env")
        pip(prefix, environ, "install", "-q", "alpha", "gamma[fast]")
        write_index(folder, {**FIRST, **LATER})
        yield World(folder, prefix, environ)


def envcheck(project: Path, world: World, *words: str | Path, **more: str) -> Done:
    return run_envcheck(project, world.environ, *words, **more)


def project(folder: Path, text: str = WANTED, name: str = "requirements.in") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "analysis.py").write_text("import alpha, gamma\n", encoding="utf-8")
    return folder


def versions(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z-]+)==([\d.]+)", path.read_text(encoding="utf-8"), re.MULTILINE))


def installed(prefix: Path, world: World) -> dict[str, str]:
    lines = pip(prefix, world.environ, "list", "--format=freeze", "--exclude", "pip", "--exclude", "setuptools")
    return dict(line.split("==") for line in lines.split())


@pytest.mark.parametrize("tool", ["pip-tools", "uv"])
def test_lock_is_the_environment_that_works(tool: str, world: World, tmp_path: Path) -> None:
    done = envcheck(project(tmp_path), world, "lock", "--prefix", world.prefix, "--with", tool)
    assert done.code == 0, done.said
    assert versions(tmp_path / "requirements.txt") == INSTALLED
    assert envcheck(tmp_path, world, "--locked", "--prefix", world.prefix).code == 0
    assert "is as it would be written" in envcheck(tmp_path, world, "lock", "--prefix", world.prefix).said


@pytest.mark.parametrize("tool", ["pip-tools", "uv"])
def test_upgrade_moves_everything(tool: str, world: World, tmp_path: Path) -> None:
    done = envcheck(project(tmp_path), world, "lock", "--prefix", world.prefix, "--with", tool, "--upgrade")
    assert done.code == 0, done.said
    assert versions(tmp_path / "requirements.txt") == NEWEST
    assert "alpha: locked 1.1, installed 1.0" in done.said


@pytest.mark.parametrize("tool", ["pip-tools", "uv"])
def test_one_may_move_and_the_rest_stays(tool: str, world: World, tmp_path: Path) -> None:
    words = ("lock", "--prefix", world.prefix, "--with", tool, "--upgrade-package", "alpha")
    assert envcheck(project(tmp_path), world, *words).code == 0
    assert versions(tmp_path / "requirements.txt") == {**INSTALLED, "alpha": "1.1"}


def test_lock_installs_with_required_hashes_and_nothing_else_is_found(world: World, tmp_path: Path) -> None:
    assert envcheck(project(tmp_path), world, "lock", "--prefix", world.prefix).code == 0
    fresh = make_prefix(tmp_path / "fresh")
    pip(fresh, world.environ, "install", "-q", "--require-hashes", "-r", tmp_path / "requirements.txt")
    assert installed(fresh, world) == INSTALLED
    done = envcheck(tmp_path, world, ".", "--prefix", fresh)
    assert done.code == 0, done.said


@pytest.mark.parametrize("tool", ["pip-tools", "uv", "pip"])
def test_no_password_and_no_index_gets_out(tool: str, world: World, tmp_path: Path) -> None:
    output = "pylock.toml" if tool == "pip" else "requirements.txt"
    words = ("lock", "-v", "--prefix", world.prefix, "--with", tool, "--output", output)
    done = envcheck(project(tmp_path), world, *words)
    assert done.code == 0, done.said
    text = (tmp_path / output).read_text(encoding="utf-8")
    assert PASSWORD not in text + done.said
    assert tool == "pip" or "127.0.0.1" not in text


@pytest.mark.parametrize("tool", ["uv", "pip"])
def test_standard_lock_has_the_same_versions(tool: str, world: World, tmp_path: Path) -> None:
    words = ("lock", "--prefix", world.prefix, "--with", tool, "--output", "pylock.toml")
    done = envcheck(project(tmp_path), world, *words)
    assert done.code == 0, done.said
    text = (tmp_path / "pylock.toml").read_text(encoding="utf-8")
    assert dict(re.findall(r'name = "([a-z]+)"\nversion = "([\d.]+)"', text)) == INSTALLED
    assert envcheck(tmp_path, world, "--locked", "--prefix", world.prefix).code == 0


def test_password_in_a_requirement_is_not_written(world: World, tmp_path: Path) -> None:
    index = next(line for line in (world.folder / "pip.conf").read_text().splitlines() if "index-url" in line)
    wheel = index.partition("= ")[2].replace("/simple/", "/simple/alpha/alpha-1.0-py3-none-any.whl")
    done = envcheck(project(tmp_path, f"alpha @ {wheel}\n"), world, "lock", "--prefix", world.prefix)
    assert done.code == 2
    assert "would hold a password" in done.said
    assert PASSWORD not in done.said
    assert not (tmp_path / "requirements.txt").exists()


def test_check_needs_no_index(world: World, tmp_path: Path) -> None:
    nowhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:1/", "PIP_RETRIES": "0"}
    asked = ("lock", "--check", "--prefix", world.prefix)
    missing = envcheck(project(tmp_path), world, *asked, **nowhere)
    assert (missing.code, "requirements.txt: is not there" in missing.said) == (1, True)
    assert envcheck(tmp_path, world, "lock", "--prefix", world.prefix).code == 0
    fresh = envcheck(tmp_path, world, *asked, **nowhere)
    assert (fresh.code, fresh.said) == (0, "requirements.txt: is up to date\n")
    project(tmp_path, WANTED + "tzdata\n")
    stale = envcheck(tmp_path, world, *asked, **nowhere)
    assert (stale.code, "tzdata" in stale.said) == (1, True)


def test_project_table_is_locked_with_its_extras(world: World, tmp_path: Path) -> None:
    table = '[project]\nname = "study"\nversion = "1"\ndependencies = ["alpha"]\n[project.optional-dependencies]\n'
    project(tmp_path, f'{table}more = ["delta"]\n', "pyproject.toml")
    done = envcheck(tmp_path, world, "lock", "--prefix", world.prefix, "--extra", "more")
    assert done.code == 0, done.said
    lock = tmp_path / "requirements.lock.txt"
    assert versions(lock) == {"alpha": "1.0", "beta": "1.1", "delta": "0.5"}
    again = envcheck(tmp_path, world, "lock", "--prefix", world.prefix)  # as the header of the lock says
    assert "is as it would be written" in again.said


def test_failure_is_said_in_a_line_and_nothing_is_written(world: World, tmp_path: Path) -> None:
    for tool in ("pip-tools", "uv"):
        done = envcheck(project(tmp_path, "alpha>=9\n"), world, "lock", "--prefix", world.prefix, "--with", tool)
        assert done.code == 2
        assert "alpha>=9" in done.said
        assert len(done.said.splitlines()) == 2
        assert PASSWORD not in done.said
    assert sorted(os.listdir(tmp_path)) == ["analysis.py", "requirements.in"]


def test_older_python_is_left_to_uv(world: World, tmp_path: Path) -> None:
    old = next((python for python in interpreters() if "3.8" in str(python)), None)
    if old is None:
        pytest.skip("no Python 3.8 here")
    prefix = make_prefix(tmp_path / "old", old)
    folder = tmp_path / "project"
    folder.mkdir()
    done = envcheck(project(folder), world, "lock", "--prefix", prefix)
    assert done.code == 0, done.said
    assert "so it is made by uv" in done.said
    assert versions(folder / "requirements.txt") == NEWEST


def test_nothing_of_the_project_is_run(world: World, tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'sprung')!r}, 'w').close()\n"
    for name in ("json", "pip", "piptools", "click", "sitecustomize", "usercustomize", "typing", "setup"):
        (tmp_path / f"{name}.py").write_text(trap, encoding="utf-8")
    for tool in ("pip-tools", "uv", "pip"):
        output = "pylock.toml" if tool == "pip" else f"requirements-{tool}.txt"
        words = ("lock", "requirements.in", "--prefix", world.prefix, "--with", tool, "--output", output)
        done = envcheck(project(tmp_path), world, *words, PYTHONPATH=f"{Path(__file__).parents[2] / 'src'}")
        assert done.code == 0, done.said
    assert not (tmp_path / "sprung").exists()


@contextmanager
def deaf() -> Iterator[int]:
    """Give the port of an index that takes every connection and answers none."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize("tool", ["pip-tools", "uv"])
def test_hanging_child_is_ended(tool: str, world: World, tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / "requirements.txt").write_text("# kept\n", encoding="utf-8")
    with deaf() as port:
        words = ("lock", "--prefix", world.prefix, "--with", tool, "--timeout", "3", "--output", "requirements-x.txt")
        conf = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": f"http://127.0.0.1:{port}/simple/"}
        done = envcheck(tmp_path, world, *words, **conf)
    assert done.code == 2
    assert "was stopped after 3 seconds" in done.said
    assert sorted(os.listdir(tmp_path)) == ["analysis.py", "requirements.in", "requirements.txt"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_interrupt_ends_the_child_too(number: int, world: World, tmp_path: Path) -> None:
    project(tmp_path)
    with deaf() as port:
        environ = {
            **world.environ,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": f"http://127.0.0.1:{port}/simple/",
            "TMPDIR": str(tmp_path),
            "ENVCHECK_TEST_MARK": str(tmp_path),
        }
        words = [sys.executable, "-m", "envcheck", "lock", "--prefix", str(world.prefix), "requirements.in"]
        running = subprocess.Popen(words, cwd=tmp_path, env=environ, stderr=subprocess.PIPE, text=True)
        until(lambda: len(marked(tmp_path)) > 1)
        running.send_signal(number)
        _, said = running.communicate(timeout=30)
    assert (running.returncode, said) == (130, "envcheck: interrupted\n")
    assert marked(tmp_path) == []
    assert sorted(os.listdir(tmp_path)) == ["analysis.py", "requirements.in"]


def until(holds: object) -> None:
    for _ in range(200):
        if holds():  # type: ignore[operator]
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to pass")


def marked(folder: Path) -> list[str]:
    """Return the processes that a run in a folder has started, itself among them."""
    mark = f"ENVCHECK_TEST_MARK={folder}".encode()
    return [entry.name for entry in Path("/proc").iterdir() if entry.name.isdecimal() and mark in environ_of(entry)]


def environ_of(entry: Path) -> bytes:
    try:
        return (entry / "environ").read_bytes()
    except OSError:
        return b""


def test_conda_lock_that_is_made_is_what_is_installed(
    world: World, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    pytest.importorskip("rattler")
    assert request.config.cache
    tool = CondaLockTool(request.config.cache.mkdir("conda-lock-4.0.3"))
    made.write_channels(tmp_path)
    made.write_wheels(tmp_path / "simple")
    folder = tmp_path / "project"
    folder.mkdir()
    with served(tmp_path) as url:
        text = f"channels:\n  - {(tmp_path / 'forge').as_uri()}\nplatforms: [linux-64]\n"
        text += f"pip-repositories:\n  - {url}/simple\n"
        text += f"allow-pypi-requests: false\ndependencies:\n  - python={made.PYTHON}\n  - alpha=1.2\n  - pip\n"
        (folder / "environment.yml").write_text(f"{text}  - pip:\n    - demo-lib==1.4\n", encoding="utf-8")
        path = f"{tool.programs}{os.pathsep}{os.environ['PATH']}"
        words = ("lock", "--conda", tool.conda)
        done = envcheck(folder, world, *words, PATH=path)
        assert done.code == 0, done.said
        assert sorted(os.listdir(folder)) == ["conda-lock.yml", "environment.yml"]
        prefix = tmp_path / "prefix"
        tool.install(folder, prefix, "--force-platform", "linux-64")
    assert envcheck(folder, world, "--locked", "--prefix", prefix).code == 0
    assert envcheck(folder, world, "lock", "--check", "--prefix", prefix).code == 0


def test_missing_solver_is_named(world: World, tmp_path: Path) -> None:
    (tmp_path / "environment.yml").write_text("dependencies:\n  - numpy\n", encoding="utf-8")
    done = envcheck(tmp_path, world, "lock", PATH="/usr/bin:/bin", CONDA_EXE="", MAMBA_EXE="")
    assert done.code == 2
    assert "conda-lock is not installed; install envcheck-nb[conda]" in done.said.replace("\nhint: ", "; ")
