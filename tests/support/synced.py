"""Projects that a package manager has locked and installed from an index of this machine, and where drifts show."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.planted import (
    IN_RELEASES,
    IN_SOURCES,
    Drift,
    Found,
    Ground,
    Installer,
    copied,
    found,
    line_of,
    other_python,
    report_of,
    write_notebook,
    write_project,
)
from tests.support.wheelhouse import served, sha256_of

DRIFTS = {**IN_RELEASES, **IN_SOURCES}
PYTHON = "{}.{}".format(*sys.version_info)
NEXT_PYTHON = f"{sys.version_info[0]}.{sys.version_info[1] + 1}"


@dataclass(frozen=True)
class Shape:
    """How a manager writes: its ``manifest`` and ``lock``, and how the lines begin that declare or lock a name.

    ``above`` is by how many lines an entry begins before the line that names it; ``python`` begins the line that says
    which Python is wanted.
    """

    manifest: str
    declares: str
    lock: str
    locks: str
    python: str
    above: int = 0


@dataclass(frozen=True)
class Synced:
    """A project whose manager has locked it and has made its environment."""

    project: Path
    shape: Shape
    installer: Installer
    command: Callable[..., str]
    """Runs the manager in the project."""

    @property
    def prefix(self) -> Path:
        """The environment."""
        return self.project / ".venv"

    def found(self, prefix: Path, *, locked: bool = True) -> Found:
        """Return what ``envcheck . --locked`` finds beside an environment, or without ``--locked``."""
        return found(report_of(self.project, prefix, locked=locked))

    def planted(self, drift: Drift) -> tuple[Found, str]:
        """Return what is found of a drift in the environment, with the first message."""
        kept = self.project.parent / "kept"
        if not kept.exists():
            copied(self.prefix, kept)
        shutil.rmtree(self.prefix, ignore_errors=True)
        drift.plant(self.installer, copied(kept, self.prefix), self.project)
        report = report_of(self.project, self.prefix)
        return found(report), next((finding.message for finding in report.findings), "")

    def obey(self, message: str) -> None:
        """Do what a message says first: ``…; run pdm sync, or …``."""
        commands = message.partition("; run ")[2].partition(", or ")[0].removesuffix(" to remove it")
        for command in commands.split(" && "):
            words = command.split()[1:]
            self.command(*words[:-1], *(["-y"] if "uninstall" in words else []), *words[-1:])

    def expected(self, drift: Drift) -> Found:
        """Return what must be found of a drift: at the lock's entry, or at the declaration that is not met either."""
        shape, name = self.shape, drift.distribution
        if drift.code == "DRF007":
            return [(drift.code, f"{shape.lock}:0", name)]
        if drift.is_declared:
            return [(drift.code, f"{shape.manifest}:{self._line(shape.manifest, shape.declares.format(name))}", name)]
        line = self._line(shape.lock, shape.locks.format(name)) - shape.above
        return [(drift.code, f"{shape.lock}:{line}", name)]

    def found_on_other_python(self, folder: Path) -> Found | None:
        """Return what is found beside another Python with all that is locked, ``None`` if there is no such Python."""
        python = other_python()
        if python is None:
            return None
        prefix = self.installer.make(folder / "env", python)
        local = ("-e", self.project / "libs/local-one")
        self.installer.call(folder, prefix, "install", "alpha", "delta", self.installer.ground.tools, *local)
        return self.found(prefix)

    def expected_on_other_python(self) -> Found:
        """Return what must be found there."""
        manifest = self.shape.manifest
        return [("DRF006", f"{manifest}:{self._line(manifest, self.shape.python)}", "python")]

    def _line(self, file: str, text: str) -> int:
        return line_of(self.project / file, text)


def write_files(project: Path, manifest: str, text: str) -> Path:
    """Write a project: a notebook, a manifest, and a folder of its own that is to be installed editable."""
    write_project(project / "libs/local-one", "local-one", "3.0")
    (project / manifest).write_text(text, encoding="utf-8")
    write_notebook(project / "analysis.ipynb", ["alpha", "delta", "tools", "local_one"])
    return project


@contextmanager
def index_of(ground: Ground) -> Iterator[str]:
    """Serve the wheels as a simple index (PEP 503), and give its URL."""
    root = ground.wheels.parent
    for wheel in sorted(ground.wheels.glob("*.whl")):
        page = root / "simple" / wheel.name.partition("-")[0] / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        digest = sha256_of(wheel).replace(":", "=")
        with page.open("a", encoding="utf-8") as file:
            file.write(f'<a href="../../{ground.wheels.name}/{wheel.name}#{digest}">{wheel.name}</a>\n')
    with served(root) as url:
        yield f"{url}/simple/"
