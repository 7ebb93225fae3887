"""``envcheck restore`` with the real pip and uv: what comes of it is as stamped, or nothing."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from msgspec import Struct

from tests.support.interpreters import interpreters, make_venv
from tests.support.wheelhouse import served, write_index

pytestmark = pytest.mark.tools

INDEX = {"alpha 1.0": ("beta>=1",), "beta 1.1": (), "beta 1.2": (), "gamma 2.0": (), "mine 9.9": ()}
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
FULL = ".".join(map(str, sys.version_info[:3]))
TOOLS = ["pip", "uv"]
each_tool = pytest.mark.parametrize("tool", TOOLS)


class World(Struct, frozen=True):
    """An index that has newer versions than are stamped, and variables that lead pip and uv there alone."""

    folder: Path
    url: str
    environ: Mapping[str, str]


class Done(Struct, frozen=True):
    """What a run of envcheck left: its exit code and all that it said."""

    code: int
    said: str


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    write_index(folder, INDEX)
    with served(folder) as url:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_")) and k != "VIRTUAL_ENV"}
        environ = {
            **kept,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": f"{url}/simple/",
            "PIP_NO_CACHE_DIR": "1",
            "UV_CACHE_DIR": str(folder / "uv-cache"),
            "NO_PROXY": "127.0.0.1",
            "COLUMNS": "250",
        }
        yield World(folder, url, environ)


def envcheck(folder: Path, world: World, *words: str | Path, **environ: str) -> Done:
    done = subprocess.run(
        [sys.executable, "-m", "envcheck", *words],
        cwd=folder,
        env={**world.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout + done.stderr)


def notebook(folder: Path, stamp: Mapping[str, object] | None = None, code: str = "import alpha") -> str:
    cell: dict[str, object] = {
        "cell_type": "code",
        "id": "a",
        "source": code,
        "outputs": [],
        "metadata": {},
        "execution_count": None,
    }
    metadata = {"envcheck": {"schema": 1, **stamp}} if stamp is not None else {}
    text = {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    (folder / "eda.ipynb").write_text(json.dumps(text, indent=1) + "\n", encoding="utf-8")
    return "eda.ipynb"


def stamp(**more: object) -> dict[str, object]:
    return {"python": FULL, "packages": {"alpha": "1.0"}, "requires": {"beta": "1.1"}, **more}


def installed(prefix: Path) -> dict[str, str]:
    found = (path.name.removesuffix(".dist-info").rpartition("-") for path in prefix.rglob("*.dist-info"))
    return {name: version for name, _, version in sorted(found)}


PYTHONS = [path for path in interpreters() if path.parent.parent.name.startswith(("3.10", "3.12", "3.13"))][:2]


@each_tool
@pytest.mark.parametrize("python", [Path(sys.executable), *PYTHONS], ids=lambda path: path.parent.parent.name)
def test_what_is_restored_is_as_stamped(tool: str, python: Path, world: World, tmp_path: Path) -> None:
    make_venv(tmp_path / "first", python)
    words = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(tmp_path / "first/bin/python"),
        "install",
        "-q",
        "alpha",
        "beta==1.1",
    ]
    assert subprocess.run(words, env=world.environ, check=False).returncode == 0
    notebook(tmp_path)
    assert envcheck(tmp_path, world, "stamp", "eda.ipynb", "--prefix", "first").code == 0
    done = envcheck(tmp_path, world, "restore", "eda.ipynb", "again", "--with", tool, "--write")
    assert done.code == 0, done.said
    assert "1 of 1 notebook as stamped" in done.said
    assert installed(tmp_path / "again") == {"alpha": "1.0", "beta": "1.1"}
    assert envcheck(tmp_path, world, "verify", "eda.ipynb", "--prefix", "again").code == 0
    same = envcheck(tmp_path, world, "diff", "eda.ipynb", "again", "--format", "json")
    assert same.code == 0, same.said
    code = "import sys, alpha, beta; print(sys.version.split()[0])"
    ran = subprocess.run([tmp_path / "again/bin/python", "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == json.loads(same.said)["before"]["python"]


def test_a_plan_makes_nothing(world: World, tmp_path: Path) -> None:
    notebook(tmp_path, stamp())
    done = envcheck(tmp_path, world, "restore", "eda.ipynb", "again")
    assert done.code == 0
    assert "alpha==1.0" in done.said
    assert "--write makes it" in done.said
    assert not (tmp_path / "again").exists()


@each_tool
def test_a_planted_source_is_refused_until_it_is_allowed(tool: str, world: World, tmp_path: Path) -> None:
    wheel = "simple/alpha/alpha-1.0-py3-none-any.whl"
    digest = hashlib.sha256((world.folder / wheel).read_bytes()).hexdigest()
    source = f"{world.url}/{wheel}#sha256={digest}"
    notebook(tmp_path, stamp(sources={"alpha": source}))
    words = ("restore", "eda.ipynb", "again", "--with", tool, "--write")
    refused = envcheck(tmp_path, world, *words)
    assert refused.code == 2
    assert f"refused: not from an index: alpha @ {source}" in refused.said
    assert not (tmp_path / "again").exists()
    allowed = envcheck(tmp_path, world, *words, "--allow-sources")
    assert allowed.code == 0, allowed.said
    assert installed(tmp_path / "again") == {"alpha": "1.0", "beta": "1.1"}


def test_what_was_local_is_never_taken_from_an_index(world: World, tmp_path: Path) -> None:
    """The index has a distribution of that name: whoever put it there waits for this."""
    notebook(tmp_path, stamp(requires={"beta": "1.1", "mine": "9.9"}, sources={"mine": "local"}))
    done = envcheck(tmp_path, world, "restore", "eda.ipynb", "again", "--write", "--allow-sources")
    assert done.code == 1
    assert "mine 9.9: left out: came from a folder of one machine" in done.said
    assert "9.9, not installed" in done.said
    assert installed(tmp_path / "again") == {"alpha": "1.0", "beta": "1.1"}


@each_tool
def test_what_fails_leaves_nothing(tool: str, world: World, tmp_path: Path) -> None:
    notebook(tmp_path, stamp(requires={"nowhere": "7"}))
    (tmp_path / "empty").mkdir()
    for folder in ("again", "empty"):
        done = envcheck(tmp_path, world, "restore", "eda.ipynb", folder, "--with", tool, "--write")
        assert done.code == 2
        assert f"{tool} failed" in done.said
        assert "nowhere" in done.said
    assert sorted(os.listdir(tmp_path)) == ["eda.ipynb", "empty"]
    assert os.listdir(tmp_path / "empty") == []


@contextmanager
def deaf() -> Iterator[int]:
    """Give the port of an index that takes every call and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_an_interrupt_leaves_nothing(number: int, world: World, tmp_path: Path) -> None:
    notebook(tmp_path, stamp())
    with deaf() as port:
        environ = {**world.environ, "PIP_INDEX_URL": f"http://127.0.0.1:{port}/simple/", "TMPDIR": str(tmp_path)}
        words = [sys.executable, "-m", "envcheck", "restore", "eda.ipynb", "again", "--with", "pip", "--write"]
        running = subprocess.Popen(words, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        end = monotonic() + 60
        while not (tmp_path / "again/bin/python").exists() and monotonic() < end:
            sleep(0.05)
        sleep(1)
        assert (tmp_path / "again/pyvenv.cfg").exists()
        running.send_signal(number)
        _, said = running.communicate(timeout=30)
    assert running.returncode != 0
    assert b"Traceback" not in said
    assert os.listdir(tmp_path) == ["eda.ipynb"]


def test_a_hanging_index_leaves_nothing(world: World, tmp_path: Path) -> None:
    notebook(tmp_path, stamp())
    with deaf() as port:
        words = ("restore", "eda.ipynb", "again", "--write", "--timeout", "4")
        done = envcheck(tmp_path, world, *words, PIP_INDEX_URL=f"http://127.0.0.1:{port}/simple/")
    assert done.code == 2
    assert "was stopped after 4 seconds" in done.said
    assert os.listdir(tmp_path) == ["eda.ipynb"]


def lines_of_lock(world: World, *, right: bool) -> str:
    lines = ["# This file was autogenerated by uv via the following command:\n#    uv pip compile requirements.in\n"]
    for name, version in (("alpha", "1.0"), ("beta", "1.1")):
        wheel = world.folder / f"simple/{name}/{name}-{version}-py3-none-any.whl"
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest() if right else "0" * 64
        lines.append(f"{name}=={version} \\\n    --hash=sha256:{digest}\n    # via -r requirements.in\n")
    return "".join(lines)


@each_tool
def test_a_lock_that_many_notebooks_share_is_installed_by_its_hashes(tool: str, world: World, tmp_path: Path) -> None:
    notebook(tmp_path, {"env": "requirements.txt"})
    words = ("restore", "eda.ipynb", "again", "--with", tool, "--write")
    (tmp_path / "requirements.txt").write_text(lines_of_lock(world, right=False), encoding="utf-8")
    wrong = envcheck(tmp_path, world, *words)
    assert wrong.code == 2, wrong.said
    assert "hash" in wrong.said.lower()
    assert not (tmp_path / "again").exists()
    (tmp_path / "requirements.txt").write_text(lines_of_lock(world, right=True), encoding="utf-8")
    done = envcheck(tmp_path, world, *words)
    assert done.code == 0, done.said
    assert installed(tmp_path / "again") == {"alpha": "1.0", "beta": "1.1"}


def test_a_standard_lock_is_installed(world: World, tmp_path: Path) -> None:
    notebook(tmp_path, {"env": "pylock.toml"})
    lines = ['lock-version = "1.0"', 'created-by = "uv"', f'requires-python = "=={HERE}.*"']
    for name, version in (("alpha", "1.0"), ("beta", "1.1")):
        wheel = f"simple/{name}/{name}-{version}-py3-none-any.whl"
        digest = hashlib.sha256((world.folder / wheel).read_bytes()).hexdigest()
        file = f'{{url = "{world.url}/{wheel}", hashes = {{sha256 = "{digest}"}}}}'
        lines += ["[[packages]]", f'name = "{name}"', f'version = "{version}"', f"wheels = [{file}]"]
    (tmp_path / "pylock.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = envcheck(tmp_path, world, "restore", "eda.ipynb", "again", "--write")
    assert done.code == 0, done.said
    assert installed(tmp_path / "again") == {"alpha": "1.0", "beta": "1.1"}


def test_a_lock_of_another_tool_is_left_to_it(world: World, tmp_path: Path) -> None:
    notebook(tmp_path, {"env": "uv.lock"})
    (tmp_path / "uv.lock").write_text('version = 1\nrequires-python = ">=3.11"\n', encoding="utf-8")
    done = envcheck(tmp_path, world, "restore", "eda.ipynb", "again", "--write")
    assert done.code == 2
    assert "is the lock of uv" in done.said
    assert "uv sync" in done.said


@each_tool
def test_what_twists_installers_is_kept_from_them(tool: str, world: World, tmp_path: Path) -> None:
    """Neither variables nor the settings of a project make it more, less, or elsewhere."""
    notebook(tmp_path, stamp())
    (tmp_path / "constraints.txt").write_text("beta==1.2\n", encoding="utf-8")
    (tmp_path / "more.txt").write_text("gamma\n", encoding="utf-8")
    evil = "http://127.0.0.1:9/simple/"
    (tmp_path / "uv.toml").write_text(f'index-url = "{evil}"\n[pip]\ntarget = "elsewhere"\n', encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(f'[tool.uv]\nindex-url = "{evil}"\n', encoding="utf-8")
    environ = {
        "PIP_TARGET": str(tmp_path / "elsewhere"),
        "PIP_REQUIREMENT": str(tmp_path / "more.txt"),
        "PIP_CONSTRAINT": str(tmp_path / "constraints.txt"),
        "PIP_REQUIRE_HASHES": "1",
        "PIP_USER": "1",
        "UV_CONSTRAINT": str(tmp_path / "constraints.txt"),
        "UV_REQUIRE_HASHES": "1",
        "UV_SYSTEM_PYTHON": "1",
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
    }
    done = envcheck(tmp_path, world, "restore", "eda.ipynb", "again", "--with", tool, "--write", **environ)
    assert done.code == 0, done.said
    assert installed(tmp_path / "again") == {"alpha": "1.0", "beta": "1.1"}
    assert not (tmp_path / "elsewhere").exists()


def test_another_patch_of_python_is_said(world: World, tmp_path: Path) -> None:
    notebook(tmp_path, stamp(python=f"{HERE}.99"))
    done = envcheck(tmp_path, world, "restore", "eda.ipynb", "again", "--write")
    assert done.code == 0, done.said
    assert f"not {HERE}.99" in done.said


def test_a_missing_python_is_named(world: World, tmp_path: Path) -> None:
    notebook(tmp_path, stamp(python="3.98.1"))
    done = envcheck(tmp_path, world, "restore", "eda.ipynb", "again", "--write")
    assert done.code == 2
    assert "Python 3.98 is not here" in done.said
    assert FULL in done.said
