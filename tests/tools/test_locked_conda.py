"""Real conda prefixes beside the locks they were installed from: nothing is found, and then each drift by its name."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from tests.support import conda_environments as made
from tests.support import conda_shim
from tests.support.conda_environments import pip, transact
from tests.support.conda_lock_oracle import CondaLockTool
from tests.support.planted import Found, copied, found, report_of, write_notebook, write_project
from tests.support.wheelhouse import served

pytestmark = pytest.mark.tools

PIXI = """\
[workspace]
name = "study"
channels = ["{forge}"]
platforms = ["linux-64"]
[dependencies]
python = "{python}.*"
alpha = "1.2.*"
beta-conda = "*"
pip = "*"
[pypi-dependencies]
demo-lib = "==1.4"
tools = {{ git = "{url}/tools.git", rev = "{commit}" }}
lab = {{ path = "lab", editable = true }}
"""


class World(Struct, frozen=True):
    """What everything is made of: channels, an index, a repository of two commits, the tool."""

    folder: Path
    url: str
    commits: tuple[str, str]
    tool: CondaLockTool

    @property
    def forge(self) -> Path:
        return self.folder / "forge"

    @property
    def index(self) -> str:
        return f"{self.url}/simple"


class Case(Struct, frozen=True):
    """A project with its lock and the prefix that was installed from it."""

    world: World
    project: Path
    prefix: Path
    lock: str

    def entry(self, name: str) -> str:
        """Return the place of the locked entry of a name."""
        underscored = name.replace("-", "_")
        starts = {
            "conda-lock.yml": rf"- name: {name}$",
            "conda-linux-64.lock": rf"file://.*/{name}-\d|# pip {name} ",
            "pixi.lock": rf"- conda: .*/{name}-\d|- pypi: .*/({underscored}-\d|{name}(\.git|$))",
        }
        return self._place(self.lock, starts[self.lock], last=self.lock == "pixi.lock")

    def declared(self, name: str) -> str:
        """Return the place where a name is declared."""
        if (self.project / "pixi.toml").exists():
            return self._place("pixi.toml", rf"{name} = ")
        return self._place("environment.yml", rf" +- {name}\b")

    def _place(self, path: str, start: str, *, last: bool = False) -> str:
        lines = (self.project / path).read_text(encoding="utf-8").splitlines()
        numbers = [number for number, line in enumerate(lines, 1) if re.match(start, line)]
        assert last or len(numbers) == 1, (start, numbers)
        return f"{path}:{numbers[-1]}"

    def copy(self, folder: Path) -> Case:
        return Case(self.world, self.project, copied(self.prefix, folder / "env"), self.lock)

    def found(self, *, locked: bool = True) -> Found:
        """Return what a run on the project finds: code, place, distribution."""
        report = report_of(self.project, self.prefix, locked=locked)
        assert report.environments[0].prefix == str(self.prefix)
        return found(report)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[World]:
    pytest.importorskip("rattler")
    assert request.config.cache
    folder = tmp_path_factory.mktemp("world")
    made.write_channels(folder)
    made.write_wheels(folder / "simple")
    commits = made.make_repository(folder / "tools", "tools")
    with served(folder) as url:
        yield World(folder, url, commits, CondaLockTool(request.config.cache.mkdir("conda-lock-4.0.3")))


def environment(world: World) -> str:
    return f"""\
channels:
  - {world.forge.as_uri()}
platforms: [linux-64]
pip-repositories:
  - {world.index}
allow-pypi-requests: false
dependencies:
  - python={made.PYTHON}
  - alpha=1.2
  - beta-conda
  - pip
  - pip:
    - demo-lib==1.4
    - tools @ git+{world.url}/tools.git@{world.commits[0]}
    - -e ./lab
"""


@pytest.fixture(scope="session")
def by_conda_lock(world: World, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Lock and install with conda-lock; what is editable it leaves to the user."""
    project = start(world, tmp_path_factory.mktemp("conda-lock"))
    world.tool.lock(project, "-f", "environment.yml")
    prefix = project.parent / "prefix"
    world.tool.install(project, prefix, "--force-platform", "linux-64")
    pip(prefix, "install", "-e", project / "lab")
    return Case(world, project, prefix, "conda-lock.yml")


@pytest.fixture(scope="session")
def by_explicit(world: World, by_conda_lock: Case, tmp_path_factory: pytest.TempPathFactory) -> Case:
    project = start(world, tmp_path_factory.mktemp("explicit"))
    lock = "conda-linux-64.lock"
    world.tool.render(project, "-k", "explicit", "-p", "linux-64", str(by_conda_lock.project / "conda-lock.yml"))
    prefix = project.parent / "prefix"
    world.tool.install(project, prefix, lock)
    pip(prefix, "install", "-e", project / "lab")
    return Case(world, project, prefix, lock)


def start(world: World, folder: Path) -> Path:
    """Write a project with a notebook, an environment.yml and a distribution of its own."""
    project = folder / "project"
    write_project(project / "lab", "lab", "0.1")
    write_notebook(project / "study.ipynb", ["alpha", "beta", "demo_lib", "tools"])
    (project / "environment.yml").write_text(environment(world), encoding="utf-8")
    return project


@pytest.fixture(scope="session")
def by_pixi(world: World, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Lock with rattler what its solver finds; pip installs what pixi leaves to uv."""
    import rattler

    project = start(world, tmp_path_factory.mktemp("pixi"))
    (project / "environment.yml").unlink()
    words = {"forge": world.forge.as_uri(), "python": made.PYTHON, "url": world.url, "commit": world.commits[0]}
    (project / "pixi.toml").write_text(PIXI.format(**words), encoding="utf-8")
    specs = [f"python {made.PYTHON} 0_cpython", "alpha 1.2 pyhd0_0", "beta-conda 1.5", "libfoo 1.1 h0_0", "pip"]
    prefix = project / ".pixi" / "envs" / "default"
    records = asyncio.run(made.solved(world.forge, specs))
    platform = rattler.LockPlatform("linux-64")
    lock = rattler.LockFile([platform])
    lock.set_channels("default", [rattler.LockChannel(world.forge.as_uri() + "/")])
    for record in records:
        lock.add_conda_package("default", platform, record)
    wheel = "demo_lib-1.4-py2.py3-none-any.whl"
    tools = f"{world.url}/tools.git"
    for name, version, location in (
        ("demo-lib", "1.4", f"{world.index}/demo-lib/{wheel}"),
        ("tools", "0.1", f"git+{tools}?rev={world.commits[0]}#{world.commits[0]}"),
        ("lab", "0.1", "./lab"),
    ):
        lock.add_pypi_package("default", platform, name, version, location)
    lock.to_path(project / "pixi.lock")
    asyncio.run(
        rattler.install(records, target_prefix=prefix, cache_dir=world.folder / "packages", show_progress=False)
    )
    conda_shim.make_runnable(prefix)
    pip(prefix, "install", "--index-url", world.index, "demo-lib==1.4")
    pip(prefix, "install", f"git+{tools}@{world.commits[0]}", "-e", project / "lab")
    return Case(world, project, prefix, "pixi.lock")


LOCKS = ("by_conda_lock", "by_explicit", "by_pixi")


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    installed: Case = request.getfixturevalue(request.param)
    return installed.copy(tmp_path)


@pytest.mark.parametrize("case", LOCKS, indirect=True)
def test_what_was_installed_from_a_lock_is_as_locked(case: Case) -> None:
    assert case.found() == []
    assert [each for each in case.found(locked=False) if each[0].startswith(("DRF", "LCK", "ENV"))] == []


def conda(*specs: str, channel: str = "forge", drop: str = "") -> Callable[[Case], None]:
    return lambda case: transact(case.prefix, case.world.folder / channel, specs, drop=drop)


def install(*words: str) -> Callable[[Case], None]:
    def run(case: Case) -> None:
        named = {
            "index": case.world.index,
            "url": case.world.url,
            "other": case.world.commits[1],
            "project": case.project,
        }
        pip(case.prefix, *(word.format(**named) for word in words))

    return run


def from_index(wish: str) -> Callable[[Case], None]:
    return install("install", "--no-deps", "--index-url", "{index}", wish)


def new_python(version: str) -> Callable[[Case], None]:
    def run(case: Case) -> None:
        transact(case.prefix, case.world.forge, [f"python {version}"])

    return run


def source(name: str, version: str, *options: str) -> Callable[[Case], None]:
    def run(case: Case) -> None:
        folder = write_project(case.prefix.parent / "sources", name, version)
        pip(case.prefix, "install", "--no-deps", "--force-reinstall", *options, folder)

    return run


# What is done by hand, the one finding, its distribution, and where: an entry of the lock, the declaration, the lock.
DRIFTS = {
    "version of a package": (conda("alpha 1.1"), "DRF003", "alpha", "lock"),
    "version of a package of another name": (conda("beta-conda 1.4"), "DRF003", "beta", "beta-conda"),
    "version of a distribution": (from_index("demo-lib==1.5"), "DRF003", "demo-lib", "lock"),
    "package removed": (conda(drop="alpha"), "DRF002", "alpha", "declared"),
    "package of another name removed": (conda(drop="beta-conda"), "DRF002", "beta-conda", "declared"),
    "package of nobody's wish removed": (conda(drop="libfoo"), "DRF002", "libfoo", "lock"),
    "distribution removed": (install("uninstall", "--yes", "demo-lib"), "DRF002", "demo-lib", "declared"),
    "package removed by pip": (install("uninstall", "--yes", "alpha"), "DRF002", "alpha", "declared"),
    "package by hand": (conda("stray 3.0"), "DRF007", "stray", "file"),
    "distribution by hand": (from_index("loose"), "DRF007", "loose", "file"),
    "commit": (install("install", "--force-reinstall", "git+{url}/tools.git@{other}"), "DRF004", "tools", "lock"),
    "editable": (source("tools", "0.1", "-e"), "DRF004", "tools", "lock"),
    "editable release": (source("demo_lib", "1.4", "-e"), "DRF004", "demo-lib", "lock"),
    "folder": (source("tools", "0.1"), "DRF004", "tools", "lock"),
    "build": (conda("alpha 1.2 pyhd0_1"), "DRF005", "alpha", "lock"),
    "build of a library": (conda("libfoo 1.1 h1_1"), "DRF005", "conda:libfoo", "libfoo"),
    "build of python": (conda(f"python {made.PYTHON} 1_cpython"), "DRF005", "conda:python", "python"),
    "channel": (conda("alpha 1.2", channel="other"), "DRF005", "alpha", "lock"),
    "channel of a library": (conda("libfoo 1.1", channel="other"), "DRF005", "conda:libfoo", "libfoo"),
    "file": (conda("alpha 1.2", channel="mirror/forge"), "DRF005", "alpha", "lock"),
    "other patch of python": (new_python(made.OTHER_PATCH), "DRF006", "python", "declared"),
    "newer on top by pip": (from_index("beta==1.9"), "DRF004", "beta", "beta-conda"),
    "the same on top by pip": (
        install("install", "--force-reinstall", "--index-url", "{index}", "alpha"),
        "DRF004",
        "alpha",
        "lock",
    ),
    "editable on top": (source("alpha", "1.2", "-e"), "DRF004", "alpha", "lock"),
    "editable on top, another version": (source("alpha", "1.3", "-e"), "DRF004", "alpha", "lock"),
}


@pytest.mark.parametrize("case", LOCKS, indirect=True)
@pytest.mark.parametrize(("drift", "code", "distribution", "where"), DRIFTS.values(), ids=DRIFTS.keys())
def test_one_drift_is_found_by_its_name(
    case: Case, drift: Callable[[Case], None], code: str, distribution: str, where: str
) -> None:
    drift(case)
    name = distribution.removeprefix("conda:") if where in ("lock", "declared") else where
    place = f"{case.lock}:0" if where == "file" else case.entry(name) if where != "declared" else case.declared(name)
    assert case.found() == [(code, place, distribution)]


def test_other_series_of_python(by_conda_lock: Case, tmp_path: Path) -> None:
    case = by_conda_lock.copy(tmp_path)
    transact(case.prefix, case.world.forge, [f"python {made.OTHER_PYTHON}"])
    # What pip had installed stays behind in the folder of the old one; it is to be installed again.
    assert case.found() == [
        ("DRF006", case.declared("python"), "python"),
        ("DRF002", case.declared("demo-lib"), "demo-lib"),
        ("DRF002", case.declared("tools"), "tools"),
    ]


def test_what_pixi_locks_editable_is_installed_so(by_pixi: Case, tmp_path: Path) -> None:
    case = by_pixi.copy(tmp_path)
    pip(case.prefix, "install", "--force-reinstall", case.project / "lab")
    assert case.found() == [("DRF004", case._place("pixi.lock", r"- pypi: \./lab", last=True), "lab")]


ON_TOP = [
    pytest.param(from_index("beta==1.9"), "1.9", id="newer"),
    pytest.param(source("beta", "1.5"), "1.5", id="same version from a folder"),
    pytest.param(source("beta", "1.5", "-e"), "1.5", id="same version, editable"),
]


@pytest.mark.parametrize(("drift", "version"), ON_TOP)
def test_what_pip_installs_on_top_is_clobbered(
    drift: Callable[[Case], None], version: str, by_conda_lock: Case, tmp_path: Path
) -> None:
    case = by_conda_lock.copy(tmp_path)
    drift(case)
    report = report_of(case.project, case.prefix, locked=False)
    assert sorted(f.code for f in report.findings) == ["DRF004", "ENV004"]
    (clobbered,) = (f for f in report.findings if f.code == "ENV004")
    assert clobbered.message.startswith(f"conda's record says beta-conda 1.5, but beta {version} has been installed")


def test_list_of_conda_itself_leaves_what_is_declared_for_pip_alone(by_explicit: Case, tmp_path: Path) -> None:
    """``conda list --explicit`` knows nothing of what pip has installed, and nobody can make it."""
    case = by_explicit.copy(tmp_path)
    project = start(case.world, tmp_path)
    lines = (case.project / case.lock).read_text(encoding="utf-8").splitlines()
    kept = ["# platform: linux-64", *(line for line in lines if not line.startswith("#"))]
    (project / case.lock).write_text("\n".join(kept) + "\n", encoding="utf-8")
    case = Case(case.world, project, case.prefix, case.lock)
    pip(case.prefix, "install", "-e", project / "lab")
    assert case.found() == []
    from_index("loose")(case)
    from_index("demo-lib==1.5")(case)
    assert case.found() == [
        ("DRF007", f"{case.lock}:0", "loose"),
        ("DRF001", case.declared("demo-lib"), "demo-lib"),
    ]


PINNED = """\
channels:
  - {forge}
dependencies:
  - python={python}
  - alpha=1.2=pyhd0_0
  - beta-conda=1.5
  - {forge}::libfoo=1.1
  - pip
  - pip:
    - demo-lib==1.4
    - tools @ git+{url}/tools.git@{commit}
    - -e ./lab
"""
UNLOCKED = {
    "version of a package": (conda("alpha 1.1"), "DRF001", "alpha"),
    "version of a package of another name": (conda("beta-conda 1.4"), "DRF001", "beta-conda"),
    "version of a distribution": (from_index("demo-lib==1.5"), "DRF001", "demo-lib"),
    "package removed": (conda(drop="beta-conda"), "DRF002", "beta-conda"),
    "distribution removed": (install("uninstall", "--yes", "demo-lib"), "DRF002", "demo-lib"),
    "commit": (install("install", "--force-reinstall", "git+{url}/tools.git@{other}"), "DRF004", "tools"),
    "editable": (source("tools", "0.1", "-e"), "DRF004", "tools"),
    "not editable": (install("install", "--force-reinstall", "{project}/lab"), "DRF004", "-e ./lab"),
    "build": (conda("alpha 1.2 pyhd0_1"), "DRF005", "alpha"),
    "channel": (conda("libfoo 1.1", channel="other"), "DRF005", "libfoo"),
    "python": (conda(f"python {made.OTHER_PATCH}"), "DRF006", "python"),
}


@pytest.fixture(scope="session")
def by_declaration(world: World, by_conda_lock: Case, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return the same environment beside an environment.yml that pins, and no lock."""
    project = start(world, tmp_path_factory.mktemp("declared"))
    words = {"forge": world.forge.as_uri(), "python": made.PYTHON, "url": world.url, "commit": world.commits[0]}
    (project / "environment.yml").write_text(PINNED.format(**words), encoding="utf-8")
    prefix = copied(by_conda_lock.prefix, project.parent / "prefix")
    pip(prefix, "install", "-e", project / "lab")
    return Case(world, project, prefix, "environment.yml")


@pytest.mark.parametrize(("drift", "code", "name"), [(None, "", ""), *UNLOCKED.values()], ids=["none", *UNLOCKED])
def test_drift_from_an_environment_yml(
    drift: Callable[[Case], None] | None, code: str, name: str, by_declaration: Case, tmp_path: Path
) -> None:
    case = by_declaration.copy(tmp_path)
    if drift:
        drift(case)
    found = [(c, place) for c, place, _ in case.found(locked=False) if c.startswith(("DRF", "LCK", "ENV"))]
    assert found == ([(code, case._place("environment.yml", rf" +- (file:.*::)?{name}\b"))] if drift else [])
