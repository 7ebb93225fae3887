"""What the real pip-compile and uv write is read as a lock, and judged fresh exactly when they would write it again."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from envcheck.gather.declarations import requirements_txt
from envcheck.model.declarations import Declaration
from envcheck.model.locks import Freshness, Lock, State, Target
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Role
from tests.support.evidence import MARKERS
from tests.support.pip_reading import by_pip, by_us
from tests.support.wheelhouse import write_wheel

pytestmark = pytest.mark.tools

UV = shutil.which("uv", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))))
TARGET = Target("3.11.7", "linux-64", MARKERS)
WHEELS = {
    ("alpha", "1.0"): ["beta>=1", "gamma; extra == 'fast'"],
    ("alpha", "2.0"): ["beta>=1", "gamma; extra == 'fast'"],
    ("beta", "1.0"): ["delta"],
    ("beta", "2.0"): ["delta"],
    ("gamma", "1.5"): [],
    ("delta", "0.9"): [],
    ("delta", "1.1"): [],
    ("Eps.ilon", "1.0"): ["setuptools"],
    ("win-only", "3.0"): [],
    ("old-only", "1.0"): [],
    ("setuptools", "80.0"): [],
    ("zeta", "1.0"): [],
}
NEEDS = {
    "alpha": {"beta", "gamma"},
    "beta": {"delta"},
    "eps-ilon": {"setuptools"},
}
FILES = {
    "requirements.in": "-c constraints.txt\n-r sub/base.in\nalpha[fast]>=1\n"
    "win-only; sys_platform == 'win32'\nold-only; python_version < '3'\neps.ilon\n",
    "constraints.txt": "beta<2\n",
    "sub/base.in": "delta<1  # why\n",
    "pyproject.toml": '[project]\nname = "My.Demo"\nversion = "1"\ndependencies = ["alpha"]\n'
    '[project.optional-dependencies]\nx = ["gamma>1"]\ny = ["zeta"]\n'
    '[dependency-groups]\ndev = ["eps.ilon", {include-group = "more"}]\nmore = ["delta"]\n',
    "setup.cfg": "[metadata]\nname = cfg-demo\n[options]\ninstall_requires =\n    alpha\n    zeta\n",
}


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    for (name, version), requires in WHEELS.items():
        write_wheel(folder, name, version, requires, extras=["fast"] if name == "alpha" else [])
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, FILES)
    return tmp_path


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def run(arguments: list[str], folder: Path, house: Path, **environ: str) -> str:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_"))}
    settings = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(house), "PIP_CONFIG_FILE": os.devnull, "UV_OFFLINE": "1"}
    found = subprocess.run(
        arguments, cwd=folder, env={**kept, **settings, **environ}, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def pip_compile(folder: Path, house: Path, *options: str, **environ: str) -> None:
    command = [sys.executable, "-m", "piptools", "compile", "-q", "--no-config", "--no-emit-options", *options]
    run(command, folder, house, **environ)


def uv_compile(folder: Path, house: Path, *options: str, **environ: str) -> None:
    if UV is None:
        pytest.skip("uv is not here")
    where = ["--no-index", "--find-links", str(house), "--python", sys.executable, "--no-config"]
    run([UV, "pip", "compile", "-q", *where, *options], folder, house, **environ)


Compile = Callable[..., None]
COMPILERS = [pytest.param(pip_compile, id="pip-compile"), pytest.param(uv_compile, id="uv")]


@pytest.fixture(scope="module", params=COMPILERS)
def compiled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, house: Path) -> Path:
    """Return a project with its compiled file, to be copied."""
    folder = tmp_path_factory.mktemp("compiled")
    write(folder, FILES)
    request.param(folder, house, "-o", "requirements.txt", "--strip-extras", "requirements.in")
    return folder


def read(root: Path, path: str) -> Declaration:
    reading = requirements_txt.read(RawFile(path, (root / path).read_bytes()))
    assert reading.problems == ()
    return reading.value


def lock_of(root: Path, path: str) -> Lock:
    lock = read(root, path).lock
    assert lock is not None
    return lock


def freshness(root: Path, path: str = "requirements.txt") -> Freshness:
    lock = lock_of(root, path)
    found = [name for name in lock.made_from if (root / name).is_file()]
    return lock.freshness(tuple(RawFile(name, (root / name).read_bytes()) for name in found))


OUTPUTS = [
    pytest.param("requirements.txt", ["--strip-extras", "requirements.in"], id="split"),
    pytest.param("requirements.txt", ["--annotation-style=line", "requirements.in"], id="line"),
    pytest.param("requirements.txt", ["--generate-hashes", "--no-strip-extras", "requirements.in"], id="hashes"),
    pytest.param(
        "requirements.txt",
        ["--generate-hashes", "--annotation-style=line", "--no-strip-extras", "requirements.in"],
        id="hashes in line style",
    ),
    pytest.param("requirements/dev.txt", ["requirements.in"], id="in another folder"),
    pytest.param("requirements.txt", ["--extra", "x", "pyproject.toml"], id="pyproject"),
    pytest.param("requirements.txt", ["--all-extras", "pyproject.toml", "sub/base.in"], id="two sources"),
    pytest.param("requirements.txt", ["-c", "constraints.txt", "sub/base.in"], id="constraints as option"),
]


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize(("output", "options"), OUTPUTS)
def test_what_compilers_write_is_read_back(  # noqa: PLR0917 - fixtures come by position
    output: str, options: list[str], compiler: Compile, project: Path, house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / output).parent.mkdir(exist_ok=True)
    compiler(project, house, "-o", output, *options)
    monkeypatch.chdir((project / output).parent)
    declaration = read(project, output)
    assert by_us(project / output).requirements == by_pip(project / output).requirements
    assert {r.role for r in declaration.requirements} == {Role.LOCKED}
    names = {str(r.name) for r in declaration.requirements}
    for requirement in declaration.requirements:
        expected = NEEDS.get(requirement.name, set()) & names
        if requirement.name == "alpha" and "requirements.in" not in options:
            expected.discard("gamma")  # nobody asks for the extra there
        assert set(requirement.needs) == expected, requirement.name
    assert freshness(project, output) == Freshness(State.FRESH)


@pytest.mark.parametrize("compiler", COMPILERS)
def test_header_may_tell_another_command_and_annotations_may_be_missing(
    compiler: Compile, project: Path, house: Path
) -> None:
    compiler(project, house, "-o", "requirements.txt", "--no-annotate", "requirements.in")
    assert freshness(project).state is State.UNKNOWN
    compiler(project, house, "-o", "requirements.txt", "requirements.in", CUSTOM_COMPILE_COMMAND="make lock",
             UV_CUSTOM_COMPILE_COMMAND="make lock")  # fmt: skip
    assert lock_of(project, "requirements.txt").manager.renew == "make lock"
    assert freshness(project) == Freshness(State.FRESH)


def test_setup_cfg_is_read(project: Path, house: Path) -> None:
    (project / "setup.py").write_text("import setuptools\nsetuptools.setup()\n", encoding="utf-8")
    text = (
        "#\n# This file is autogenerated by pip-compile with Python 3.11\n# by the following command:\n#\n"
        "#    pip-compile --output-file=requirements.txt setup.cfg\n#\n"
        "alpha==2.0\n    # via cfg-demo (setup.cfg)\nbeta==2.0\n    # via alpha\ndelta==1.1\n    # via beta\n"
    )
    (project / "requirements.txt").write_text(text, encoding="utf-8")
    assert [d.words for d in freshness(project).departures] == ["zeta is new"]


def test_groups_and_left_out_packages_of_uv(project: Path, house: Path) -> None:
    groups = ["--group", "dev", "--group", "pyproject.toml:more", "pyproject.toml", "--no-emit-package", "delta"]
    uv_compile(project, house, "-o", "requirements.txt", *groups)
    assert freshness(project) == Freshness(State.FRESH)
    text = FILES["pyproject.toml"].replace('more = ["delta"]', 'more = ["delta", "zeta"]')
    write(project, {"pyproject.toml": text})
    assert [d.words for d in freshness(project).departures] == ["zeta is new"]


def test_universal_files_select_by_platform(project: Path, house: Path) -> None:
    uv_compile(project, house, "-o", "requirements.txt", "--universal", "requirements.in")
    lock = lock_of(project, "requirements.txt")
    markers = {**MARKERS, "sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"}
    here = {str(e.name) for e in lock.select(TARGET, ()).entries}
    on_windows = {str(e.name) for e in lock.select(Target("3.11.7", "win-64", markers), ()).entries}
    assert on_windows - here == {"win-only"}
    assert read(project, "requirements.txt").python == ()
    assert freshness(project) == Freshness(State.FRESH)
    report = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet"]
    found = json.loads(run([*report, "--report", "-", "-r", "requirements.txt"], project, house))
    assert here == {item["metadata"]["name"].lower().replace(".", "-") for item in found["install"]}


def edited(path: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        text = (root / path).read_text(encoding="utf-8")
        assert old in text
        (root / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


CASES = [
    pytest.param(edited("requirements.in", "eps.ilon\n", "eps.ilon\nzeta\n"), ["zeta is new"], id="1 added"),
    pytest.param(
        edited("requirements.in", "eps.ilon\n", "eps.ilon\nzeta; python_version > '3'\n"),
        ["zeta is new"],
        id="1 added with a marker that holds",
    ),
    pytest.param(
        edited("sub/base.in", "delta<1", "delta>=1"),
        ["delta is locked at 0.9, sub/base.in wants >=1"],
        id="2 unsatisfied",
    ),
    pytest.param(
        edited("requirements.in", "alpha[fast]>=1", "alpha @ https://files.example/alpha-1.0.zip"),
        ["alpha is locked at 2.0, requirements.in wants https://files.example/alpha-1.0.zip"],
        id="2 from elsewhere",
    ),
    pytest.param(
        edited("constraints.txt", "beta<2", "beta<1"),
        ["beta is locked at 1.0, constraints.txt allows <1"],
        id="3 constraint violated",
    ),
    pytest.param(
        edited("requirements.in", "eps.ilon\n", ""), ["eps-ilon is no longer wanted by requirements.in"], id="4 orphan"
    ),
    pytest.param(
        edited("requirements.in", "eps.ilon\n", "eps.ilon; python_version < '3'\n"),
        ["eps-ilon is no longer wanted by requirements.in"],
        id="4 orphan by its marker",
    ),
    pytest.param(
        edited("requirements.txt", "alpha==2.0\n    # via -r requirements.in\n", ""),
        [
            "alpha is new",
            "alpha is not locked but wants beta, edited by hand",
            "alpha is not locked but wants gamma, edited by hand",
        ],
        id="5 a parent deleted by hand, which is missing too",
    ),
    pytest.param(
        edited("requirements.txt", "#   alpha", "#   alpho"),
        ["alpho is not locked but wants beta, edited by hand"],
        id="5 edited by hand",
    ),
    pytest.param(
        edited("requirements.in", "eps.ilon\n", "eps.ilon\nbeta\n"),
        ["beta is not annotated with requirements.in"],
        id="6 annotation lacks the source",
    ),
    pytest.param(edited("requirements.in", "alpha[fast]>=1", "alpha[fast]<3,>=1"), [], id="same by meaning"),
    pytest.param(edited("constraints.txt", "beta<2", "beta<=1.9,!=1.5"), [], id="constraint that still holds"),
    pytest.param(
        edited("requirements.in", "eps.ilon\n", "eps.ilon\nzeta; sys_platform == 'win32'\n"),
        [],
        id="a line for a platform that may be another",
    ),
]


@pytest.mark.parametrize(("edit", "words"), CASES)
def test_each_case_is_named_and_nothing_else(
    edit: Callable[[Path], None], words: list[str], compiled: Path, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(compiled, project)
    edit(project)
    found = freshness(project)
    assert [d.words for d in found.departures] == words
    assert found.state is (State.CHANGED if words else State.FRESH)
    assert all(d.place and (project / d.place.path).is_file() for d in found.departures)


def test_a_file_included_since_counts_once_it_is_handed_over(compiled: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(compiled, project)
    edited("requirements.in", "eps.ilon\n", "eps.ilon\n-r sub/more.in\n")(project)
    write(project, {"sub/more.in": "zeta\n"})
    assert freshness(project) == Freshness(State.UNKNOWN)
    lock = lock_of(project, "requirements.txt")
    files = tuple(RawFile(path, (project / path).read_bytes()) for path in (*lock.made_from, "sub/more.in"))
    assert [d.words for d in lock.freshness(files).departures] == ["zeta is new"]


def test_an_extra_shows_where_extras_are_kept(project: Path, house: Path) -> None:
    write(project, {"requirements.in": "alpha\n"})
    pip_compile(project, house, "-o", "requirements.txt", "requirements.in")
    assert freshness(project) == Freshness(State.FRESH)
    write(project, {"requirements.in": "alpha[fast]\n"})
    assert [d.words for d in freshness(project).departures] == ["alpha wants the extra fast"]


def test_extras_that_ask_for_each_other(project: Path, house: Path) -> None:
    text = FILES["pyproject.toml"].replace('["zeta"]', '["my.demo[x]", "zeta"]')
    write(project, {"pyproject.toml": text})
    uv_compile(project, house, "-o", "requirements.txt", "--extra", "y", "pyproject.toml")
    assert freshness(project) == Freshness(State.FRESH)
    write(project, {"pyproject.toml": text.replace("gamma>1", "gamma<1")})
    assert [d.words for d in freshness(project).departures] == ["gamma is locked at 1.5, pyproject.toml wants <1"]


def test_a_python_of_its_own_is_a_demand(project: Path, house: Path) -> None:
    pip_compile(project, house, "-o", "requirements.txt", "requirements.in")
    (python,) = read(project, "requirements.txt").python
    series = ".".join(map(str, sys.version_info[:2]))
    assert (python.role, python.constraint.text, python.place.line) == (Role.LOCKED, f"=={series}.*", 2)
    uv_compile(project, house, "-o", "other-requirements.txt", "--python-version", "3.12", "requirements.in")
    assert [p.constraint.text for p in read(project, "other-requirements.txt").python] == ["==3.12.*"]


CHANGES = [
    ("requirements.in", "alpha[fast]>=1", [f"alpha[fast]{v}" for v in ("", "<2", "==1.0", ">1,<=2", "!=1.5")]),
    ("requirements.in", "eps.ilon\n", ["", "Eps-Ilon\n", "eps_ilon==1.*\n", "eps.ilon\nzeta\n", "eps.ilon\nbeta\n"]),
    ("requirements.in", "-r sub/base.in\n", ["", "-r sub/base.in\ndelta\n", "-r other.in\n"]),
    ("requirements.in", "-c constraints.txt\n", ["", "-c constraints.txt\n-c other.txt\n"]),
    ("requirements.in", "old-only; python_version < '3'\n", ["", "zeta; python_version >= '3'\n"]),
    ("constraints.txt", "beta<2", ["", "beta>=2", "beta!=2", "beta<2\ngamma<1.5.1\n", "delta<2\nbeta<2"]),
    ("sub/base.in", "delta<1", ["delta<=0.9", "delta>1", "", "delta<1\ngamma\n"]),
]


def pins(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.lstrip().startswith("#")]


def body(root: Path) -> list[str]:
    lines = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(("compiler", "rounds"), [pytest.param(pip_compile, 10, id="pip-compile"),
                                                  pytest.param(uv_compile, 60, id="uv")])  # fmt: skip
def test_changed_means_that_the_compiler_writes_something_else(
    compiler: Compile, rounds: int, project: Path, house: Path
) -> None:
    draw = random.Random(3)
    write(project, {"other.in": "zeta\n", "other.txt": "zeta<5\n"})
    compiler(project, house, "-o", "requirements.txt", "--strip-extras", "requirements.in")
    first = (project / "requirements.txt").read_text(encoding="utf-8")
    told = dict.fromkeys(State, 0)
    for _ in range(rounds):
        write(project, {**FILES, "requirements.txt": first})
        for path, old, choices in draw.sample(CHANGES, draw.choice((1, 1, 2))):
            edited(path, old, draw.choice(choices))(project)
        found, before = freshness(project), body(project)
        compiler(project, house, "-o", "requirements.txt", "--strip-extras", "requirements.in")
        sources = "\n".join((project / path).read_text() for path in ("requirements.in", "constraints.txt"))
        if found.state is State.CHANGED:
            assert body(project) != before, (found, sources)
        elif found.state is State.FRESH:
            # A new constraint that holds already is annotated, and nothing else.
            assert pins(body(project)) == pins(before), (found, sources)
        told[found.state] += 1
        # A file of constraints that limits nothing is in no annotation, so that it is not known.
        assert freshness(project).state is not State.CHANGED
    assert told[State.CHANGED] > rounds // 4
    assert told[State.FRESH] > rounds // 8
