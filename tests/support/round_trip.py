"""An index that moves on after an environment was made, and what managers then install from declarations."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from tests.support.planted import Ground, tool, write_notebook
from tests.support.wheelhouse import served, sha256_of, write_wheel

FIRST = {
    "alpha": ["1.0", "1.1"],
    "beta": ["1.0"],
    "gamma": ["1.2.3"],
    "delta": ["2.0.post1"],
    "epsilon": ["0.9"],
    "zeta": ["3.1"],
    "ring-a": ["7"],
    "rho": ["1.0rc1"],
    "windows": ["1.0"],
    "testing": ["5.0"],
}
"""What there is when the first environment is made; the last of each is what it gets."""
NEWER = {
    "alpha": ["1.2", "2.0"],
    "beta": ["1.5"],
    "gamma": ["1.2.9", "1.3"],
    "delta": ["2.0.post2", "2.1", "3.0"],
    "epsilon": ["1.0"],
    "zeta": ["3.2", "4.0"],
    "ring-a": ["7.1", "8"],
    "rho": ["1.0"],
    "windows": ["1.1"],
    "testing": ["6.0"],
}
"""What comes later, and what everybody gets who has no pins."""
REQUIRES = {"alpha": ["beta"], "gamma": ["[fast]epsilon"]}
SHIPPED = ("alpha", "beta", "gamma", "delta", "zeta", "ring_a", "rho")
"""What the notebook imports: ``beta`` is there because ``alpha`` needs it, and ``zeta`` was installed by hand."""
PINNED = {name: FIRST[name][-1] for name in ("alpha", "beta", "gamma", "delta", "zeta", "ring-a", "rho", "testing")}
"""What is to be pinned: all that is imported."""


@dataclass(frozen=True)
class Market:
    """An index on this machine to which newer versions can come."""

    folder: Path
    url: str = ""

    @property
    def ground(self) -> Ground:
        """The wheels, for the tools that take them from a folder."""
        return Ground(self.folder / "wheels", self.folder, "", "")

    def add(self, versions: Mapping[str, list[str]]) -> None:
        """Let versions come."""
        for name, numbers in versions.items():
            page = self.folder / "simple" / name / "index.html"
            page.parent.mkdir(parents=True, exist_ok=True)
            for number in numbers:
                wheel = write_wheel(self.folder / "wheels", name, number, REQUIRES.get(name, ()))
                digest = sha256_of(wheel).replace(":", "=")
                with page.open("a", encoding="utf-8") as file:
                    file.write(f'<a href="../../wheels/{wheel.name}#{digest}">{wheel.name}</a>\n')


@contextmanager
def opened(folder: Path) -> Iterator[Market]:
    """Serve an index that has the first versions."""
    market = Market(folder)
    market.add(FIRST)
    with served(folder) as url:
        yield Market(folder, f"{url}/simple/")


Files = Mapping[str, str]


@dataclass(frozen=True)
class Way:
    """How a manager makes the environment ``.venv`` of a project from its files, and what it leaves beside them."""

    files: Files
    make: Callable[[Path], None]
    locks: tuple[str, ...] = ()

    def start(self, project: Path, market: Market) -> None:
        """Write the project and make its environment; a distribution is installed by hand, and no lock stays."""
        project.mkdir(parents=True)
        for name, text in self.files.items():
            (project / name).write_text(text, encoding="utf-8")
        write_sources(project)
        self.make(project)
        by_hand = f"zeta=={FIRST['zeta'][-1]}"
        command: list[str | Path] = [
            sys.executable,
            "-m",
            "pip",
            "--python",
            project / ".venv/bin/python",
            "install",
            "-q",
            by_hand,
        ]
        tool(command, project, market.ground)
        for lock in self.locks:
            (project / lock).unlink()

    def again(self, project: Path, elsewhere: Path) -> None:
        """Make the environment anew in another folder from the files as they are now."""
        elsewhere.mkdir(parents=True)
        for name in self.files:
            (elsewhere / name).write_bytes((project / name).read_bytes())
        write_sources(elsewhere)
        self.make(elsewhere)


def write_sources(project: Path) -> None:
    """Write a notebook and a test."""
    write_notebook(project / "analysis.ipynb", SHIPPED)
    (project / "tests").mkdir()
    (project / "tests/test_all.py").write_text("import testing\n", encoding="utf-8")


def versions_in(prefix: Path) -> dict[str, str]:
    """Return what is installed in an environment, as Python's own library reads it."""
    (site,) = prefix.glob("lib/python3*/site-packages")
    return {each.metadata["Name"]: each.version for each in distributions(path=[str(site)])}
