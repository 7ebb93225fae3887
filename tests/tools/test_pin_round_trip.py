"""Environment → ``envcheck pin --write`` → a new environment by the real tool: the same versions, whatever is newer."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from envcheck.cli.main import main
from tests.support.conda_channel import CondaPackage, install, make_channel, python_itself, python_package
from tests.support.conda_environments import PYTHON as FULL_PYTHON
from tests.support.conda_shim import make_runnable
from tests.support.interpreters import make_venv
from tests.support.planted import tool, write_notebook
from tests.support.poetry_oracle import Poetry
from tests.support.round_trip import NEWER, PINNED, Market, Way, opened, versions_in
from tests.support.synced import NEXT_PYTHON, PYTHON

pytestmark = pytest.mark.tools

REQUIREMENTS = """\
# what the analysis needs
alpha>=1,<3  # tables
gamma[fast]
delta
Ring_A ~= 7.0
rho>=1.0rc1
windows>=1 ; sys_platform == "win32"
alpha<1.1 ; sys_platform == "win32"
"""
FORKED = """\
    "alpha>=1,<3 ; sys_platform != 'win32'",
    "alpha<1.1 ; sys_platform == 'win32'",
"""
ALONE = '    "alpha >= 1",\n'
LISTED = f"""\
{ALONE}    "gamma[fast]",
    "delta",  # the big one
    "Ring_A ~= 7.0",
    "rho>=1.0rc1",
    "windows>=1 ; sys_platform == 'win32'",
"""
PROJECT = f"""\
[project]
name = "lab"
version = "0.1"
requires-python = ">={PYTHON},<{NEXT_PYTHON}"
dependencies = [
{LISTED}]

[dependency-groups]
dev = ["testing>=5"]

"""
POETRY_SOURCE = '[[tool.poetry.source]]\nname = "made"\nurl = "{index}"\n'
POETRY_LEGACY = f"""\
[tool.poetry]
package-mode = false

[tool.poetry.dependencies]
python = "~{PYTHON}"
alpha = [
    {{version = ">=1,<3", markers = "sys_platform != 'win32'"}},
    {{version = "<1.1", markers = "sys_platform == 'win32'"}},
]
gamma = {{version = "^1.2", extras = ["fast"]}}
delta = "*"
Ring_A = "~7"
rho = {{version = ">=1.0rc1", allow-prereleases = true}}
windows = {{version = "^1", markers = "sys_platform == 'win32'"}}

[tool.poetry.group.dev.dependencies]
testing = "^5"

"""
PIPFILE = f"""\
[[source]]
name = "made"
url = "{{index}}"
verify_ssl = false

[packages]
alpha = ">=1,<3"
gamma = {{{{version = "*", extras = ["fast"]}}}}
delta = "*"
Ring_A = "~=7.0"
rho = ">=1.0rc1"
windows = {{{{version = "==1.0", markers = "sys_platform == 'win32'"}}}}

[dev-packages]
testing = ">=5"

[requires]
python_version = "{PYTHON}"
"""


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    with opened(tmp_path / "market") as market:
        yield market


def by_pip(market: Market) -> Way:
    def make(project: Path) -> None:
        python = make_venv(project / ".venv")
        pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", python, "install", "-q"]
        tool([*pip, "-r", "requirements-dev.txt"], project, market.ground)

    return Way({"requirements.txt": REQUIREMENTS, "requirements-dev.txt": "-r requirements.txt\ntesting>=5\n"}, make)


def by_uv(market: Market) -> Way:
    def make(project: Path) -> None:
        there = {"UV_OFFLINE": "false", "UV_FIND_LINKS": "", "UV_DEFAULT_INDEX": market.url}
        for verb in ("lock", "sync"):
            tool([sys.executable, "-m", "uv", verb, "--no-cache", "--python", sys.executable], project, market.ground,
                 **there)  # fmt: skip

    return Way({"pyproject.toml": PROJECT.replace(ALONE, FORKED)}, make, ("uv.lock",))


def by_poetry(manifest: str) -> Callable[[Market, Poetry], Way]:
    def way(market: Market, poetry: Poetry) -> Way:
        def make(project: Path) -> None:
            environ = {**poetry.environ, "POETRY_CACHE_DIR": str(project.parent / f"{project.name}-cache")}
            for words in (["lock"], ["install", "--no-root"]):
                command: list[str | Path] = [poetry.python, "-m", "poetry", "--no-interaction", *words]
                tool(command, project, market.ground, **environ)

        return Way({"pyproject.toml": manifest + POETRY_SOURCE.format(index=market.url)}, make, ("poetry.lock",))

    return way


def by_pdm(market: Market, python: Path) -> Way:
    text = f'[[tool.pdm.source]]\nname = "pypi"\nurl = "{market.url}"\nverify_ssl = false\n'

    def make(project: Path) -> None:
        home = project.parent / f"{project.name}-home"
        environ = {"HOME": str(home), "PDM_CHECK_UPDATE": "0", "PIP_NO_INDEX": "0"}
        for verb in ("lock", "sync"):
            tool([python, "-m", "pdm", verb, *(["--no-self"] if verb == "sync" else [])], project, market.ground,
                 **environ)  # fmt: skip

    return Way({"pyproject.toml": PROJECT + text}, make, ("pdm.lock",))


def by_pipenv(market: Market, python: Path) -> Way:
    def make(project: Path) -> None:
        environ = {"PIPENV_VENV_IN_PROJECT": "1", "PIPENV_IGNORE_VIRTUALENVS": "1", "PIPENV_NOSPIN": "1"}
        environ |= {"HOME": str(project.parent / f"{project.name}-home"), "PIP_NO_INDEX": "0", "PIP_FIND_LINKS": ""}
        for words in (["lock"], ["sync", "--dev"]):
            tool([python, "-m", "pipenv", *words, "--python", sys.executable], project, market.ground, **environ)

    return Way({"Pipfile": PIPFILE.format(index=market.url)}, make, ("Pipfile.lock",))


WAYS: dict[str, tuple[Callable[..., Way], str]] = {
    "pip": (by_pip, ""),
    "uv": (by_uv, ""),
    "poetry": (by_poetry(PROJECT + "[tool.poetry]\npackage-mode = false\n\n"), "poetry"),
    "poetry, its own tables": (by_poetry(POETRY_LEGACY), "poetry"),
    "pdm": (by_pdm, "with_pdm"),
    "pipenv": (by_pipenv, "with_pipenv"),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, market: Market) -> Way:
    make, fixture = WAYS[request.param]
    return make(market, request.getfixturevalue(fixture)) if fixture else make(market)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH"):
        monkeypatch.delenv(variable, raising=False)


def run(project: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.chdir(project)
    return main(list(words))


def test_new_environment_has_what_was_pinned(
    way: Way, market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    way.start(first, market)
    assert PINNED.items() <= versions_in(first / ".venv").items()
    market.add(NEWER)
    assert run(first, monkeypatch, "pin", "--write") == 0, capsys.readouterr().err
    way.again(first, second)
    now = versions_in(second / ".venv")
    assert PINNED.items() <= now.items()
    assert now["epsilon"] == NEWER["epsilon"][-1]  # nobody imports it, so nothing but the index decides
    code = run(second, monkeypatch, ".")
    assert code == 0, capsys.readouterr().out


@pytest.mark.parametrize(("style", "kept"), [("compatible", {"gamma": "1.2.9", "delta": "2.1", "zeta": "3.2"}),
                                             ("minimum", {"gamma": "1.3", "delta": "3.0", "zeta": "4.0"})])  # fmt: skip
def test_looser_styles_give_the_newest_that_they_allow(
    style: str, kept: dict[str, str], market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    way, first, second = by_pip(market), tmp_path / "first", tmp_path / "second"
    way.start(first, market)
    market.add(NEWER)
    assert run(first, monkeypatch, "pin", "--write", "--style", style) == 0
    assert run(first, monkeypatch, ".") == 0
    way.again(first, second)
    now = versions_in(second / ".venv")
    assert kept.items() <= now.items()
    assert now["ring-a"] == "7.1"  # a range that was there stays
    assert run(second, monkeypatch, ".") == 0


ENVIRONMENT = """\
channels:
  - {channel}
dependencies:
  - python={python}
  - alpha=1  # tables
  - beta-conda>=1.4,<3
  - {channel}::delta
  - pip
  - pip:
    - gamma[fast]
    - rho>=1.0rc1
    - windows>=1 ; sys_platform == "win32"
"""
OF_CONDA = {"alpha": "1.2", "beta-conda": "1.5", "delta": "3", "epsilon": "1.0", "libfoo": "1.1"}


def conda_packages(versions: dict[str, str]) -> list[CondaPackage]:
    """Return a package of each; ``alpha`` needs ``epsilon``."""
    alpha = replace(python_package("alpha", versions["alpha"]), depends=["python", "epsilon"])
    names = [name for name in versions if name not in ("alpha", "beta-conda", "libfoo")]
    return [
        alpha,
        python_package("beta-conda", versions["beta-conda"], distribution="beta"),
        CondaPackage("libfoo", versions["libfoo"], "h0_0", {"lib/libfoo.so": ""}, noarch=False),
        *(python_package(name, versions[name]) for name in names),
    ]


def conda_create(project: Path, prefix: Path, channel: Path, market: Market, *more: str) -> None:
    """Do what ``conda env create`` does: conda's entries by its solver, then pip's by pip."""
    tree = yaml.safe_load((project / "environment.yml").read_text(encoding="utf-8"))
    wanted = [spec for spec in tree["dependencies"] if isinstance(spec, str)]
    (of_pip,) = (spec["pip"] for spec in tree["dependencies"] if isinstance(spec, dict))
    install(channel, prefix, wanted)
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", prefix / "bin/python", "install", "-q"]
    make_runnable(prefix)
    tool([*pip, *of_pip, *more], project, market.ground)


@pytest.mark.parametrize("options", [(), ("--build",)], ids=["exact", "builds"])
def test_new_conda_prefix_has_what_was_pinned(
    options: tuple[str, ...], market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    pytest.importorskip("rattler")
    older = {**OF_CONDA, "alpha": "1.1", "delta": "2"}
    there = [python_itself(FULL_PYTHON), python_package("pip", "24.0")]
    make_channel(tmp_path / "old", [*there, *conda_packages(older), *conda_packages(OF_CONDA)])
    newer = {"alpha": "1.3", "beta-conda": "1.6", "delta": "4", "epsilon": "1.1", "libfoo": "1.2"}
    project, channel = tmp_path / "project", tmp_path / "channel"
    shutil.copytree(tmp_path / "old", channel)
    project.mkdir()
    text = ENVIRONMENT.format(channel=channel.as_uri(), python=PYTHON)
    (project / "environment.yml").write_text(text, encoding="utf-8")
    write_notebook(project / "analysis.ipynb", ["alpha", "beta", "delta", "epsilon", "gamma", "rho", "zeta"])
    conda_create(project, tmp_path / "first", channel, market, "zeta")
    shutil.rmtree(channel)
    make_channel(channel, [*there, *conda_packages(older), *conda_packages(OF_CONDA), *conda_packages(newer)])
    market.add(NEWER)

    assert run(project, monkeypatch, "pin", "--write", "--prefix", str(tmp_path / "first"), *options) == 0
    shutil.rmtree(tmp_path / "packages")
    conda_create(project, tmp_path / "second", channel, market)
    now = versions_in(tmp_path / "second")
    wanted = {"alpha": "1.2", "beta": "1.5", "delta": "3", "epsilon": "1.0"}
    assert wanted.items() <= now.items()
    assert {name: PINNED[name] for name in ("gamma", "rho", "zeta")}.items() <= now.items()
    code = run(project, monkeypatch, ".", "--prefix", str(tmp_path / "second"))
    assert code == 0, capsys.readouterr().out
