"""What a pdm.lock wants, and whether it is fresh, is what pdm itself says: of its own locks, for many environments."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment

from envcheck.gather.declarations import pdm_lock
from envcheck.model.locks import Lock, State, Target
from envcheck.model.readings import RawFile
from tests.support.wheelhouse import write_wheel

pytestmark = pytest.mark.tools

ASK = """
import io, json, os, sys
from pathlib import Path
from pdm.cli import actions
from pdm.cli.filters import GroupSelection
from pdm.core import Core
from pdm.models.markers import EnvSpec
from pdm.exceptions import PdmException

def selected(project, ask):
    selection = GroupSelection(project, default=True, dev=ask["dev"], groups=ask["groups"])
    selection.validate()
    groups = list(selection)
    dependencies = project._resolve_dependencies(list(groups))
    requirements = [one for group in groups for one in project.get_dependencies(group, dependencies)]
    spec = EnvSpec.from_spec(*ask["spec"])
    packages = actions.resolve_from_lockfile(project, requirements, groups, spec)
    return {p.candidate.req.key: p.candidate.version for p in packages}

answers = []
for ask in json.load(sys.stdin):
    project = Core().create_project(ask["root"])
    project.project_config["python.use_venv"] = False
    project.python  # resolves, and stays
    try:
        answers.append(selected(project, ask) if "spec" in ask else not actions.check_lockfile(project, False))
    except PdmException as error:
        answers.append(str(error))
json.dump(answers, sys.stdout)
"""
WHEELS = {
    ("numlib", "1.9"): [],
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
    ("jup", "8.0"): ["richer>=13", 'backport; python_version < "3.12"'],
    ("backport", "1.0"): [],
    ("cowsay", "6.1"): [],
    ("tester", "9.0"): ["plug>=1", 'colour; sys_platform == "win32"'],
    ("plug", "1.5"): [],
    ("linty", "4.0"): [],
    ("docgen", "7.0"): ["richer"],
    ("wheelish", "0.4"): [],
    ("local-need", "1.0"): [],
    ("pep-dep", "1.0"): [],
}
PROJECT = """
[project]
name = "demo-pdm"
version = "0.2.0"
requires-python = ">=3.10,<3.14"
dependencies = [
  "numlib>=2.0,<2.5",
  "tomlish>=2 ; python_version < '3.11'",
  "colour ; sys_platform == 'win32'",
  "richer[nb]<14",
]
[project.optional-dependencies]
viz = ["cowsay==6.1"]
all = ["demo-pdm[viz]", "wheelish"]
[dependency-groups]
test = ["tester>=8"]
lint = ["linty", {include-group = "test"}]
[tool.pdm]
distribution = false
[tool.pdm.dev-dependencies]
docs = ["docgen", "wheelish; python_version >= '3.12' and sys_platform != 'win32'"]
%s
[[tool.pdm.source]]
name = "pypi"
type = "find_links"
url = "%s"
"""
SPECS = [
    ("==3.10.4", "manylinux_2_17_x86_64", "cpython"),
    ("==3.11.7", "windows_amd64", "cpython"),
    ("==3.12.1", "macos_14_0_arm64", "cpython"),
    ("==3.13.0", "manylinux_2_17_aarch64", "pypy"),
]
MARKERS = {
    "manylinux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "windows": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows", "platform_machine": "AMD64"},
    "macos": {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
}
CHOICES: dict[str, tuple[bool | None, list[str]]] = {
    "as it is": (None, []),
    "production": (False, []),
    "one extra": (None, ["viz"]),
    "an extra alone": (False, ["viz"]),
    "an extra of extras": (False, ["all"]),
    "one group for developers": (None, ["test"]),
    "a group that includes another": (None, ["lint"]),
    "a group of pdm's own": (None, ["docs", "viz"]),
}
LOCKS = {
    "inherited": ("", ["-G", ":all"]),
    "some groups": ("", ["-G", "test"]),
    "graph": ("", ["-G", ":all", "-S", "no_inherit_metadata"]),
    "lock inputs": ("[tool.pdm.resolution]\nlock_inputs = true", ["-G", ":all"]),
    "two targets": ("", ["-G", ":all", "--platform", "linux"]),
    "overridden": ('[tool.pdm.resolution]\nexcludes = ["plug"]\noverrides = {numlib = "1.9"}', []),
    "cross platform": ("", ["-G", ":all", "-S", "cross_platform"]),
}
Ask = Mapping[str, object]
Asked = Callable[[list[Ask]], list[Any]]


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the variables of a process that knows nothing of this machine's settings and projects."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PDM_", "VIRTUAL_ENV"))}
    return {**kept, "HOME": str(tmp_path_factory.mktemp("home")), "PDM_CHECK_UPDATE": "0", "PDM_PYTHON": sys.executable}


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    for (name, version), requires in WHEELS.items():
        write_wheel(folder, name, version, requires)
    return folder


@pytest.fixture(scope="session")
def asked(with_pdm: Path, alone: dict[str, str]) -> Asked:
    """Return a function that asks pdm many things in one process."""

    def answers(asks: list[Ask]) -> list[Any]:
        done = subprocess.run(
            [with_pdm, "-c", ASK], input=json.dumps(asks), capture_output=True, text=True, env=alone, check=True
        )
        found: list[Any] = json.loads(done.stdout[done.stdout.rindex("\n[") + 1 if "\n[" in done.stdout else 0 :])
        return found

    return answers


@pytest.fixture(scope="session")
def locked(with_pdm: Path, alone: dict[str, str], wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a project for each way to lock, locked by pdm itself."""
    root = tmp_path_factory.mktemp("projects")
    for name, (settings, options) in LOCKS.items():
        folder = root / name
        folder.mkdir()
        (folder / "pyproject.toml").write_text(PROJECT % (settings, wheels.as_uri()), encoding="utf-8")
        pdm: list[str | Path] = [with_pdm, "-m", "pdm", "lock", "-q", *options]
        subprocess.run(pdm, cwd=folder, env=alone, check=True)
    more: list[str | Path] = [
        with_pdm,
        "-m",
        "pdm",
        "lock",
        "-q",
        "--append",
        "--platform",
        "windows",
        "--python",
        ">=3.11",
        "-G",
        ":all",
    ]
    subprocess.run(more, cwd=root / "two targets", env=alone, check=True)
    return root


def read(folder: Path) -> tuple[Lock, tuple[RawFile, ...]]:
    """Return the lock of a project and the manifests that it is made from."""
    reading = pdm_lock.read(RawFile("pdm.lock", (folder / "pdm.lock").read_bytes()))
    assert reading.problems == ()
    lock = reading.value.lock
    assert lock
    paths = [path for path in lock.made_from if (folder / path).is_file()]
    return lock, tuple(RawFile(path, (folder / path).read_bytes()) for path in paths)


def target(spec: tuple[str, str, str], dev: bool | None, groups: list[str]) -> Target:
    python = spec[0].strip("=")
    system = spec[1].partition("_")[0]
    markers = {
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
        "implementation_name": spec[2],
        "platform_python_implementation": "PyPy" if spec[2] == "pypy" else "CPython",
        "platform_machine": spec[1].split("_", 3)[-1],
        **MARKERS[system],
    }
    return Target(python, "", markers, (), tuple(groups), dev is None)


@pytest.mark.parametrize("name", LOCKS)
def test_selection_is_what_pdm_would_install(name: str, locked: Path, asked: Asked) -> None:
    folder = locked / name
    cases = [(spec, dev, groups) for spec in SPECS for dev, groups in CHOICES.values()]
    answers = asked([{"root": str(folder), "spec": s, "dev": dev, "groups": groups} for s, dev, groups in cases])
    lock, manifests = read(folder)
    differences: list[object] = []
    for case, answer in zip(cases, answers, strict=True):
        ours = lock.select(target(*case), manifests)
        assert {"demo-pdm"} == ours.own
        versions: object = {entry.name: entry.constraint.exact for entry in ours.entries}
        if isinstance(answer, str):
            if not ours.uncovered or ours.entries:
                differences.append((case, versions, answer))
        elif versions != answer or ours.uncovered:
            differences.append((case, versions, answer, ours.uncovered))
    assert differences == []


def test_selections_are_of_all_kinds(locked: Path, asked: Asked) -> None:
    asks: list[Ask] = [{"root": str(locked / "two targets"), "spec": s, "dev": None, "groups": []} for s in SPECS]
    told = [answer if isinstance(answer, str) else len(answer) for answer in asked(asks)]
    assert told == [12, 12, "No compatible lock target found", "No compatible lock target found"]


@pytest.mark.parametrize("options", [[], ["--prod"], ["-G", "viz"], ["-G", "lint"]], ids=" ".join)
def test_selection_is_what_the_command_says(
    options: list[str], locked: Path, with_pdm: Path, alone: dict[str, str], tmp_path: Path
) -> None:
    venv.create(tmp_path, with_pip=False)
    python = tmp_path / "bin" / "python"
    folder = locked / "inherited"
    command: list[str | Path] = [with_pdm, "-m", "pdm", "sync", "--dry-run", *options]
    environment = {**alone, "PDM_PYTHON": str(python), "PDM_IGNORE_SAVED_PYTHON": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    told = [line.split() for line in done.stdout.splitlines() if line.strip().startswith("- ")]
    lock, manifests = read(folder)
    groups = tuple(options[1:]) if options[:1] == ["-G"] else ()
    markers: dict[str, str] = dict(default_environment())  # type: ignore[arg-type]
    ours = lock.select(Target("", "", markers, (), groups, options[:1] != ["--prod"]), manifests)
    assert sorted(entry.raw for entry in ours.entries) == sorted(f"{name}=={version}" for _, name, version in told)


EDITS: dict[str, tuple[str, str]] = {
    "nothing": ("", ""),
    "a comment": ("[project]", "# why\n[project]"),
    "the version of the project": ('version = "0.2.0"', 'version = "0.3.0"'),
    "wider": ("<2.5", "<2.6"),
    "narrower, still satisfied": ("<2.5", "<2.4"),
    "narrower": ("<2.5", "<2.1"),
    "in another order": (">=2.0,<2.5", "<2.5,>=2.0"),
    "new requirement": ('"richer[nb]<14"', '"richer[nb]<14", "pep-dep"'),
    "requirement gone": ('"colour ; ', '# "colour ; '),
    "another marker": ("python_version < '3.11'", "python_version < '3.12'"),
    "another spelling of the marker": ("python_version < '3.11'", "python_version<'3.11'"),
    "extra gone": ("richer[nb]", "richer"),
    "another name for an extra": ("viz = [", "plots = ["),
    "new group": ("test = [", 'more = ["pep-dep"]\ntest = ['),
    "group of another requirement": ('"tester>=8"', '"tester>=10"'),
    "included group gone": (', {include-group = "test"}', ""),
    "requires-python": (">=3.10,<3.14", ">=3.11,<3.14"),
    "requires-python in another order": (">=3.10,<3.14", "<3.14,>=3.10"),
    "another index": ('name = "pypi"', 'name = "pypi"\nverify_ssl = false'),
    "override": ("[tool.pdm]", '[tool.pdm.resolution.overrides]\nnumlib = "1.9"\n[tool.pdm]'),
    "a setting of something else": ("[tool.pdm]", "[tool.other]\nx = 1\n[tool.pdm]"),
    "from a repository": ('"richer[nb]<14"', '"richer[nb] @ git+https://example.org/richer@v1"'),
}


@pytest.mark.parametrize("name", ["inherited", "some groups", "lock inputs"])
def test_freshness_is_what_pdm_tells(name: str, locked: Path, asked: Asked, tmp_path: Path) -> None:
    folder = locked / name
    text = (folder / "pyproject.toml").read_text(encoding="utf-8")
    for edit, (old, new) in EDITS.items():
        assert old in text
        edited = tmp_path / edit
        edited.mkdir()
        changed = text.replace(old, new, 1)
        if edit == "override" and name == "lock inputs":
            changed = text.replace("lock_inputs = true", 'lock_inputs = true\noverrides = {numlib = "1.9"}')
        (edited / "pyproject.toml").write_text(changed, encoding="utf-8")
        (edited / "pdm.lock").write_bytes((folder / "pdm.lock").read_bytes())
    answers = asked([{"root": str(tmp_path / edit)} for edit in EDITS])
    ours = []
    for edit in EDITS:
        lock, manifests = read(tmp_path / edit)
        ours.append(lock.freshness(manifests))
    told = {edit: answer is True for edit, answer in zip(EDITS, answers, strict=True)}  # else stale, or no project
    assert {edit: one.state is State.FRESH for edit, one in zip(EDITS, ours, strict=True)} == told
    assert State.UNKNOWN not in [one.state for one in ours]
    assert len(set(told.values())) == 2


LOCAL = """
[project]
name = "Local_One"
version = "0.1"
dependencies = ["local-need>=1"]
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
"""
MANIFESTS = {
    "folder": ('"richer[nb]<14"', '"local-one @ file:///${PROJECT_ROOT}/libs/one"'),
    "editable folder": (
        "[tool.pdm.dev-dependencies]",
        "%s\nmine = ['-e file:///${PROJECT_ROOT}/libs/one#egg=local-one']",
    ),
    "workspace": ("[tool.pdm]", "[tool.pdm.workspace]\nmembers = ['libs/*']\n[tool.pdm]"),
    "workspace by name": ("[tool.pdm]", "[tool.pdm.workspace]\nmembers = ['libs/one']\n[tool.pdm]"),
}
LOCAL_EDITS = {
    "nothing": ("", ""),
    "wider": (">=1", ">=0.5"),
    "unsatisfied": (">=1", ">=2"),
    "new": (">=1", '>=1", "pep-dep'),
    "another version": ('"0.1"', '"0.2"'),
    "dynamic": ('version = "0.1"', 'dynamic = ["version"]'),
}


@pytest.mark.parametrize("inputs", [False, True], ids=["hash", "inputs"])
@pytest.mark.parametrize("name", MANIFESTS)
def test_freshness_with_other_projects(  # noqa: PLR0917 - fixtures
    name: str, inputs: bool, with_pdm: Path, alone: dict[str, str], wheels: Path, asked: Asked, tmp_path: Path
) -> None:
    settings = "[tool.pdm.resolution]\nlock_inputs = true" if inputs else ""
    old, new = MANIFESTS[name]
    text = PROJECT % (settings, wheels.as_uri())
    assert old in text
    for number, (before, after) in enumerate(LOCAL_EDITS.values()):
        folder = tmp_path / "project" if number == 0 else tmp_path / str(number)
        (folder / "libs" / "one").mkdir(parents=True)
        (folder / "pyproject.toml").write_text(text.replace(old, new.replace("%s", old)), encoding="utf-8")
        (folder / "libs" / "one" / "pyproject.toml").write_text(LOCAL.replace(before, after, 1), encoding="utf-8")
        if number == 0:
            subprocess.run([with_pdm, "-m", "pdm", "lock", "-q", "-G", ":all"], cwd=folder, env=alone, check=True)
        else:
            (folder / "pdm.lock").write_bytes((tmp_path / "project" / "pdm.lock").read_bytes())
    folders = [tmp_path / ("project" if number == 0 else str(number)) for number in range(len(LOCAL_EDITS))]
    answers = asked([{"root": str(folder)} for folder in folders])
    ours = []
    for folder in folders:
        lock, manifests = read(folder)
        ours.append(lock.freshness(manifests).state is State.FRESH)
    told = dict(zip(LOCAL_EDITS, answers, strict=True))
    assert dict(zip(LOCAL_EDITS, ours, strict=True)) == told


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["corpus/vIQA", "samples/pdm", "samples/pdm-lock-inputs"])
def test_real_locks_are_read_as_pdm_reads_them(name: str, corpus: Path, asked: Asked, tmp_path: Path) -> None:
    folder = corpus.parent / name
    for file in ("pyproject.toml", "pdm.lock"):
        # The path of a local distribution is of another machine, and pdm insists on looking there.
        (tmp_path / file).write_text((folder / file).read_text(encoding="utf-8"), encoding="utf-8")
    cases = [(spec, dev, groups) for spec in SPECS for dev, groups in list(CHOICES.values())[:3]]
    asks: list[Ask] = [{"root": str(tmp_path), "spec": s, "dev": dev, "groups": groups} for s, dev, groups in cases]
    answers = asked([*asks, {"root": str(tmp_path)}])
    lock, manifests = read(tmp_path)
    for case, answer in zip(cases, answers[:-1], strict=True):
        ours = lock.select(target(*case), manifests)
        if isinstance(answer, str):
            assert ours.uncovered, (case, answer)
        else:
            found = {entry.name: entry.constraint.exact or answer.get(entry.name) for entry in ours.entries}
            assert found == answer, case
    assert (lock.freshness(manifests).state is State.FRESH) is (answers[-1] is True)
