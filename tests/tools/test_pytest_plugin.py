"""The pytest plug-in as it is installed, with pytest-xdist: the same tests, whoever runs them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.indexes import make_prefix, pip

pytestmark = pytest.mark.tools

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_prefix(tmp_path_factory.mktemp("pytest") / "env")
    pip(folder, os.environ, "install", "-q", "pytest", "pytest-xdist", REPOSITORY)
    return folder


def outcomes(prefix: Path, demo: Path, *words: str) -> tuple[int, list[str]]:
    command = [str(prefix / "bin/python"), "-m", "pytest", "-p", "no:cacheprovider", "-q", "-rA", *words]
    environ = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    done = subprocess.run(command, cwd=demo, env=environ, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert "INTERNALERROR" not in done.stdout + done.stderr
    found = (re.match(r"(PASSED|FAILED) (\S+)", line) for line in lines)
    return done.returncode, sorted(each[0] for each in found if each)


def test_workers_find_what_one_process_finds(prefix: Path, tmp_path: Path) -> None:
    demo = shutil.copytree(REPOSITORY / "fixtures/demo", tmp_path / "demo")
    options = ("--envcheck", "--envcheck-prefix", "env")
    alone = outcomes(prefix, demo, *options)
    assert alone[0] == 1
    assert [line for line in alone[1] if "ipynb" in line] == [
        "FAILED notebooks/01_levels.ipynb::envcheck",
        "FAILED notebooks/02_trend.ipynb::envcheck",
    ]
    assert outcomes(prefix, demo, *options, "-n", "2") == alone
