from __future__ import annotations

import pytest
from msgspec.structs import replace

from envcheck.judge.rules.drift import build_drift, missing_distribution, python_drift, source_drift, version_drift
from envcheck.model.environment import Environment
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role
from tests.support.evidence import (
    PREFIX,
    conda_package,
    conda_requirement,
    declaration,
    environment,
    evidence,
    installed,
    requirement,
    use,
)

COMMIT = "8d4a1a2f7b6e5c4d3e2f1a0b9c8d7e6f5a4b3c2d"
OTHER_COMMIT = "0" * 40
FORK = "https://git.example/fork/tools"
REPOSITORY = "https://git.example/lab/tools"
WHEEL = "https://files.example/tools-1.0-py3-none-any.whl"
PANDAS = environment(installed("pandas", "2.1.4"))
TORCH_CUDA = environment(installed("torch", "2.4.1+cu121"))
NUMPY = environment(
    installed("numpy", "1.26.4", conda="numpy"),
    packages=(conda_package("numpy", "1.26.4", "py311_openblas", provides=["numpy"]),),
)


def in_cell(text: str) -> Requirement:
    return requirement(text, path="analysis.ipynb", cell=2, role=Role.AD_HOC)


@pytest.mark.parametrize(
    ("asked", "env"),
    [
        (requirement("pandas==1.5.3"), PANDAS),
        (requirement("pandas<2"), PANDAS),
        (requirement("pandas==1.5.3", group="dev", path="requirements-dev.txt"), PANDAS),
        (requirement("pandas==1.5.3", role=Role.CONSTRAINT, path="constraints.txt"), PANDAS),
        (in_cell("pandas==1.5.3"), PANDAS),
        (conda_requirement("pandas=1.5"), PANDAS),
        (conda_requirement("numpy=1.25"), NUMPY),
        (requirement("numpy==1.25"), NUMPY),
        (conda_requirement("ffmpeg=5"), environment(packages=(conda_package("ffmpeg", "6.1"),))),
        (requirement("torch==2.3"), TORCH_CUDA),
        (requirement("pandas==1.5.3"), environment(installed("pandas", "None"))),
    ],
    ids=lambda value: f"{value.raw} in {value.place.path}" if isinstance(value, Requirement) else "",
)
def test_version_that_is_not_allowed_has_drifted(asked: Requirement, env: Environment) -> None:
    (found,) = version_drift.check(evidence([asked], env))
    assert (found.code, found.place, found.wanted) == ("DRF001", asked.place, asked.constraint.text)
    assert asked.constraint.text in found.message


@pytest.mark.parametrize(
    ("asked", "env"),
    [
        pytest.param(requirement("pandas>=2"), PANDAS, id="range"),
        pytest.param(requirement("pandas"), PANDAS, id="open"),
        pytest.param(requirement("pandas==2.1.4.0"), PANDAS, id="same version written longer"),
        pytest.param(requirement("pandas>=2"), environment(installed("pandas", "2.2.0rc1")), id="pre-release"),
        pytest.param(requirement("pandas==1.5.3", template=True), PANDAS, id="interpolated"),
        pytest.param(requirement("numpy==1.5.3"), PANDAS, id="not installed"),
        pytest.param(requirement("pandas==1.5.3"), None, id="no environment"),
        pytest.param(requirement("torch==2.4.1"), TORCH_CUDA, id="local build"),
        pytest.param(requirement("torch==2.4.1+cpu"), TORCH_CUDA, id="other local build"),
        pytest.param(conda_requirement("numpy=1.26.4=*mkl*"), NUMPY, id="other conda build"),
        pytest.param(requirement("pandas>=2"), environment(installed("pandas", "None")), id="range beside no version"),
        pytest.param(requirement("pandas==1.5.3", role=Role.LOCKED), PANDAS, id="lock"),
    ],
)
def test_allowed_version_is_silent(asked: Requirement, env: Environment | None) -> None:
    assert [*version_drift.check(evidence([asked], env))] == []


def test_drift_can_be_declared() -> None:
    (found,) = version_drift.check(evidence([requirement("pandas==1.5.3")], PANDAS))
    assert found.message == (
        "pandas 2.1.4 is installed, but ==1.5.3 is declared; install what is asked for, or declare what is installed"
    )
    assert found.fix
    assert found.fix.text == "pandas==2.1.4"


def test_requirement_for_other_machines_has_not_drifted() -> None:
    asked = requirement("pandas==1.5.3; sys_platform == 'win32'")
    assert [*version_drift.check(evidence([asked], PANDAS, inapplicable=[asked]))] == []


def test_drift_in_a_kernel_names_its_environment() -> None:
    (found,) = version_drift.check(evidence([requirement("pandas==1.5.3")], PANDAS, primary=False))
    assert f"is installed in {PREFIX}, but" in found.message


def test_group_that_excludes_the_installed_one_is_an_alternative() -> None:
    asked = [requirement("pandas<2", group="old"), requirement("pandas>=2", group="new", line=2)]
    assert [*version_drift.check(evidence(asked, PANDAS))] == []


def test_build_of_an_alternative_group_has_not_drifted() -> None:
    asked = [requirement("torch==2.4.1+cpu", group="cpu"), requirement("torch==2.4.1+cu121", group="gpu", line=2)]
    assert [*build_drift.check(evidence(asked, TORCH_CUDA))] == []


def test_group_that_could_be_installed_as_well_has_drifted() -> None:
    asked = [requirement("pandas==1.5.3", group="dev", path="requirements-dev.txt"), requirement("pandas>=1")]
    assert [f.place.path for f in version_drift.check(evidence(asked, PANDAS))] == ["requirements-dev.txt"]


def test_version_that_pip_put_over_conda_counts() -> None:
    package = conda_package("numpy", "1.26.4", provides=["numpy"], clobbered={"numpy": "2.0.1"})
    env = environment(installed("numpy", "2.0.1"), packages=(package,))
    (found,) = version_drift.check(evidence([conda_requirement("numpy=1.26")], env))
    assert found.installed == "2.0.1"


@pytest.mark.parametrize(
    "asked",
    [
        requirement("seaborn==0.13.2"),
        requirement("seaborn"),
        requirement("seaborn @ x", direct=DirectReference(DirectKind.URL, "x")),
    ],
    ids=lambda asked: asked.raw,
)
def test_declared_but_not_installed_is_missing(asked: Requirement) -> None:
    (found,) = missing_distribution.check(evidence([asked], PANDAS))
    assert (found.code, found.distribution) == ("DRF002", "seaborn")
    assert found.message == f"seaborn is declared, but not installed in {PREFIX}; install it there, or remove the line"


def test_missing_distribution_is_reported_once_with_its_other_places() -> None:
    asked = [requirement("seaborn"), requirement("Seaborn==0.13", path="environment.yml", line=7)]
    (found,) = missing_distribution.check(evidence(asked, PANDAS))
    assert found.place.path == "environment.yml"
    assert [r.place.path for r in found.related] == ["requirements.txt"]


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(requirement("pandas"), id="installed"),
        pytest.param(requirement("seaborn", group="dev"), id="optional group"),
        pytest.param(requirement("seaborn", role=Role.CONSTRAINT), id="constraint"),
        pytest.param(requirement("seaborn", template=True), id="interpolated"),
        pytest.param(in_cell("seaborn"), id="install line"),
        pytest.param(conda_requirement("python=3.11"), id="python"),
        pytest.param(conda_requirement("pip"), id="pip of environment.yml"),
        pytest.param(conda_requirement("__glibc>=2.17"), id="virtual package"),
        pytest.param(conda_requirement("ffmpeg"), id="conda package in a venv"),
    ],
)
def test_what_need_not_be_there_is_not_missing(asked: Requirement) -> None:
    assert [*missing_distribution.check(evidence([asked], PANDAS))] == []


def test_requirement_for_other_machines_is_not_missing() -> None:
    asked = requirement("pywin32; sys_platform == 'win32'")
    assert [*missing_distribution.check(evidence([asked], PANDAS, inapplicable=[asked]))] == []


def test_nothing_is_missing_without_environment() -> None:
    assert [*missing_distribution.check(evidence([requirement("seaborn")]))] == []


def test_conda_package_is_missing_from_a_conda_environment() -> None:
    assert [f.distribution for f in missing_distribution.check(evidence([conda_requirement("ffmpeg")], NUMPY))] == [
        "ffmpeg"
    ]


def test_conda_requirement_that_is_imported_is_missing_from_a_venv() -> None:
    found = missing_distribution.check(evidence([conda_requirement("seaborn")], PANDAS, uses=[use("seaborn")]))
    assert [f.distribution for f in found] == ["seaborn"]


def test_kernel_needs_only_what_its_notebooks_import() -> None:
    asked = [requirement("seaborn"), requirement("scipy", line=2)]
    (found,) = missing_distribution.check(evidence(asked, PANDAS, uses=[use("scipy")], primary=False))
    assert found.distribution == "scipy"
    assert f"not installed in {PREFIX};" in found.message


def direct(kind: DirectKind, url: str, revision: str = "", **parts: object) -> DirectReference:
    return DirectReference(kind, url, revision, **parts)  # type: ignore[arg-type]


VCS, URL, PATH = DirectKind.VCS, DirectKind.URL, DirectKind.PATH


@pytest.mark.parametrize(
    ("wanted", "record", "words"),
    [
        (direct(VCS, REPOSITORY), None, f"installed from an index, not from {REPOSITORY}"),
        (direct(VCS, REPOSITORY), direct(VCS, FORK), f"installed from {FORK}"),
        (direct(VCS, REPOSITORY, commit=COMMIT), direct(VCS, REPOSITORY, commit=OTHER_COMMIT), "at commit 0000000"),
        (direct(VCS, REPOSITORY, "v1"), direct(VCS, REPOSITORY, "main", commit=COMMIT), "installed at main, not at v1"),
        (direct(VCS, REPOSITORY), direct(VCS, REPOSITORY, commit=COMMIT, editable=True), "installed editable"),
        (direct(VCS, REPOSITORY, editable=True), direct(VCS, REPOSITORY, commit=COMMIT), "declared editable"),
        (direct(URL, WHEEL), direct(URL, "https://mirror.example/x.zip"), "installed from https://mirror.example/x.zip"),
        (direct(URL, WHEEL), direct(PATH, "file:///home/ann/tools"), "installed from file:///home/ann/tools"),
    ],
    ids=["index", "fork", "commit", "branch", "editable", "not editable", "url", "folder"],
)  # fmt: skip
def test_source_differs_from_its_record(wanted: DirectReference, record: DirectReference | None, words: str) -> None:
    env = environment(installed("tools", "1.0", direct=record))
    (found,) = source_drift.check(evidence([requirement("tools @ it", direct=wanted)], env))
    assert found.code == "DRF004"
    assert words in found.message


@pytest.mark.parametrize(
    ("wanted", "record"),
    [
        (direct(VCS, REPOSITORY), direct(VCS, f"{REPOSITORY}.git", commit=COMMIT)),
        (direct(VCS, "ssh://git@git.example/lab/tools"), direct(VCS, REPOSITORY, commit=COMMIT)),
        (direct(VCS, REPOSITORY, COMMIT, commit=COMMIT), direct(VCS, REPOSITORY, COMMIT, commit=COMMIT.upper())),
        (direct(VCS, REPOSITORY, "8d4a1a2"), direct(VCS, REPOSITORY, "main", commit=COMMIT)),
        (direct(VCS, REPOSITORY, "v1"), direct(VCS, REPOSITORY, COMMIT, commit=COMMIT)),
        (direct(VCS, REPOSITORY), direct(VCS, REPOSITORY, "dev", commit=COMMIT)),
        (direct(URL, WHEEL, hashes=("sha256:aa",)), direct(URL, "https://mirror.example/x.whl", hashes=("sha256:aa",))),
        (direct(PATH, "./tools.whl"), direct(URL, "file:///home/ann/tools.whl")),
    ],
    ids=[
        "spelling",
        "ssh",
        "commit",
        "short commit",
        "tag installed by commit",
        "no revision",
        "same file",
        "wheel file",
    ],
)
def test_same_source_is_silent(wanted: DirectReference, record: DirectReference) -> None:
    env = environment(installed("tools", "1.0", direct=record))
    assert [*source_drift.check(evidence([requirement("tools @ it", direct=wanted)], env))] == []


@pytest.mark.parametrize("installer", ["pip", "uv", "pdm", "Poetry 2.5.1", "poetry"])
def test_release_of_an_installer_that_records_sources_is_reported(installer: str) -> None:
    env = environment(installed("tools", "1.0", installer=installer))
    (finding,) = source_drift.check(evidence([requirement("tools @ it", direct=direct(VCS, REPOSITORY))], env))
    assert "installed from an index, not from" in finding.message


@pytest.mark.parametrize("installer", ["", "conda"])
def test_installer_that_records_nothing_proves_nothing(installer: str) -> None:
    env = environment(installed("tools", "1.0", installer=installer))
    assert [*source_drift.check(evidence([requirement("tools @ it", direct=direct(VCS, REPOSITORY))], env))] == []


@pytest.mark.parametrize(
    ("text", "record", "drifted"),
    [
        ("tools==1.0", direct(VCS, REPOSITORY, commit=COMMIT), True),
        ("tools==1.0", direct(PATH, "file:///home/ann/tools", editable=True), True),
        ("tools==1.0", direct(URL, WHEEL), False),
        ("tools>=1.0", direct(VCS, REPOSITORY, commit=COMMIT), False),
    ],
    ids=["repository", "editable", "wheel", "range"],
)
def test_exact_pin_is_of_a_release(text: str, record: DirectReference, drifted: bool) -> None:
    env = environment(installed("tools", "1.0", direct=record))
    assert bool([*source_drift.check(evidence([requirement(text)], env))]) is drifted


def test_project_itself_may_be_installed_from_its_folder() -> None:
    env = environment(installed("tools", "1.0", direct=direct(PATH, "file:///home/ann/tools", editable=True)))
    own = declaration("pyproject.toml", requirement("tools==1.0", path="pyproject.toml"), project="tools")
    assert [*source_drift.check(evidence(env=env, declarations=[own]))] == []


def test_source_drift_shows_no_secret() -> None:
    record = direct(VCS, "https://ann:s3cret@git.example/fork/tools", commit=COMMIT)
    env = environment(installed("tools", "1.0", direct=record))
    (found,) = source_drift.check(evidence([requirement("tools @ it", direct=direct(VCS, REPOSITORY))], env))
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("asked", "env"),
    [
        (requirement("torch==2.4.1+cpu"), TORCH_CUDA),
        (requirement("torch==2.4.1+cpu"), environment(installed("torch", "2.4.1"))),
        (conda_requirement("numpy=1.26.4=*mkl*"), NUMPY),
        (conda_requirement("numpy=1.26.4", hashes=("sha256:aa",)),
         environment(packages=(conda_package("numpy", "1.26.4", sha256="bb"),))),
        (requirement("tools @ it", direct=direct(URL, WHEEL, hashes=("sha256:aa",))),
         environment(installed("tools", "1.0", direct=direct(URL, WHEEL, hashes=("sha256:bb",))))),
    ],
    ids=["other local version", "no local version", "conda build", "conda hash", "url hash"],
)  # fmt: skip
def test_same_version_of_another_build_has_drifted(asked: Requirement, env: Environment) -> None:
    (found,) = build_drift.check(evidence([asked], env))
    assert found.code == "DRF005"


@pytest.mark.parametrize(
    ("asked", "env"),
    [
        (requirement("torch==2.4.1"), TORCH_CUDA),
        (requirement("torch==2.4.1+cu121"), TORCH_CUDA),
        (requirement("torch==2.3+cpu"), TORCH_CUDA),
        (requirement("torch>=2"), TORCH_CUDA),
        (conda_requirement("numpy=1.26.4=*openblas*"), NUMPY),
        (conda_requirement("numpy=1.25.0=*mkl*"), NUMPY),
        (conda_requirement("numpy=1.26.4=*mkl*"), environment(installed("numpy", "1.26.4"))),
        (requirement("pandas==2.1.4", hashes=("sha256:aa",)), PANDAS),
    ],
    ids=[
        "any local build",
        "this local build",
        "other version",
        "range",
        "this build",
        "other conda version",
        "pip's",
        "index",
    ],
)
def test_build_that_was_asked_for_is_silent(asked: Requirement, env: Environment) -> None:
    assert [*build_drift.check(evidence([asked], env))] == []


@pytest.mark.parametrize(
    ("demand", "python", "drifted"),
    [
        (conda_requirement("python=3.11"), "3.11.7", False),
        (conda_requirement("python=3.11"), "3.9.18", True),
        (requirement("python>=3.10", path="pyproject.toml"), "3.9.18", True),
        (requirement("python>=3.10", path="pyproject.toml"), "3.13.0rc1", False),
        (conda_requirement("python"), "3.9.18", False),
        (conda_requirement("python=3.11"), "", False),
        (replace(conda_requirement("python=3.11"), template=True), "3.9.18", False),
    ],
    ids=["same series", "other", "below the bound", "pre-release", "open", "unknown", "interpolated"],
)
def test_interpreter_is_compared_with_what_is_demanded(demand: Requirement, python: str, drifted: bool) -> None:
    declared = declaration(demand.place.path, python=(demand,))
    found = [*python_drift.check(evidence(env=environment(python=python), declarations=[declared]))]
    assert [(f.code, f.installed) for f in found] == ([("DRF006", python)] if drifted else [])
