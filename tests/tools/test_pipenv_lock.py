"""What a Pipfile.lock wants, and whether it is fresh, is what pipenv itself says, of its own locks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.markers import Marker, default_environment
from packaging.utils import canonicalize_name

from envcheck.gather.declarations import pipfile, pipfile_lock
from envcheck.model.locks import Freshness, Lock, State, Target
from envcheck.model.readings import RawFile
from tests.support.wheelhouse import write_pages, write_wheel

pytestmark = pytest.mark.tools

VERIFY = """
import json, os, sys
from pipenv.project import Project
answers = []
for folder in json.load(sys.stdin):
    os.chdir(folder)
    os.environ["PIPENV_PIPFILE"] = os.path.join(folder, "Pipfile")
    project = Project()
    answers.append(project.lockfile.hash() == project.pipfile.calculate_hash())
json.dump(answers, sys.stdout)
"""
WHEELS = {
    ("numlib", "2.0"): [],
    ("numlib", "2.2"): [],
    ("numlib", "2.5"): [],
    ("tomlish", "2.0"): [],
    ("colour", "0.4"): [],
    ("richer", "13.0"): [
        'termish>=1; sys_platform != "win32"',
        'wincon; sys_platform == "win32"',
        'jup; extra == "nb"',
    ],
    ("termish", "1.1"): [],
    ("wincon", "3.0"): [],
    ("jup", "8.0"): ["richer>=13", 'backport; python_version < "3.7"'],
    ("backport", "1.0"): [],
    ("cowsay", "6.1"): [],
    ("tester", "9.0"): ["plug>=1", "numlib"],
    ("plug", "1.5"): [],
    ("docgen", "7.0"): ["richer"],
}
PIPFILE = """\
[[source]]
name = "pypi"
url = "%s"
verify_ssl = true

[packages]
NumLib = ">=2.0,<2.5"
colour = {version = "*", sys_platform = "== 'win32'"}
tomlish = {version = ">=2", markers = "python_version < '3.8' or os_name == 'posix'"}
richer = {extras = ["nb"], version = "<14"}
local-one = {path = "./libs/one", editable = true}

[dev-packages]
tester = "*"

[docs]
docgen = ">=7"
cowsay = "==6.1"

[requires]
python_version = "%d.%d"
"""
LOCAL = '[project]\nname = "local-one"\nversion = "0.1"\n[build-system]\nrequires = []\nbuild-backend = "back"\n'
LOCAL += 'backend-path = ["."]\n'
BACKEND = """
from zipfile import ZipFile
def _wheel(folder):
    with ZipFile(folder + "/local_one-0.1-py3-none-any.whl", "w") as archive:
        base = "local_one-0.1.dist-info/"
        archive.writestr(base + "METADATA", "Metadata-Version: 2.1\\nName: local-one\\nVersion: 0.1\\n")
        archive.writestr(base + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        archive.writestr(base + "RECORD", "")
    return "local_one-0.1-py3-none-any.whl"
def build_wheel(folder, settings=None, metadata=None):
    return _wheel(folder)
build_editable = build_wheel
"""
ENVIRONMENTS = [
    {},
    {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
    {"python_version": "3.6", "python_full_version": "3.6.15"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "python_version": "3.13", "python_full_version": "3.13.0"},
]
CHOICES: dict[str, tuple[tuple[str, ...], bool, list[str]]] = {
    "by itself": ((), True, []),
    "dev": (("dev",), True, ["--dev"]),
    "develop": (("develop",), False, ["--dev-only"]),
    "category": (("docs",), False, ["--categories", "docs"]),
    "categories": (("docs", "dev-packages"), True, ["--categories", "packages dev-packages docs"]),
}


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the variables of a process that knows nothing of this machine's projects."""
    dropped = ("PIPENV_", "PIP_", "VIRTUAL_ENV", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    ours = {"PIPENV_VENV_IN_PROJECT": "1", "PIPENV_IGNORE_VIRTUALENVS": "1", "PIPENV_NOSPIN": "1", "PIPENV_QUIET": "1"}
    return {**kept, **ours, "HOME": str(tmp_path_factory.mktemp("home")), "PIP_CONFIG_FILE": os.devnull}


@pytest.fixture(scope="session")
def project(with_pipenv: Path, alone: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project that pipenv has locked."""
    root = tmp_path_factory.mktemp("project")
    files = [write_wheel(root / "wheels", *names, requires) for names, requires in WHEELS.items()]
    folder = root / "app"
    (folder / "libs" / "one").mkdir(parents=True)
    (folder / "libs" / "one" / "pyproject.toml").write_text(LOCAL, encoding="utf-8")
    (folder / "libs" / "one" / "back.py").write_text(BACKEND, encoding="utf-8")
    index = write_pages(root / "simple", files)
    (folder / "Pipfile").write_text(PIPFILE % (index, *sys.version_info[:2]), encoding="utf-8")
    pipenv(with_pipenv, alone, folder, "lock", "--python", sys.executable)
    return folder


def pipenv(with_pipenv: Path, alone: dict[str, str], folder: Path, *arguments: str, check: bool = True) -> str:
    """Run pipenv in a folder and return what it says."""
    done = subprocess.run(
        [with_pipenv, "-m", "pipenv", *arguments], cwd=folder, env=alone, capture_output=True, text=True, check=False
    )
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def read(folder: Path) -> Lock:
    reading = pipfile_lock.read(RawFile("Pipfile.lock", (folder / "Pipfile.lock").read_bytes()))
    assert reading.problems == ()
    assert reading.value.lock
    return reading.value.lock


def freshness(folder: Path) -> Freshness:
    return read(folder).freshness((RawFile("Pipfile", (folder / "Pipfile").read_bytes()),))


def here(more: dict[str, str]) -> dict[str, str]:
    return {**default_environment(), **more}  # type: ignore[dict-item]


@pytest.mark.parametrize(("groups", "default", "options"), CHOICES.values(), ids=CHOICES)
def test_selection_is_what_pipenv_gives_as_requirements(  # noqa: PLR0917 - fixtures
    groups: tuple[str, ...], default: bool, options: list[str], project: Path, with_pipenv: Path, alone: dict[str, str]
) -> None:
    said = pipenv(with_pipenv, alone, project, "requirements", "--exclude-index", *options).splitlines()
    lines = [line.removeprefix("-e ") for line in said]
    for more in ENVIRONMENTS:
        wanted = {
            body.strip() for body, _, marker in (line.partition(";") for line in lines) if holds(marker, here(more))
        }
        ours = read(project).select(Target("", "", here(more), (), groups, default), ())
        assert {spelled(entry.name, entry.extras, entry) for entry in ours.entries} == wanted


def holds(marker: str, environment: dict[str, str]) -> bool:
    return not marker.strip() or Marker(marker).evaluate(environment)


def spelled(name: str, extras: tuple[str, ...], entry: object) -> str:
    direct, raw = getattr(entry, "direct", None), str(getattr(entry, "raw", ""))
    if direct:
        return str(direct.url)
    return raw.replace(name, f"{name}[{','.join(extras)}]", 1) if extras else raw


@pytest.mark.parametrize(
    ("options", "groups", "default"),
    [([], (), True), (["--dev"], ("dev",), True), (["--categories", "docs"], ("docs",), False)],
    ids=["by itself", "dev", "category"],
)
def test_selection_is_what_pipenv_installs(  # noqa: PLR0917 - fixtures
    options: list[str],
    groups: tuple[str, ...],
    default: bool,
    project: Path,
    with_pipenv: Path,
    alone: dict[str, str],
    tmp_path: Path,
) -> None:
    for name in ("Pipfile", "Pipfile.lock"):
        (tmp_path / name).write_bytes((project / name).read_bytes())
    (tmp_path / "libs").symlink_to(project / "libs")
    pipenv(with_pipenv, alone, tmp_path, "sync", "--python", sys.executable, *options)
    (site,) = tmp_path.glob(".venv/lib/python*/site-packages")
    found = {str(canonicalize_name(one.metadata["Name"])): one.version for one in distributions(path=[str(site)])}
    ours = read(project).select(Target("", "", here({}), (), groups, default), ())
    versions = {
        entry.name: entry.constraint.exact or found.get(canonicalize_name(entry.name)) for entry in ours.entries
    }
    assert versions == {name: version for name, version in found.items() if name not in ("pip", "setuptools", "wheel")}


EDITS: dict[str, tuple[str, str]] = {
    "nothing": ("", ""),
    "a comment": ("[packages]", "# why\n[packages]"),
    "a script": ("[requires]", '[scripts]\nrun = "python"\n[requires]'),
    "a setting": ("[requires]", "[pipenv]\nallow_prereleases = true\n[requires]"),
    "another spelling of a name": ("NumLib", "numlib"),
    "wider": ("<2.5", "<2.6"),
    "in another order": (">=2.0,<2.5", "<2.5,>=2.0"),
    "narrower": ("<2.5", "<2.1"),
    "new": ("[dev-packages]", 'plug = "*"\n[dev-packages]'),
    "gone": ("cowsay", "# cowsay"),
    "moved to developers": ('[dev-packages]\ntester = "*"', '[dev-packages]\ntester = "*"\nplug = "*"'),
    "extra gone": ('extras = ["nb"], ', ""),
    "another marker": ("== 'win32'", "== 'darwin'"),
    "another category": ("[docs]", "[documents]"),
    "new category": ("[docs]", "[lint]\n[docs]"),
    "another Python": ('python_version = "', 'python_version = "1'),
    "full version of Python": ("[requires]", '[requires]\npython_full_version = "3.11.4"'),
    "another index": ("verify_ssl = true", "verify_ssl = false"),
    "no longer editable": ("editable = true", "editable = false"),
    "table for text": ('"==6.1"', '{version = "==6.1"}'),
    "from a repository": ('tester = "*"', 'tester = {git = "https://example.org/tester", ref = "v1"}'),
    "no index": ("[[source]]", "[pipenv]"),
}


def test_freshness_is_what_pipenv_tells(
    project: Path, with_pipenv: Path, alone: dict[str, str], tmp_path: Path
) -> None:
    text = (project / "Pipfile").read_text(encoding="utf-8")
    folders = {}
    for edit, (old, new) in EDITS.items():
        assert old in text
        folders[edit] = tmp_path / edit
        folders[edit].mkdir()
        (folders[edit] / "Pipfile").write_text(text.replace(old, new, 1), encoding="utf-8")
        (folders[edit] / "Pipfile.lock").write_bytes((project / "Pipfile.lock").read_bytes())
    asked = json.dumps([str(folder) for folder in folders.values()])
    done = subprocess.run(
        [with_pipenv, "-c", VERIFY], input=asked, env=alone, capture_output=True, text=True, check=True
    )
    told = dict(zip(EDITS, json.loads(done.stdout), strict=True))
    ours = {edit: freshness(folder) for edit, folder in folders.items()}
    assert {edit: one.state is State.FRESH for edit, one in ours.items()} == told
    assert {edit for edit, one in ours.items() if one.state is State.UNKNOWN} <= {"no index"}
    assert sum(told.values()) == 5
    for edit in ("wider", "nothing"):
        said = subprocess.run([with_pipenv, "-m", "pipenv", "verify"], cwd=folders[edit], env=alone, check=False)
        assert told[edit] is (said.returncode == 0)


def test_usual_index_is_taken_from_the_lock(with_pipenv: Path, alone: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "Pipfile").write_text("[packages]\n", encoding="utf-8")
    pipenv(with_pipenv, alone, tmp_path, "lock", "--python", sys.executable)
    assert freshness(tmp_path).state is State.FRESH
    (tmp_path / "Pipfile").write_text("[packages]\n[lint]\n", encoding="utf-8")
    assert freshness(tmp_path).state is State.CHANGED


def _extras(names: Sequence[str]) -> str:
    return f"[{','.join(names)}]" if names else ""


def test_what_the_pipfile_declares_is_what_pipenv_reads(
    project: Path, with_pipenv: Path, alone: dict[str, str]
) -> None:
    said = pipenv(
        with_pipenv, alone, project, "requirements", "--no-lock", "--exclude-index", "--exclude-markers", "--dev"
    )
    ours = pipfile.read(RawFile("Pipfile", (project / "Pipfile").read_bytes()))
    assert ours.problems == ()
    wanted = [one for one in ours.value.requirements if one.group != "docs" and not one.direct]
    lines = {one.shown_name + _extras(one.extras) + one.constraint.text for one in wanted}
    assert lines == {line for line in said.splitlines() if not line.startswith("-e")}


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["corpus/sigir20*/notebooks", "samples/pipenv"])
def test_real_locks_are_read_as_pipenv_reads_them(
    name: str, corpus: Path, with_pipenv: Path, alone: dict[str, str], tmp_path: Path
) -> None:
    (folder,) = corpus.parent.glob(name)
    for file in ("Pipfile", "Pipfile.lock"):
        (tmp_path / file).write_bytes((folder / file).read_bytes())
    lines = pipenv(with_pipenv, alone, tmp_path, "requirements", "--exclude-index", "--dev").splitlines()
    for more in ENVIRONMENTS:
        ours = read(tmp_path).select(Target("", "", here(more), (), ("dev",)), ())
        wanted = [
            body.strip() for body, _, marker in (line.partition(";") for line in lines) if holds(marker, here(more))
        ]
        assert len(ours.entries) == len(wanted)
        plain = {spelled(entry.name, entry.extras, entry) for entry in ours.entries if not entry.direct}
        assert plain == {line for line in wanted if not line.startswith(("-e ", "/"))}
    said = subprocess.run([with_pipenv, "-m", "pipenv", "verify"], cwd=tmp_path, env=alone, check=False)
    assert (freshness(tmp_path).state is State.FRESH) is (said.returncode == 0)
