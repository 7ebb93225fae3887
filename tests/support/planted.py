"""Drifts planted into real environments that real tools have made from real locks, and what envcheck says of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from envcheck.engine.check import run_check
from envcheck.engine.settings.file import Wishes, load_settings
from envcheck.model.report import Report
from tests.support.interpreters import interpreters, run
from tests.support.wheelhouse import write_wheel

_BACKEND = '''\
"""Builds wheels of the one module beside it without any tool."""
import pathlib
import zipfile

NAME, VERSION, ROOT = "{name}", "{version}", pathlib.Path(__file__).parent
TAG = "py3-none-any"


def _built(folder, files):
    metadata = f"{{NAME}}-{{VERSION}}.dist-info"
    files[f"{{metadata}}/METADATA"] = f"Metadata-Version: 2.1\\nName: {{NAME}}\\nVersion: {{VERSION}}\\n"
    files[f"{{metadata}}/WHEEL"] = f"Wheel-Version: 1.0\\nGenerator: made\\nRoot-Is-Purelib: true\\nTag: {{TAG}}\\n"
    files[f"{{metadata}}/RECORD"] = "".join(f"{{path}},,\\n" for path in [*files, f"{{metadata}}/RECORD"])
    with zipfile.ZipFile(pathlib.Path(folder) / f"{{NAME}}-{{VERSION}}-{{TAG}}.whl", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return f"{{NAME}}-{{VERSION}}-{{TAG}}.whl"


def build_wheel(folder, config_settings=None, metadata_directory=None):
    return _built(folder, {{f"{{NAME}}.py": (ROOT / f"{{NAME}}.py").read_text()}})


def build_editable(folder, config_settings=None, metadata_directory=None):
    return _built(folder, {{f"{{NAME}}.pth": str(ROOT)}})


def build_sdist(folder, config_settings=None):
    raise NotImplementedError
'''
BUILT_HERE = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
"""What names the build backend of a project that :func:`write_project` writes: nothing is fetched to build it."""
REPOSITORY = "https://git.example/lab/tools"

Found = list[tuple[str, str, str]]
"""Of each finding its code, its place and its distribution."""


@dataclass(frozen=True)
class Ground:
    """What projects are installed from: ``wheels``, and a ``repository`` of ``tools`` with two commits."""

    wheels: Path
    repository: Path
    first: str
    second: str

    @property
    def tools(self) -> str:
        """The repository as a requirement at its first commit."""
        return f"tools @ git+{REPOSITORY}@{self.first}"


def ground(folder: Path) -> Ground:
    """Make wheels and a repository: ``alpha`` needs ``beta``, ``delta`` has two builds, ``stray`` is for nobody."""
    wheels, repository = folder / "wheels", folder / "repository"
    for name, version, requires in (
        ("alpha", "1.0", ["beta"]),
        ("alpha", "1.1", ["beta"]),
        ("beta", "1.0", []),
        ("delta", "1.0", []),
        ("stray", "1.0", []),
        ("tools", "1.0", []),
        ("testing", "1.0", ["beta"]),
        ("testing", "2.0", ["beta"]),
    ):
        write_wheel(wheels, name, version, requires)
    write_wheel(folder / "builds", "delta", "1.0+cu121")
    write_project(folder / "delta", "delta", "1.0")
    write_project(repository, "tools", "1.0")
    (repository / ".gitignore").write_text("__pycache__/\n")
    _git(repository, "init", "-q", "-b", "main")
    first = _committed(repository)
    (repository / "tools.py").write_text("x = 1\n")
    return Ground(wheels, repository, first, _committed(repository))


def write_project(folder: Path, name: str, version: str, more: str = "") -> Path:
    """Write a project of one module that any installer can build without a network."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = name.replace("-", "_")
    (folder / "backend.py").write_text(_BACKEND.format(name=stem, version=version))
    (folder / f"{stem}.py").write_text("")
    text = f'[project]\nname = "{name}"\nversion = "{version}"\n{more}{BUILT_HERE}'
    (folder / "pyproject.toml").write_text(text)
    return folder


def write_notebook(path: Path, modules: Iterable[str]) -> None:
    """Write a notebook that imports modules."""
    source = "".join(f"import {module}\n" for module in modules)
    cell: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
    }
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, indent=1) + "\n")


def _git(repository: Path, *arguments: str) -> str:
    author = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    done = subprocess.run(["git", *author, *arguments], cwd=repository, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _committed(repository: Path) -> str:
    _git(repository, "add", "-A")
    _git(repository, "commit", "-q", "-m", "a state")
    return _git(repository, "rev-parse", "HEAD")


class Installer:
    """The real pip or uv, with local wheels in place of an index."""

    def __init__(self, ground: Ground, *, uv: bool) -> None:
        self.ground, self._uv = ground, uv

    def make(self, prefix: Path, python: Path = Path(sys.executable)) -> Path:
        """Make an empty environment and return it."""
        run([python, "-m", "venv", "--without-pip", prefix])
        return prefix

    def install(self, prefix: Path, *words: str | Path) -> None:
        """Install something into an environment, over whatever is there of it."""
        more = ("--find-links", self.ground.wheels, "--find-links", self.ground.wheels.parent / "builds")
        self.call(prefix, prefix, "install", "--force-reinstall", "--no-deps", *more, *words)

    def remove(self, prefix: Path, name: str) -> None:
        """Remove a distribution from an environment."""
        self.call(prefix, prefix, "uninstall", *(() if self._uv else ("-y",)), name)

    def obey(self, message: str, folder: Path, prefix: Path) -> None:
        """Do what a message says first: ``…; run python -m pip install -r requirements.txt, or …``."""
        command = message.partition("; run ")[2].partition(", or ")[0].split(" to remove it")[0]
        words = command.removeprefix("uv pip " if self._uv else "python -m pip ").split()
        assert len(words) > 1, message
        self.call(folder, prefix, words[0], *(("-y",) if words[0] == "uninstall" and not self._uv else ()), *words[1:])

    def call(self, folder: Path, prefix: Path, verb: str, *words: str | Path) -> None:
        """Run a command of pip or ``uv pip`` for an environment, in a folder."""
        python = prefix / "bin/python"
        if self._uv:
            command: Sequence[str | Path] = [sys.executable, "-m", "uv", "pip", verb, "--python", python, *words]
        else:
            command = [sys.executable, "-m", "pip", "--python", python, "--no-cache-dir", verb, *words]
        tool(command, folder, self.ground)


@dataclass(frozen=True)
class Drift:
    """Something that is done to an environment by hand, and the finding that it must lead to."""

    code: str
    distribution: str
    plant: Callable[[Installer, Path, Path], None]
    is_declared: bool = False
    """Whether the finding stands at the declaration and not at the lock's entry."""


def _install(*words: str) -> Callable[[Installer, Path, Path], None]:
    def plant(installer: Installer, prefix: Path, project: Path) -> None:
        known = {"{folder}": project / "libs/local-one", "{repository}": f"git+{REPOSITORY}"}
        known |= {"{second}": installer.ground.second, "{delta}": installer.ground.wheels.parent / "delta"}
        filled = list(words)
        for word, value in known.items():
            filled = [each.replace(word, str(value)) for each in filled]
        installer.install(prefix, *filled)

    return plant


def _remove(name: str) -> Callable[[Installer, Path, Path], None]:
    return lambda installer, prefix, _: installer.remove(prefix, name)


IN_RELEASES = {
    "other version": Drift("DRF003", "alpha", _install("alpha==1.0")),
    "missing, declared": Drift("DRF002", "delta", _remove("delta"), is_declared=True),
    "missing, needed by another": Drift("DRF002", "beta", _remove("beta")),
    "extra": Drift("DRF007", "stray", _install("stray")),
    "editable instead of a release": Drift("DRF004", "delta", _install("-e", "{delta}")),
    "other build": Drift("DRF005", "delta", _install("delta==1.0+cu121")),
}
"""What can be done to distributions that come from an index."""
IN_SOURCES = {
    "other commit": Drift("DRF004", "tools", _install("tools @ {repository}@{second}")),
    "release instead of a commit": Drift("DRF004", "tools", _install("tools==1.0")),
    "not editable": Drift("DRF004", "local-one", _install("{folder}")),
}
"""What can be done to distributions that come from repositories and folders."""


def tool(command: Sequence[str | Path], folder: Path, ground: Ground, **environ: str) -> str:
    """Run a package manager without a network and return what it prints."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_", "VIRTUAL_ENV", "PYTHONPATH"))}
    kept |= {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(ground.wheels)}
    kept |= {"UV_FIND_LINKS": str(ground.wheels)}
    kept |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "NO_PROXY": "127.0.0.1", "GIT_CONFIG_GLOBAL": os.devnull}
    # git looks into the folder where everybody else would ask a server.
    kept |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_VALUE_0": REPOSITORY}
    kept |= {"GIT_CONFIG_KEY_0": f"url.{ground.repository.as_uri()}.insteadOf"}
    kept |= {"UV_OFFLINE": "1", "UV_PYTHON_DOWNLOADS": "never", "UV_CACHE_DIR": str(ground.wheels.parent / "uv-cache")}
    kept |= {"XDG_CONFIG_HOME": str(ground.wheels.parent / "config"), "UV_LINK_MODE": "copy"}
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=folder, env={**kept, **environ}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def other_python() -> Path | None:
    """Return an interpreter of a series that is not this one, new enough for every tool."""
    for python in interpreters():
        series = tuple(map(int, run([python, "-c", "import sys; print('%d %d' % sys.version_info[:2])"]).split()))
        if series >= (3, 10) and series != sys.version_info[:2]:
            return python
    return None


def copied(prefix: Path, folder: Path) -> Path:
    """Return a copy of an environment that may be spoiled."""
    shutil.copytree(prefix, folder, symlinks=True)
    return folder


def report_of(project: Path, prefix: Path, *, locked: bool = True, groups: tuple[str, ...] = ()) -> Report:
    """Return what envcheck finds in a project beside an environment."""
    wishes = Wishes(prefix=str(prefix), locked=locked or None, groups=groups)
    return run_check(["."], load_settings(["."], cwd=str(project), wishes=wishes), environ={}, cwd=str(project))


def found(report: Report) -> Found:
    """Return of each finding its code, its place and its distribution."""
    return [(f.code, f"{f.place.path}:{f.place.line}", f.distribution) for f in report.findings]


def line_of(path: Path, text: str) -> int:
    """Return the first line of a file that begins with a text."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(text))
