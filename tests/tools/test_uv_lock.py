"""What we select from a uv.lock is what real uv exports, and what we call stale is what ``uv lock --check`` does."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import tomli
from msgspec.structs import replace

from envcheck.gather.declarations import uv_lock
from envcheck.model.locks import Freshness, Lock, State, Target
from envcheck.model.readings import RawFile
from tests.support.uv_edits import EDITS, Edit
from tests.support.uv_projects import (
    CHOICES,
    CONFLICTING,
    DISTRIBUTIONS,
    PROJECTS,
    Choice,
    Uv,
    applying,
    as_exported,
    environments,
)
from tests.support.wheelhouse import served, write_index, write_wheel

pytestmark = pytest.mark.tools


@dataclass(frozen=True)
class Project:
    """A project that uv has locked."""

    folder: Path
    lock_path: str

    @property
    def script(self) -> str:
        """The script that it is the lock of, or nothing."""
        return self.lock_path.removesuffix(".lock") if self.lock_path.endswith(".py.lock") else ""

    def lock(self) -> Lock:
        """Return the lock as we read it."""
        reading = uv_lock.read(RawFile(self.lock_path, (self.folder / self.lock_path).read_bytes()))
        assert reading.problems == ()
        assert reading.value.lock
        return reading.value.lock

    def manifests(self) -> tuple[RawFile, ...]:
        """Return those files that it is made from which exist."""
        paths = [path for path in self.lock().made_from if (self.folder / path).exists()]
        return tuple(RawFile(path, (self.folder / path).read_bytes()) for path in paths)

    def freshness(self) -> Freshness:
        """Return whether we think that the lock follows its manifests."""
        return self.lock().freshness(self.manifests())


class Workshop:
    """Makes projects and locks them with uv."""

    def __init__(self, folder: Path, index: str) -> None:
        self.folder = folder
        self.uv = Uv(folder, index)
        self._words = {"{index}": index, "{repository}": str(folder / "repository"), "{commit}": _repository(folder)}
        self._locked: dict[str, Project] = {}

    def locked(self, name: str) -> Project:
        """Return a project of the table, locked once."""
        if name not in self._locked:
            folder = self.folder / "projects" / name.replace(" ", "-")
            for path, text in PROJECTS[name].items():
                write(folder / path, self.filled(text))
            write_wheel(folder / "wheels", "packed", "1.0", ("gamma",))
            script = next((path for path in PROJECTS[name] if path.endswith(".py")), "")
            self.uv.run(folder, "lock", *(("--script", script) if script else ()))
            self._locked[name] = Project(folder, f"{script}.lock" if script else "uv.lock")
        return self._locked[name]

    def filled(self, text: str) -> str:
        """Return a text with what differs from run to run."""
        for word, value in self._words.items():
            text = text.replace(word, value)
        return text

    def copy(self, name: str, folder: Path) -> Project:
        """Return a copy of a locked project that may be edited."""
        project = self.locked(name)
        shutil.copytree(project.folder, folder)
        return Project(folder, project.lock_path)

    def is_fresh(self, project: Project) -> bool:
        """Ask uv whether a lock follows its manifests."""
        arguments = ["lock", "--check", *(("--script", project.script) if project.script else ())]
        return self.uv.run(project.folder, *arguments, check=False).returncode == 0


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _repository(folder: Path) -> str:
    """Make a repository with tags and a branch, each with another project, and return the first commit."""
    repository = folder / "repository"
    repository.mkdir()
    _git(repository, "init", "-q", "-b", "main")
    author = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    for name, *mark in (
        ("tagged", "tag", "v1"),
        ("named", "tag", "v2"),
        ("zeta", "tag", "v3"),
        ("branched", "branch", "side"),
    ):
        for path, project in (("", name), ("below/", "below")):
            text = f'[project]\nname = "{project}"\nversion = "1.0"\ndependencies = ["gamma"]\n'
            write(repository / f"{path}pyproject.toml", text)
        _git(repository, "add", "-A")
        _git(repository, *author, "commit", "-q", "-m", name)
        _git(repository, *mark)
    return _git(repository, "rev-parse", "v1")


def _git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=repository, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    folder = tmp_path_factory.mktemp("uv")
    write_index(folder / "web", DISTRIBUTIONS)
    shutil.copytree(folder / "web/simple", folder / "web/second")
    write_wheel(folder / "web/simple/epsilon", "archive", "1.0", ("alpha",))
    with served(folder / "web") as index:
        yield Workshop(folder, index)


def chosen(target: Target, choice: Choice) -> Target:
    extras, groups, defaults = choice
    return replace(target, extras=extras, groups=groups, default_groups=defaults)


@pytest.mark.parametrize("name", [name for name in PROJECTS if name != "dated"])
def test_selection_is_what_uv_exports(name: str, workshop: Workshop) -> None:
    project = workshop.locked(name)
    lock, manifests = project.lock(), project.manifests()
    compared = 0
    for choice in CONFLICTING if name == "conflicts" else CHOICES:
        exported = workshop.uv.exported(project.folder, project.script, choice)
        for target in environments():
            selection = lock.select(chosen(target, choice), manifests)
            if selection.uncovered:
                continue
            assert as_exported(selection.entries) == applying(exported, target), (
                choice,
                target.python,
                target.platform,
            )
            compared += 1
    assert compared >= 18


@pytest.mark.parametrize("name", PROJECTS)
def test_fresh_lock_is_fresh(name: str, workshop: Workshop) -> None:
    project = workshop.locked(name)
    assert project.freshness() == Freshness(State.FRESH)
    assert workshop.is_fresh(project)


@pytest.mark.parametrize("edit", EDITS.values(), ids=list(EDITS))
def test_edited_manifest(edit: Edit, workshop: Workshop, tmp_path: Path) -> None:
    name, path, old, new, words = edit
    project = workshop.copy(name, tmp_path / "project")
    text = (project.folder / path).read_text(encoding="utf-8")
    assert old in text
    (project.folder / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    freshness = project.freshness()

    assert (freshness.state is State.FRESH) is workshop.is_fresh(project)
    told = [departure.words for departure in freshness.departures]
    assert sorted(told) == sorted(workshop.filled(words).split("; ") if words else [])


@pytest.mark.parametrize(
    ("name", "platform", "python"),
    [
        ("settings", "aarch64-apple-darwin", "3.11"),
        ("settings", "x86_64-pc-windows-msvc", "3.11"),
        ("plain", "aarch64-apple-darwin", "3.11"),
    ],
)
def test_what_is_not_covered_uv_does_not_install(name: str, platform: str, python: str, workshop: Workshop) -> None:
    project = workshop.locked(name)
    follow = project.lock().manager.follow.split()[1:]
    done = workshop.uv.run(project.folder, *follow, "--dry-run", "--python-platform", platform, check=False)
    system = {"aarch64-apple-darwin": "darwin", "x86_64-pc-windows-msvc": "win32"}[platform]
    (target,) = (
        each for each in environments() if each.markers["sys_platform"] == system and each.python.startswith(python)
    )
    assert bool(project.lock().select(target, project.manifests()).uncovered) is (done.returncode != 0), done.stderr


@pytest.mark.parametrize("name", PROJECTS)
def test_commands_do_what_they_are_for(name: str, workshop: Workshop, tmp_path: Path) -> None:
    project = workshop.copy(name, tmp_path / "project")
    folder = (project.folder / project.lock_path).parent
    before = (project.folder / project.lock_path).read_bytes()
    manager = project.lock().manager
    if name != "settings":  # one of whose default groups is for newer Pythons
        workshop.uv.run(folder, *manager.follow.split()[1:], "--dry-run")
    (project.folder / project.lock_path).unlink()
    workshop.uv.run(folder, *manager.renew.split()[1:])
    assert (project.folder / project.lock_path).read_bytes() == before


def test_lock_without_metadata_is_never_proven(workshop: Workshop, tmp_path: Path) -> None:
    project = workshop.copy("plain", tmp_path / "project")
    (project.folder / project.lock_path).unlink()
    workshop.uv.run(project.folder, "lock", "--preview-features", "lock-without-metadata")
    assert project.freshness() == Freshness(State.UNKNOWN)
    assert project.lock().select(next(environments()), project.manifests()).entries


@pytest.mark.parametrize("path", ["uv", "uv-conflicts", "uv-script"])
def test_selection_from_samples(path: str, workshop: Workshop, samples: Path) -> None:
    """Locks that somebody made elsewhere, with real distributions."""
    compare_everywhere(samples / path, workshop)


@pytest.mark.corpus
def test_selection_from_corpus(workshop: Workshop, corpus: Path) -> None:
    locks = sorted(corpus.rglob("uv.lock"))
    assert locks
    for lock in locks:
        compare_everywhere(lock.parent, workshop)


def compare_everywhere(folder: Path, workshop: Workshop) -> None:
    lock_path = next(path.name for path in folder.iterdir() if path.name.endswith(".lock"))
    project = Project(folder, lock_path)
    lock, manifests = project.lock(), project.manifests()
    extras, groups = offered(manifests)
    choices: list[Choice] = [((), (), True), ((), (), False)]
    choices += [((extra,), (), True) for extra in extras] + [((), (group,), False) for group in groups]
    compared = 0
    for choice in choices:
        exported = workshop.uv.exported(project.folder, project.script, choice)
        for target in environments():
            selection = lock.select(chosen(target, choice), manifests)
            if not selection.uncovered:
                assert as_exported(selection.entries) == applying(exported, target), (folder, choice, target)
                compared += 1
    assert compared >= 9


def offered(manifests: tuple[RawFile, ...]) -> tuple[list[str], list[str]]:
    """Return the extras and groups that the manifest beside a lock offers."""
    path, data = manifests[0].path, manifests[0].data
    tables = tomli.loads(data.decode()) if path.endswith(".toml") else {}
    return list(tables.get("project", {}).get("optional-dependencies", ())), list(tables.get("dependency-groups", ()))
