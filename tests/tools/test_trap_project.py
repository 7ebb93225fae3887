"""Nothing of what is checked runs: a project and an environment in which everything that can be run is a trap.

Each trap leaves a file in the folder of marks when it is run. A check must leave none.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.environments import build_environment

pytestmark = pytest.mark.tools

ENVCHECK = [str(Path(sys.executable).with_name("envcheck"))]
AS_MODULE = [sys.executable, "-m", "envcheck"]
MODULES = "setup conftest helpers noxfile sitecustomize usercustomize json ast argparse yaml tomli packaging".split()
PROGRAMS = "python python3 pip conda mamba jupyter git uv sh ldconfig uname".split()

REQUESTS = [
    ["."],
    ["--python", ".venv/bin/python"],
    ["--prefix", ".venv"],
    ["list", "imports"],
    ["list", "requirements"],
    ["list", "distributions", "--python", ".venv/bin/python"],
    ["--python", "./trapped-python"],
    ["explain", "PIN001"],
    ["--locked", "--table"],
    ["pin"],
    ["init"],
    ["stamp", "--check"],
    ["unstamp", "--diff"],
    ["verify"],
    ["evidence"],
    ["cache", "info"],
]

ENTRY_POINTS = """
[console_scripts]
envcheck = trapped:main

[envcheck.rules]
trap = trapped:main
"""

# Sees from within every way to start a process, to talk to the network, to run the project's code or to write into it.
# The first one ends the process, so that no ``except`` can hide it.
WATCHED = """
import os, sys
project = os.path.realpath(sys.argv.pop(1))
STARTS = "subprocess. os.exec os.posix_spawn os.spawn os.system os.startfile pty. socket. ctypes.".split()
CHANGES = "os.rename os.remove os.mkdir os.rmdir os.truncate os.link os.symlink shutil.".split()

def inside(path):
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    return isinstance(path, str) and not path.startswith("<") and os.path.abspath(path).startswith(project)

def caught(event, arguments):
    if event.startswith(tuple(STARTS)):
        return True
    if event == "exec":
        return inside(arguments[0].co_filename)
    if event == "open":
        return inside(arguments[0]) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    return event.startswith(tuple(CHANGES)) and any(map(inside, arguments))

def watch(event, arguments):
    if caught(event, arguments):
        os.write(2, f"caught: {event} {arguments}".encode())
        os._exit(99)

sys.addaudithook(watch)
from envcheck.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


class Traps:
    """The trapped project at ``project``, and the marks of the traps that went off."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = folder / "project"
        self.marks = folder / "marks"
        self.marks.mkdir(parents=True)
        places = {"PATH": "bin", "HOME": "home", "JUPYTER_PATH": "jupyter"}
        self.environment = {variable: str(folder / place) for variable, place in places.items()}
        self._lay_project()
        self._lay_environment()
        self._lay_machine()

    def sprung(self) -> list[str]:
        """Return the names of the traps that went off."""
        return sorted(path.name for path in self.marks.iterdir())

    def python(self, name: str) -> str:
        """Return a line of Python that leaves a mark."""
        return f"open({str(self.marks / name)!r}, 'w').close()\n"

    def shell(self, name: str) -> str:
        """Return a shell command that leaves a mark."""
        return f": > '{self.marks / name}'"

    def write(self, path: Path, text: str, *, executable: bool = False) -> None:
        """Write a file of a trapped place."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if executable:
            path.chmod(0o755)

    def _lay_project(self) -> None:
        for name in MODULES:
            self.write(self.project / f"{name}.py", self.python(f"project-{name}"))
        self.write(self.project / "run_me.py", self.python("run-magic"))
        self.write(self.project / "requirements.txt", "pandas\n-e .\n")
        attack = f"!!python/object/apply:os.system [{json.dumps(self.shell('yaml'))}]"
        self.write(self.project / "environment.yml", f"dependencies:\n  - pandas\n  - {attack}\n")
        self.write(self.project / "pyproject.toml", '[build-system]\nrequires = []\nbuild-backend = "helpers"\n')
        cells = [
            self.python("cell") + "import pandas, helpers",
            f"!{self.shell('shell')}\n!pip install trapped",
            "%run run_me.py",
            "%load_ext helpers",
            f"%%bash\n{self.shell('bash')}",
            f"%pip install {{{self.python('interpolation').strip()}}}",
        ]
        notebook = {
            "cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": source} for source in cells],
            "metadata": {"kernelspec": {"name": "trapped", "display_name": "trapped", "language": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        self.write(self.project / "eda.ipynb", json.dumps(notebook))

    def _lay_environment(self) -> None:
        prefix = self.project / ".venv"
        build_environment(
            prefix, {"distributions": [{"name": "pandas", "version": "2.1.4", "entry-points": ENTRY_POINTS}]}
        )
        site = prefix / "lib" / "python3.11" / "site-packages"
        for name in ("pandas/__init__", "sitecustomize", "usercustomize", "trapped", "_virtualenv"):
            self.write(site / f"{name}.py", self.python(f"site-{name.replace('/', '-')}"))
        self.write(site / "trap.pth", f"import os; {self.python('pth')}")
        self.write(site / "__editable___lab_finder.py", self.python("finder") + "MAPPING = {'lab': '/nowhere/lab'}\n")
        self.write(site / "__editable__.lab.pth", "import __editable___lab_finder; __editable___lab_finder.install()\n")
        self.write(prefix / "bin" / "python", self._program("environment-python"), executable=True)
        self.write(self.project / "trapped-python", self._program("given-python"), executable=True)

    def _lay_machine(self) -> None:
        for name in PROGRAMS:
            self.write(self.folder / "bin" / name, self._program(f"path-{name}"), executable=True)
        argv = [str(self.folder / "bin" / "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {"argv": argv, "display_name": "trapped", "language": "python"}
        self.write(self.folder / "jupyter" / "kernels" / "trapped" / "kernel.json", json.dumps(spec))

    def _program(self, name: str) -> str:
        return f"#!/bin/sh\n{self.shell(name)}\n"


@pytest.fixture
def traps(tmp_path: Path) -> Traps:
    return Traps(tmp_path)


def run(traps: Traps, command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=traps.project,
        env=traps.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("request_", REQUESTS, ids=" ".join)
@pytest.mark.parametrize("envcheck", [ENVCHECK, AS_MODULE], ids=["command", "module"])
def test_no_trap_goes_off(traps: Traps, envcheck: list[str], request_: list[str]) -> None:
    done = run(traps, [*envcheck, *request_])
    assert done.returncode in (0, 1, 2), done.stderr
    assert traps.sprung() == []


@pytest.mark.parametrize("request_", REQUESTS, ids=" ".join)
def test_nothing_is_started_asked_over_the_network_or_written(traps: Traps, request_: list[str]) -> None:
    done = run(traps, [sys.executable, "-I", "-c", WATCHED, str(traps.project), *request_])
    assert done.returncode in (0, 1, 2), done.stderr
    assert traps.sprung() == []


def test_everything_trapped_was_looked_at(traps: Traps) -> None:
    report = json.loads(run(traps, [*ENVCHECK, "--format", "json"]).stdout)
    assert str(traps.project / ".venv") in {environment["prefix"] for environment in report["environments"]}
    assert {"PIN001", "NBK004", "READ003"} <= {finding["code"] for finding in report["findings"]}
    listed = json.loads(run(traps, [*ENVCHECK, "list", "imports", "--format", "json"]).stdout)
    assert {"pandas", "helpers"} <= {found["module"] for found in listed["imports"]}


def test_traps_are_armed(traps: Traps) -> None:
    subprocess.run(["/bin/sh", str(traps.project / ".venv/bin/python")], check=True)
    subprocess.run([sys.executable, "-c", "import helpers"], cwd=traps.project, check=True)
    site = traps.project / ".venv/lib/python3.11/site-packages"
    loading = f"import site; site.addsitedir({str(site)!r})"
    subprocess.run([sys.executable, "-c", loading], check=True)
    assert {"environment-python", "project-helpers", "pth", "finder"} <= set(traps.sprung())


def test_watch_catches_what_it_is_for(traps: Traps) -> None:
    watched = WATCHED.replace("from envcheck.cli.main import main", "import helpers\nmain = print")
    done = run(traps, [sys.executable, "-B", "-c", watched, str(traps.project)])
    assert done.returncode == 99
    assert "caught: exec" in done.stderr
