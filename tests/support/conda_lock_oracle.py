"""conda-lock itself, in an environment of its own: it is sixty distributions, and slow to load."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support import conda_shim

VERSION = "conda-lock==4.0.3"

# Runs in conda-lock's environment: questions on standard input, answers on standard output, all in one process.
_ASKED = """
import contextlib, functools, json, sys, tempfile
from pathlib import Path

import yaml

from conda_lock.conda_lock import render_lockfile_for_platform
from conda_lock.content_hash import compute_content_hashes
from conda_lock.lockfile import parse_conda_lock_file
from conda_lock.src_parser import make_lock_spec
from conda_lock.src_parser.conda_common import conda_spec_to_versioned_dep
from conda_lock.src_parser.pyproject_toml import parse_python_requirement
from conda_lock.virtual_package import default_virtual_package_repodata

names = Path(tempfile.mkdtemp()) / "names.json"
names.write_text("{}")


# Its loader in Python takes half a minute for the locks of the corpus; this one gives the same.
yaml.safe_load = lambda text: yaml.load(text, Loader=yaml.CSafeLoader)


@functools.cache
def lock_at(path):
    return parse_conda_lock_file(Path(path))


def selected(path, platform, dev, extras):
    return render_lockfile_for_platform(
        lockfile=lock_at(path), include_dev_dependencies=dev, extras=set(extras), kind="explicit", platform=platform,
        suppress_warning_for_pip_and_explicit=True,
    )


def hashes(paths, cuda):
    machine = default_virtual_package_repodata(cuda_version=cuda)
    spec = make_lock_spec(src_files=[Path(p) for p in paths], mapping_url=str(names))
    return {
        "hashes": compute_content_hashes(spec, machine),
        "channels": [json.loads(c.model_dump_json()) for c in spec.channels],
    }


def form(manager, text):
    if manager == "conda":
        return conda_spec_to_versioned_dep(text, "main").model_dump()
    return parse_python_requirement(text, manager="pip", category="main", mapping_url=str(names)).model_dump()


answers = []
with contextlib.redirect_stdout(sys.stderr):
    for name, arguments in json.load(sys.stdin):
        try:
            answers.append({"answer": globals()[name](*arguments)})
        except BaseException as error:
            answers.append({"error": f"{type(error).__name__}: {error}"})
json.dump(answers, sys.stdout)
"""


class CondaLockTool:
    """A virtual environment with conda-lock, made once in a folder that outlives the run."""

    def __init__(self, folder: Path) -> None:
        self._bin = folder / "bin"
        done = folder / "installed"
        if not done.exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
            pip = [str(self._bin / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, VERSION], check=True)
            done.touch()
        self._shim = folder / "conda-of-tests"
        self._shim.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{conda_shim.__file__}' \"$@\"\n", encoding="utf-8")
        self._shim.chmod(0o755)
        self._names = folder / "names.json"
        self._names.write_text("{}", encoding="utf-8")

    @property
    def programs(self) -> Path:
        """The folder with the program ``conda-lock``."""
        return self._bin

    @property
    def conda(self) -> Path:
        """What stands in for conda."""
        return self._shim

    def ask(self, *questions: tuple[str, list[Any]]) -> list[Any]:
        """Return what conda-lock's own functions return."""
        done = subprocess.run(
            [self._bin / "python", "-c", _ASKED],
            input=json.dumps(questions),
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )
        assert done.returncode == 0, done.stderr
        answers = json.loads(done.stdout)
        refused = [(q, a["error"]) for q, a in zip(questions, answers, strict=True) if "error" in a]
        assert not refused, refused
        return [answer["answer"] for answer in answers]

    def lock(self, project: Path, *options: str) -> None:
        """Lock a project with the files that the options name; no network is needed."""
        names = f"file://{self._names}"
        self._run(project, "lock", "--conda", str(self._shim), "--pypi_to_conda_lookup_file", names, *options)

    def render(self, project: Path, *options: str) -> None:
        """Render what is locked in another form."""
        self._run(project, "render", *options)

    def install(self, project: Path, prefix: Path, *options: str) -> None:
        """Install what is locked into a prefix."""
        self._run(project, "install", "--conda", str(self._shim), "--prefix", str(prefix), *options)

    def _run(self, project: Path, *words: str) -> None:
        done = subprocess.run(
            [self._bin / "conda-lock", *words],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
            env={**os.environ, "NO_PROXY": "127.0.0.1"},
        )
        assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
