from __future__ import annotations

import pytest
from msgspec import structs

from envcheck.judge.pins.agreement import agree
from envcheck.judge.pins.spelling import pinned
from envcheck.judge.pins.suggest import redeclare, standing, suggest
from envcheck.model.changes import Pin
from envcheck.model.constraints import AnyOf, pep440
from envcheck.model.environment import Environment
from envcheck.model.findings import Fix, Safety
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role
from tests.support.evidence import conda_package, conda_requirement, environment, evidence, installed, requirement

REPOSITORY = DirectReference(DirectKind.VCS, "https://git.example/lab/tools", commit="8d4a1a2f" * 5)


def suggestion(asked: Requirement, env: Environment | None, *others: Requirement) -> Fix | None:
    found = evidence([asked, *others], env)
    return suggest(asked, found.dossiers[(found.keys or {})[asked]], env)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pandas", "pandas==2.1.4"),
        ("Pandas >=2", "Pandas==2.1.4"),
        ("pandas[excel,aws]>=2", "pandas[aws,excel]==2.1.4"),
        ("pandas; python_version >= '3.9'", "pandas==2.1.4; python_version >= '3.9'"),
    ],
)
def test_pypi_pin_keeps_what_the_author_wrote(text: str, expected: str) -> None:
    assert pinned(requirement(text), "2.1.4") == expected


@pytest.mark.parametrize(("raw", "expected"), [("^2.0", "==2.1.4"), ("", "pandas==2.1.4")])
def test_pin_in_a_table_is_the_version_alone(raw: str, expected: str) -> None:
    assert pinned(structs.replace(requirement("pandas>=2,<3"), raw=raw), "2.1.4") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("numpy", "numpy==1.26.4"),
        ("numpy=1.26", "numpy==1.26.4"),
        ("conda-forge::numpy>=1", "conda-forge::numpy==1.26.4"),
        ("numpy=1.26.*=*mkl*", "numpy=1.26.4=*mkl*"),
    ],
)
def test_conda_pin_is_exact(text: str, expected: str) -> None:
    assert pinned(conda_requirement(text), "1.26.4") == expected


def test_installed_version_is_a_safe_pin() -> None:
    asked = requirement("pandas>=2")
    expected = Fix("pin the installed version", Safety.SAFE, (Pin(asked, "2.1.4"),), "pandas==2.1.4")
    assert suggestion(asked, environment(installed("pandas", "2.1.4"))) == expected


@pytest.mark.parametrize(
    ("asked", "env", "text"),
    [
        pytest.param(
            requirement("torch"), environment(installed("torch", "2.4.1+cu121")), "torch==2.4.1", id="local build"
        ),
        pytest.param(
            conda_requirement("numpy"),
            environment(
                installed("numpy", "1.26.4", conda="numpy"),
                packages=(conda_package("numpy", "1.26.4", provides=["numpy"]),),
            ),
            "numpy==1.26.4",
            id="conda package",
        ),
        pytest.param(
            conda_requirement("ffmpeg"),
            environment(packages=(conda_package("ffmpeg", "6.1"),)),
            "ffmpeg==6.1",
            id="no Python",
        ),
        pytest.param(requirement("python"), environment(python="3.12.1"), "python==3.12.1", id="python"),
    ],
)
def test_pin_follows_the_environment(asked: Requirement, env: Environment, text: str) -> None:
    found = suggestion(asked, env)
    assert found is not None
    assert (found.text, found.safety) == (text, Safety.SAFE)


@pytest.mark.parametrize(
    ("asked", "env"),
    [
        pytest.param(requirement("pandas"), None, id="no environment"),
        pytest.param(requirement("pandas"), environment(), id="not installed"),
        pytest.param(requirement("pandas>=2"), environment(installed("pandas", "1.5.3")), id="drifted"),
        pytest.param(
            requirement("tools"), environment(installed("tools", "1.0", direct=REPOSITORY)), id="from no index"
        ),
        pytest.param(requirement("pandas"), environment(installed("pandas", "None")), id="no version"),
        pytest.param(
            requirement("tools @ git+https://git.example/lab/tools", direct=REPOSITORY),
            environment(installed("tools", "1.0")),
            id="direct reference",
        ),
    ],
)
def test_nothing_is_suggested_without_a_version_that_fits(asked: Requirement, env: Environment | None) -> None:
    assert suggestion(asked, env) is None


def test_conda_pin_known_from_pip_alone_is_unsafe() -> None:
    found = suggestion(conda_requirement("numpy"), environment(installed("numpy", "1.26.4")))
    assert found is not None
    assert found.safety is Safety.UNSAFE


def test_pin_of_another_file_serves_where_nothing_is_installed() -> None:
    found = suggestion(
        requirement("pandas", role=Role.AD_HOC), None, requirement("pandas==2.1.4", path="pinned.txt", line=3)
    )
    assert found is not None
    assert (found.text, found.title, found.safety) == (
        "pandas==2.1.4",
        "pin the version of pinned.txt:3",
        Safety.UNSAFE,
    )


def test_files_that_pin_differently_suggest_nothing() -> None:
    others = (requirement("pandas==2.1.4", path="a.txt"), requirement("pandas==2.2.0", path="b.txt"))
    assert suggestion(requirement("pandas"), None, *others) is None


def test_declaring_what_is_installed_is_unsafe() -> None:
    asked, env = requirement("pandas==1.5.3"), environment(installed("pandas", "2.1.4"))
    found = redeclare(asked, evidence([asked], env).dossiers["pandas"], env)
    assert found is not None
    assert (found.text, found.safety) == ("pandas==2.1.4", Safety.UNSAFE)


@pytest.mark.parametrize(
    ("env", "words"),
    [
        pytest.param(environment(installed("torch", "2.4.1")), "installed: 2.4.1", id="installed"),
        pytest.param(
            environment(installed("torch", "2.4.1+cpu")), "installed: 2.4.1+cpu, a local build of 2.4.1", id="local"
        ),
        pytest.param(
            environment(installed("torch", "2.5", direct=REPOSITORY)), "installed: 2.5, from no index", id="direct"
        ),
        pytest.param(environment(), "not installed here, so pin the version that works for you", id="not installed"),
        pytest.param(None, "pin the version that works for you", id="no environment"),
    ],
)
def test_standing_says_what_is_known(env: Environment | None, words: str) -> None:
    assert standing(evidence([requirement("torch")], env).dossiers["torch"], env) == words


P, C = requirement, conda_requirement


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (P("a==1.0"), P("a==1.0.0"), True),
        (P("a==1.0"), P("a==1.1"), False),
        (P("a>=2"), P("a<2"), False),
        (P("a>=2,<3"), P("a>=2.5"), True),
        (P("a==2.*"), P("a~=2.1"), True),
        (P("a==1.0"), P("a==1.0+cpu"), True),
        (P("a==1.0+cu121"), P("a==1.0+cpu"), False),
        (P("a===1.0"), P("a>=1"), True),
        (P("a===1.0"), P("a>=2"), False),
        (P("a"), P("a==1"), True),
        (P("a{x}==1".replace("{x}", ""), template=True), P("a==2"), True),
        (C("a=1.2"), C("a>=1.2.5"), True),
        (C("a=1.2"), C("a>=1.3"), False),
        (C("a>1.2"), C("a<1.3"), True),
        (C("a>1.2"), C("a<1.2.1"), True),
        (C("a!=1.2"), C("a==1.2"), False),
        (C("a!=1.2"), C("a<1.3"), True),
        (C("a=1|3"), C("a=2|3"), True),
        (C("a<2"), C("a<3"), True),
        (C("a=1.2.*"), P("a==1.2.7"), True),
        (C("a=1.2"), P("a==1.3"), False),
        (C("a=2023.10"), P("a>=2024"), False),
        (C("a>=1.2,<2"), P("a!=1.2.*"), True),
        (C("a=*=*mkl*"), P("a==1"), True),
    ],
    ids=lambda value: value.raw if isinstance(value, Requirement) else None,
)
def test_agreement_is_a_common_version(left: Requirement, right: Requirement, expected: bool) -> None:
    assert agree(left, right) is expected
    assert agree(right, left) is expected


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        (("<1",), True),
        (("==3.5",), True),
        (("==2.5",), False),
        ((">=2.1,<3",), False),
        (("==2.5", "==3.7"), True),
        (("==2.5", ">=4"), False),
    ],
)
def test_alternatives_agree_when_one_of_them_does(others: tuple[str, ...], expected: bool) -> None:
    left = structs.replace(P("a"), constraint=AnyOf("<=2 || ^3", (pep440("<=2"), pep440(">=3,<4"))))
    constraint = pep440(others[0]) if len(others) == 1 else AnyOf(" || ".join(others), tuple(map(pep440, others)))
    right = structs.replace(P("a"), constraint=constraint)
    assert agree(left, right) is expected
    assert agree(right, left) is expected
