"""poetry.lock and ``[tool.poetry]`` say to us what they say to Poetry 2.5, in projects that it locks on the spot."""

from __future__ import annotations

import itertools
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.version import Version

from envcheck.gather.declarations import poetry_lock, pyproject
from envcheck.gather.documents.poetry_constraints import poetry_constraint
from envcheck.model.locks import Lock, Selection, State, Target
from envcheck.model.markers import marker_holds
from envcheck.model.readings import RawFile
from envcheck.model.requirements import DirectKind, Requirement
from tests.support.interpreters import make_venv
from tests.support.poetry_oracle import Poetry, index
from tests.unit.documents.test_poetry_constraints import ACCEPTED, REFUSED, VERSIONS, texts

pytestmark = pytest.mark.tools

PACKAGES = [
    ("alpha", "1.0", ["Requires-Dist: beta>=1", "Requires-Dist: colourful; sys_platform == 'win32'"]),
    ("alpha", "1.2", ["Requires-Dist: beta>=1", "Requires-Dist: colourful; sys_platform == 'win32'"]),
    ("alpha", "2.0", ["Requires-Dist: beta>=2"]),
    ("beta", "1.0", []),
    ("beta", "1.5", ["Requires-Dist: gamma"]),
    ("beta", "2.0", ["Requires-Python: >=3.11", "Requires-Dist: delta<2"]),
    ("gamma", "1.0", ["Requires-Dist: delta>=1; python_version < '3.12'"]),
    ("delta", "1.0", []),
    ("delta", "2.0", []),
    (
        "epsilon",
        "1.0",
        [
            "Provides-Extra: fast",
            "Provides-Extra: all",
            "Requires-Dist: zeta; extra == 'fast'",
            "Requires-Dist: epsilon[fast]; extra == 'all'",
            "Requires-Dist: eta; extra == 'all' and os_name == 'posix'",
        ],
    ),
    ("zeta", "1.0", []),
    ("eta", "1.0", ["Requires-Dist: zeta"]),
    ("colourful", "0.4", []),
    ("ring-one", "1.0", ["Requires-Dist: ring-two"]),
    ("ring-two", "1.0", ["Requires-Dist: ring.one", "Requires-Dist: theta; platform_system == 'Darwin'"]),
    ("theta", "1.0", []),
    ("theta", "1.1", []),
]
LEGACY = """\
[tool.poetry]
name = "Demo_Project"
version = "0.1.0"
description = ""
authors = []

[tool.poetry.dependencies]
python = "^3.9"
Alpha = "^1.0"
beta = [
    { version = "~1.5", python = "<3.11" },
    { version = "2.*", python = "^3.11" },
]
epsilon = { version = "*", extras = ["all"], optional = true }
"ring.one" = { version = ">=1 <2", optional = true, platform = "linux || darwin" }
theta = { version = "1.0 || >=3", markers = "platform_machine == 'x86_64'" }

[tool.poetry.extras]
quick = ["epsilon"]
round = ["ring-one", "epsilon"]

[tool.poetry.dev-dependencies]
gamma = "*"

[tool.poetry.group.docs]
optional = true

[tool.poetry.group.docs.dependencies]
colourful = "^0.4"
eta = { version = "1.0", python = ">=3.10" }

[[tool.poetry.source]]
name = "made-up"
url = "INDEX"
"""
MODERN = """\
[project]
name = "demo-project"
version = "0.1.0"
requires-python = ">=3.9,<4.0"
dependencies = ["alpha (>=1,<2)", "beta", "delta ; sys_platform == 'linux'"]

[project.optional-dependencies]
quick = ["epsilon[fast]"]
round = ["ring.one>=1", "epsilon[all] ; python_version >= '3.11'"]

[dependency-groups]
dev = ["gamma", { include-group = "lint" }]
lint = ["theta==1.0"]
docs = ["eta"]

[tool.poetry]
package-mode = false

[tool.poetry.dependencies]
beta = [{ version = "<2", python = "<3.11" }, { source = "made-up", python = ">=3.11" }]
colourful = "*"

[tool.poetry.group.docs]
optional = true

[tool.poetry.group.more]
include-groups = ["docs"]
optional = true

[tool.poetry.group.more.dependencies]
colourful = "<1"

[[tool.poetry.source]]
name = "made-up"
url = "INDEX"
"""
PLATFORMS = {
    "linux": ("posix", "Linux", "x86_64"),
    "darwin": ("posix", "Darwin", "arm64"),
    "win32": ("nt", "Windows", "AMD64"),
}
PYTHONS = ("3.9.18", "3.10.13", "3.11.7", "3.13.0")
CHOICES: list[dict[str, Any]] = [
    {"extras": [], "groups": [], "default_groups": True},
    {"extras": ["quick"], "groups": [], "default_groups": True},
    {"extras": ["quick", "round"], "groups": ["docs"], "default_groups": True},
    {"extras": ["Round"], "groups": [], "default_groups": False},
    {"extras": [], "groups": ["docs"], "default_groups": False},
]


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with index(tmp_path_factory.mktemp("index"), PACKAGES) as url:
        yield url


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory, poetry: Poetry, made_up: str) -> dict[str, Path]:
    """Return the projects by name: two that Poetry has locked, and the first as older Poetries wrote its lock."""
    root = tmp_path_factory.mktemp("projects")
    found = {name: root / name for name in ("legacy", "modern", "lock 2.0", "lock 1.1")}
    for name, text in (("legacy", LEGACY), ("modern", MODERN)):
        found[name].mkdir()
        (found[name] / "pyproject.toml").write_text(text.replace("INDEX", made_up), encoding="utf-8")
        poetry(found[name], "lock")
    lock = (found["legacy"] / "poetry.lock").read_text(encoding="utf-8")
    for name, text in (("lock 2.0", as_2_0(lock)), ("lock 1.1", as_1_1(lock))):
        found[name].mkdir()
        shutil.copy(found["legacy"] / "pyproject.toml", found[name])
        (found[name] / "poetry.lock").write_text(text, encoding="utf-8")
    return found


def as_2_0(lock: str) -> str:
    """Return a lock as Poetry 1.8 writes it: without groups and markers of its entries."""
    lock = re.sub(r"^(?:groups|markers) = .*\n", "", lock, flags=re.MULTILINE)
    return lock.replace('lock-version = "2.1"', 'lock-version = "2.0"').replace("Poetry 2.5.1", "Poetry 1.8.5")


def as_1_1(lock: str) -> str:
    """Return a lock as Poetry 1.1 writes it: without a first line, and all files at the end."""
    lock = as_2_0(lock).partition("\n\n")[2].replace('lock-version = "2.0"', 'lock-version = "1.1"')
    names = re.findall(r'^name = "(.*)"', lock, re.MULTILINE)
    files = re.findall(r"^files = (\[\n(?:    .*\n)*\])\n", lock, re.MULTILINE)
    tables = "".join(f"{name} = {dict(zip(names, files, strict=True))[name]}\n" for name in sorted(set(names)))
    return re.sub(r"^files = \[\n(?:    .*\n)*\]\n", "", lock, flags=re.MULTILINE) + f"\n[metadata.files]\n{tables}"


def lock_of(project: Path) -> tuple[Lock, tuple[RawFile, ...]]:
    reading = poetry_lock.read(RawFile("poetry.lock", (project / "poetry.lock").read_bytes()))
    assert reading.problems == ()
    assert reading.value.lock
    return reading.value.lock, (RawFile("pyproject.toml", (project / "pyproject.toml").read_bytes()),)


def environment(python: str, platform: str) -> dict[str, str]:
    os_name, system, machine = PLATFORMS[platform]
    return {
        "implementation_name": "cpython",
        "implementation_version": python,
        "os_name": os_name,
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": system,
        "platform_version": "",
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "sys_platform": platform,
    }


def versions(selection: Selection) -> list[list[str]]:
    """Return names and versions of what is selected, but for the project itself."""
    assert selection.uncovered == ""
    entries = [entry for entry in selection.entries if entry.name not in selection.own]
    return sorted([entry.name, str(Version(entry.constraint.exact or "0"))] for entry in entries)


@pytest.mark.parametrize("name", ["legacy", "modern", "lock 2.0", "lock 1.1"])
def test_selection_is_that_of_poetrys_installer(name: str, projects: dict[str, Path], poetry: Poetry) -> None:
    lock, manifests = lock_of(projects[name])
    cases, ours = [], []
    for python, platform, choice in itertools.product(PYTHONS, PLATFORMS, CHOICES):
        markers = environment(python, platform)
        cases.append({"folder": str(projects[name]), "markers": markers, "is_anything_fresh": False, **choice})
        target = Target(python, "", markers, tuple(choice["extras"]), tuple(choice["groups"]), choice["default_groups"])
        ours.append(versions(lock.select(target, manifests)))
    assert ours == poetry.selected(cases)
    assert len({str(selection) for selection in ours}) >= 19


@pytest.mark.parametrize("name", ["legacy", "modern", "lock 2.0"])
@pytest.mark.parametrize(
    ("options", "extras", "groups", "default_groups"),
    [
        pytest.param([], [], [], True, id="nothing"),
        pytest.param(["--with", "docs", "--extras", "quick round"], ["quick", "round"], ["docs"], True, id="with"),
        pytest.param(["--without", "dev,lint"], [], [], False, id="without"),
    ],
)
def test_selection_is_what_the_command_would_do(  # noqa: PLR0917
    name: str,
    options: list[str],
    extras: list[str],
    groups: list[str],
    default_groups: bool,
    projects: dict[str, Path],
    poetry: Poetry,
) -> None:
    if not (projects[name] / ".venv").exists():
        make_venv(projects[name] / ".venv")
    if name != "modern":
        options = [option.replace("dev,lint", "dev") for option in options]
    said = poetry(projects[name], "sync", "--dry-run", *options)
    markers = {key: str(value) for key, value in default_environment().items()}
    python = ".".join(map(str, sys.version_info[:3]))
    lock, manifests = lock_of(projects[name])
    selection = lock.select(Target(python, "", markers, tuple(extras), tuple(groups), default_groups), manifests)
    assert versions(selection) == sorted(
        list(found) for found in re.findall(r"- Installing (\S+) \(([\w.]+)\)$", said, re.MULTILINE)
    )
    assert ("Installing the current project" in said) is any(e.name in selection.own for e in selection.entries)


EDITS = [
    ("nothing", "", ""),
    ("a comment", "[tool.poetry]", "# why\n[tool.poetry]"),
    ("blank lines", "\n\n", "\n\n\n\n"),
    ("version of the project", 'version = "0.1.0"', 'version = "0.2.0"'),
    ("name of the project", "emo", "ema"),
    ("description", 'description = ""', 'description = "x"'),
    ("quotes", '"*"', "'*'"),
    ("table instead of text", '= "*"', '= { version = "*" }'),
    ("other spelling of a constraint", ">=1 <2", ">=1,<2"),
    ("other constraint", '"^1.0"', '"^1.1"'),
    ("alpha (>=1,<2) turned", "alpha (>=1,<2)", "alpha (<2,>=1)"),
    ("added", "[tool.poetry.dependencies]\n", '[tool.poetry.dependencies]\nzeta = "*"\n'),
    ("removed", 'Alpha = "^1.0"\n', ""),
    ("removed from a list", '"beta", ', ""),
    ("python", "^3.9", "^3.10"),
    ("requires-python", ">=3.9,<4.0", ">=3.9"),
    ("extra renamed", "quick", "swift"),
    ("extra shortened", '["ring-one", "epsilon"]', '["ring-one"]'),
    ("group", 'colourful = "^0.4"', 'colourful = "*"'),
    ("optional group", "optional = true\n\n", "optional = false\n\n"),
    ("dependency group", '"theta==1.0"', '"theta"'),
    ("order of tables", '[tool.poetry.extras]\nquick = ["epsilon"]\n', "[tool.poetry.extras]\n"),
    ("order of a list", '"alpha (>=1,<2)", "beta"', '"beta", "alpha (>=1,<2)"'),
    ("development", 'gamma = "*"', 'gamma = ">0"'),
    ("source", 'name = "made-up"', 'name = "elsewhere"'),
    ("package mode", "package-mode = false", "package-mode = true"),
    ("another tool", "[tool.poetry.group.docs]\n", "[tool.ruff]\nx = 1\n[tool.poetry.group.docs]\n"),
    ("scripts", "[tool.poetry.group.docs]\n", "[tool.poetry.scripts]\nx = 'a:b'\n[tool.poetry.group.docs]\n"),
]


@pytest.mark.parametrize("name", ["legacy", "modern", "lock 2.0", "lock 1.1"])
def test_freshness_is_what_poetry_checks(name: str, projects: dict[str, Path], poetry: Poetry) -> None:
    lock, (manifest,) = lock_of(projects[name])
    text = manifest.data.decode()
    edited = {title: text.replace(old, new, 1) for title, old, new in EDITS if old in text}
    assert len(edited) >= 15
    fresh = dict(zip(edited, poetry.fresh(projects[name] / "poetry.lock", list(edited.values())), strict=True))
    states = {k: lock.freshness((RawFile("pyproject.toml", v.encode()),)).state for k, v in edited.items()}
    assert states == {title: State.FRESH if is_fresh else State.CHANGED for title, is_fresh in fresh.items()}
    assert {*fresh.values()} == {True, False}


def test_check_says_what_freshness_says(projects: dict[str, Path], poetry: Poetry, tmp_path: Path) -> None:
    shutil.copytree(projects["legacy"], tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".venv"))
    assert poetry.succeeds(tmp_path, "check", "--lock")
    text = (tmp_path / "pyproject.toml").read_text(encoding="utf-8").replace('Alpha = "^1.0"', 'zeta = "^1.0"')
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert not poetry.succeeds(tmp_path, "check", "--lock")
    lock, manifests = lock_of(tmp_path)
    assert lock.freshness(manifests).state is State.CHANGED


def accepted(text: str) -> list[bool] | None:
    try:
        constraint = poetry_constraint(text)
    except ValueError:
        return None
    return [constraint.allows(version) for version in VERSIONS]


def test_constraints_accept_what_poetry_accepts(poetry: Poetry) -> None:
    asked = [*ACCEPTED, *REFUSED, *texts(700)]
    answers = dict(zip(asked, poetry.accepted(asked, VERSIONS), strict=True))
    assert [text for text, theirs in answers.items() if (accepted(text) is None) is not (theirs is None)] == []
    differing = {
        (text, version)
        for text, theirs in answers.items()
        for version, left, right in zip(VERSIONS, accepted(text) or [], theirs or [], strict=False)
        if left is not right
    }
    # poetry-core accepts 1.post1 for !=1, as PEP 440 has it, but forgets it as soon as anything stands beside it.
    assert {(text, version) for text, version in differing if not ("!=" in text and "post" in version)} == set()


TABLES = {
    "legacy": LEGACY,
    "modern": MODERN,
    "origins": """\
[tool.poetry]
package-mode = false
[tool.poetry.dependencies]
python = "~3.9 || ^3.11"
one = { git = "https://host.example/a/one.git", branch = "main" }
two = { git = "https://host.example/a/two.git", rev = "0123456789abcdef0123456789abcdef01234567" }
three = { git = "https://host.example/a/three.git", tag = "v3", subdirectory = "sub", extras = ["x"] }
four = { url = "https://host.example/four-1.0.tar.gz" }
six = { version = "^1", python = "~3.10 || >3.11", platform = "!=win32", markers = "os_name == 'posix'" }
seven = [{ version = "1", platform = "win32" }, { version = "!=1,<2", platform = "linux,!=darwin" }]
eight = { version = ">=1", allow-prereleases = true, source = "other", python = "3.9" }
nine = { version = "*", optional = true, markers = "extra == 'n'" }
ten = { version = "2", python = "<=3.10" }
""",
    "mixed": """\
[project]
name = "x"
version = "1"
dynamic = ["dependencies"]
[project.optional-dependencies]
a = ["one>=1"]
[tool.poetry.dependencies]
python = "^3.9"
one = { version = "<3" }
two = "^1"
three = { version = "*", optional = true }
""",
}


def shown(requirement: Requirement) -> tuple[str, str, str, str]:
    direct = requirement.direct
    if direct is None:
        return requirement.name, "", "", ""
    return requirement.name, "git" if direct.kind is DirectKind.VCS else direct.kind.value, direct.url, direct.revision


@pytest.mark.parametrize("name", TABLES)
def test_tables_declare_what_poetry_reads(name: str, poetry: Poetry, tmp_path: Path) -> None:
    text = TABLES[name].replace("INDEX", "https://index.example/simple")
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    reading = pyproject.read(RawFile("pyproject.toml", text.encode()))
    theirs = poetry.declared(tmp_path)
    extras = {(e[1], extra) for e in theirs["entries"] for extra in (*e[5], "optional", "")}

    ours = [(r.group, shown(r)) for r in reading.value.requirements]
    # Poetry joins what [project] and its own table say of a name, and a group has what it includes.
    names = {(e[0], e[1], *e[7:10]) for e in theirs["entries"]}
    for group, (distribution, *origin) in ours:
        key = "main" if (distribution, group) in extras else group
        assert (key, distribution, *origin) in names
    assert {e[1] for e in theirs["entries"]} == {distribution for _, (distribution, *_) in ours}
    check_meaning(reading.value.requirements, theirs["entries"], poetry)
    pythons = ["3.8.1", "3.9.0", "3.9.7", "3.10.2", "3.11.0", "3.13.2", "4.0.0"]
    accepted = [all(r.constraint.allows(version) for r in reading.value.python) for version in pythons]
    assert accepted == poetry.accepts([(theirs["python"], version) for version in pythons])


def check_meaning(requirements: Sequence[Requirement], entries: list[list[Any]], poetry: Poetry) -> None:
    """Check that the entries of each name accept the same versions in the same environments."""
    versions = [version for version in VERSIONS if "post" not in version]  # see the test of constraints
    environments = [{**environment(p, s), "extra": ""} for p in (*PYTHONS, "3.11.0") for s in PLATFORMS]
    held = iter(poetry.holds([(entry[3], env) for entry in entries for env in environments]))
    allowed = iter(poetry.accepts([(entry[2], version) for entry in entries for version in versions]))
    holding = [[next(held) for _ in environments] for _ in entries]
    accepting = [{version for version in versions if next(allowed)} for _ in entries]
    for name, (number, env) in itertools.product({entry[1] for entry in entries}, enumerate(environments)):
        theirs = [a for e, h, a in zip(entries, holding, accepting, strict=True) if e[1] == name and h[number]]
        ours = [r for r in requirements if r.name == name and (not r.marker or marker_holds(r.marker, env))]
        assert bool(ours) == bool(theirs), (name, env)
        common = [
            {v for v in versions if all(r.constraint.allows(v) for r in ours if r.group in ("", group))}
            for group in {r.group for r in ours}
        ]
        assert set().union(*common) == set().union(*theirs), (name, env)
