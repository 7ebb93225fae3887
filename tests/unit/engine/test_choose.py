"""Which environment is chosen, and the reason that is given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from envcheck.engine.choose import Environments, environment_of
from envcheck.model.errors import UserError
from envcheck.model.settings import Settings
from envcheck.model.usage import KernelClaim, Source, SourceKind
from tests.support.environments import build_environment, write_kernelspec

NOTHING: Mapping[str, str] = {"PATH": "", "HOME": "/nowhere"}


@pytest.fixture
def places(tmp_path: Path) -> Path:
    for name in ("project/.venv", "project/sub/env", "active", "conda", "asked", "kernel"):
        kind = "conda" if name == "conda" else "venv"
        build_environment(tmp_path / name, {"kind": kind, "python": "3.11.7", "distributions": []})
    return tmp_path


def chosen(places: Path, folder: str = ".", settings: Settings | None = None, **environ: str) -> tuple[str, str]:
    environments = Environments(
        settings or Settings(), root=str(places / "project"), cwd=str(places), environ={**NOTHING, **environ}
    )
    choice = environments.default_for(folder)
    return choice.prefix.removeprefix(f"{places}/"), choice.how


def test_what_is_asked_for_comes_first(places: Path) -> None:
    settings = Settings(prefix="asked")
    assert chosen(places, settings=settings, VIRTUAL_ENV=str(places / "active")) == ("asked", "asked for by prefix")


def test_interpreter_stands_for_its_environment(places: Path) -> None:
    assert chosen(places, settings=Settings(python="asked/bin/python"))[0] == "asked"


def test_active_environment_comes_before_the_projects(places: Path) -> None:
    active, conda = str(places / "active"), str(places / "conda")
    assert chosen(places, VIRTUAL_ENV=active, CONDA_PREFIX=conda) == ("active", "VIRTUAL_ENV")
    assert chosen(places, CONDA_PREFIX=conda) == ("conda", "CONDA_PREFIX")


def test_environment_of_a_hook_is_none_of_the_projects(places: Path) -> None:
    own = places / "cache" / "py_env-python3.11"
    build_environment(own, {"distributions": []})
    active, programs = str(own), str(own / "bin")
    expected = ("project/.venv", ".venv in the project")
    assert chosen(places, PRE_COMMIT="1", VIRTUAL_ENV=active, PATH=programs) == expected
    assert chosen(places, VIRTUAL_ENV=active, PATH=programs)[1] == "VIRTUAL_ENV"
    (places / "project/.venv").rename(places / "elsewhere")
    assert chosen(places, PRE_COMMIT="1", VIRTUAL_ENV=active, PATH=programs) == ("", "none found")


def test_active_environment_stays_active_in_a_hook_that_uses_it(places: Path) -> None:
    assert chosen(places, PRE_COMMIT="1", VIRTUAL_ENV=str(places / "active")) == ("active", "VIRTUAL_ENV")


def test_active_environment_that_is_gone_is_passed_over(places: Path) -> None:
    assert chosen(places, VIRTUAL_ENV=str(places / "gone"))[0] == "project/.venv"


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        (".", ("project/.venv", ".venv in the project")),
        ("sub", ("project/sub/env", "env in sub")),
        ("sub/deep", ("project/sub/env", "env in sub")),
        ("other", ("project/.venv", ".venv in the project")),
    ],
)
def test_environment_of_the_nearest_folder_upwards(places: Path, folder: str, expected: tuple[str, str]) -> None:
    assert chosen(places, folder) == expected


def test_nothing_found_is_said(tmp_path: Path) -> None:
    assert chosen(tmp_path) == ("", "none found")


def test_environment_that_does_not_exist_is_a_bad_request(places: Path) -> None:
    with pytest.raises(UserError, match="--prefix nowhere: there is no Python environment"):
        chosen(places, settings=Settings(prefix="nowhere"))


def test_kernel_with_an_environment_of_its_own(places: Path) -> None:
    write_kernelspec(places / "jupyter", "analysis", places / "kernel")
    environ = {**NOTHING, "JUPYTER_PATH": str(places / "jupyter")}
    environments = Environments(Settings(), root=str(places / "project"), cwd=str(places), environ=environ)
    home = environments.default_for(".")
    for name, prefix in (("analysis", "kernel"), ("python3", "project/.venv"), ("absent", "project/.venv")):
        source = Source("x.ipynb", SourceKind.NOTEBOOK, kernel=KernelClaim(name))
        fact, choice = environments.of_kernel(source, home)
        assert fact is not None
        assert fact.found is (name != "absent")
        assert choice.prefix == str(places / prefix)


def test_asked_for_overrules_kernels(places: Path) -> None:
    write_kernelspec(places / "jupyter", "analysis", places / "kernel")
    environ = {**NOTHING, "JUPYTER_PATH": str(places / "jupyter")}
    environments = Environments(Settings(prefix="asked"), root=str(places), cwd=str(places), environ=environ)
    source = Source("x.ipynb", SourceKind.NOTEBOOK, kernel=KernelClaim("analysis"))
    _, choice = environments.of_kernel(source, environments.default_for("."))
    assert choice.prefix == str(places / "asked")


def test_environment_of_paths_needs_no_scan(places: Path) -> None:
    (places / "project" / ".git").mkdir()
    choice = environment_of(["project/sub"], Settings(), environ=NOTHING, cwd=str(places))
    assert choice.prefix == str(places / "project" / "sub" / "env")


def test_environment_of_the_current_folder_counts_for_a_notebook_that_is_named_alone(tmp_path: Path) -> None:
    build_environment(tmp_path / "work/.venv", {})
    (tmp_path / "work/nb/deep").mkdir(parents=True)
    build_environment(tmp_path / ".venv", {})
    for root in ("work/nb/deep", "work/nb", "work"):
        environments = Environments(Settings(), root=str(tmp_path / root), cwd=str(tmp_path / "work"), environ={})
        assert environments.default_for(".").prefix == str(tmp_path / "work/.venv")
    elsewhere = Environments(Settings(), root=str(tmp_path / "work/nb"), cwd=str(tmp_path / "work/nb"), environ={})
    assert elsewhere.default_for(".").environment is None
