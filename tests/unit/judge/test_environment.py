from __future__ import annotations

import pytest
from msgspec.structs import replace

from envcheck.judge.rules.environment import (
    broken_metadata,
    clobbered_package,
    duplicate_distribution,
    inconsistent_environment,
    leaking_site,
)
from envcheck.model.environment import Distribution
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind
from tests.support.evidence import PREFIX, conda_package, environment, evidence, installed, requirement, use

USER_SITE = "/home/ann/.local/lib/python3.11/site-packages"
LEAKED = installed("numpy", "1.20.0", leaked=True, site=USER_SITE)


@pytest.mark.parametrize(
    ("distributions", "messages"),
    [
        pytest.param(
            (installed("pandas", "2.1.4", requires=("numpy>=1.23",)),),
            ["pandas 2.1.4 requires numpy >=1.23, but that is not installed; install it (as pip check says)"],
            id="missing",
        ),
        pytest.param(
            (installed("pandas", "2.1.4", requires=("numpy (<2,>=1.23)",)), installed("numpy", "2.0.1")),
            ["pandas 2.1.4 requires numpy <2,>=1.23, but 2.0.1 is installed; change one of them (as pip check says)"],
            id="wrong version",
        ),
        pytest.param(
            (installed("pandas", "2.1.4", requires=("numpy>=1.23",)), installed("numpy", "1.26.4")), [], id="consistent"
        ),
        pytest.param((installed("a", "1", requires=("b>=2",)), installed("b", "2.1rc1")), [], id="pre-release"),
        pytest.param((installed("a", "1", requires=("b; extra == 'x'", "c; python_version < '3'")),), [], id="markers"),
        pytest.param((installed("a", "1", requires=("b (>=1.0.*)", "§")), installed("b", "0.1")), [], id="unreadable"),
        pytest.param(
            (installed("a", "1", requires=("b<2",)), installed("b", "1"), installed("b", "2", site="/usr/lib")),
            [],
            id="first on the path counts",
        ),
    ],
)
def test_environment_is_consistent_as_pip_check_says(
    distributions: tuple[Distribution, ...], messages: list[str]
) -> None:
    found = [*inconsistent_environment.check(evidence(env=environment(*distributions)))]
    assert [f.message for f in found] == messages
    assert all(f.code == "ENV001" and f.place == distributions[0].place for f in found)


def test_surplus_metadata_folder_is_a_duplicate() -> None:
    first, second = installed("numpy", "1.26.4"), installed("numpy", "1.26.3")
    (found,) = duplicate_distribution.check(evidence(env=environment(first, duplicates=(second,))))
    assert (found.code, found.place, found.related[0].place) == ("ENV002", second.place, first.place)


def test_broken_metadata_says_what_would_help() -> None:
    place = Place(f"{PREFIX}/lib/python3.11/site-packages/x-1.dist-info")
    broken = Problem(ProblemKind.BROKEN_METADATA, place, "x has no METADATA", "reinstall x")
    known = Problem(ProblemKind.NOT_READ, place, "an egg")
    (found,) = broken_metadata.check(evidence(env=environment(problems=(broken, known))))
    assert (found.code, found.place, found.message) == ("ENV003", place, "x has no METADATA; reinstall x")


@pytest.mark.parametrize(
    ("version", "words"),
    [("2.0.1", "numpy 2.0.1 has been installed over it"), ("", "its files of numpy are gone")],
    ids=["replaced", "gone"],
)
def test_package_that_is_not_as_recorded_is_clobbered(version: str, words: str) -> None:
    package = conda_package("numpy", "1.26.4", clobbered={"numpy": version})
    there = (installed("numpy", version),) if version else ()
    (found,) = clobbered_package.check(evidence(env=environment(*there, packages=(package,))))
    assert (found.code, found.place, len(found.related)) == ("ENV004", package.place, len(there))
    assert words in found.message


@pytest.mark.parametrize("by", ["import", "declaration"])
def test_wanted_distribution_from_outside_leaks(by: str) -> None:
    env = environment(LEAKED, leaks=(USER_SITE,))
    wanted = evidence(env=env, uses=[use("numpy")]) if by == "import" else evidence([requirement("numpy")], env)
    (found,) = leaking_site.check(wanted)
    assert (found.code, found.place) == ("ENV006", LEAKED.place)
    assert USER_SITE in found.message


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(evidence(env=environment(LEAKED, leaks=(USER_SITE,))), id="wanted by nobody"),
        pytest.param(evidence([requirement("numpy")], environment(LEAKED, kind="system")), id="system Python"),
        pytest.param(evidence([requirement("numpy")], environment(replace(LEAKED, leaked=False))), id="inside"),
    ],
)
def test_other_sites_do_not_leak(found: object) -> None:
    assert [*leaking_site.check(found)] == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "rule",
    [inconsistent_environment, duplicate_distribution, broken_metadata, clobbered_package, leaking_site],
    ids=lambda rule: rule.RULE.code,
)
def test_nothing_is_said_without_environment(rule: object) -> None:
    assert [*rule.check(evidence([requirement("numpy")]))] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "rule",
    [inconsistent_environment, duplicate_distribution, broken_metadata, clobbered_package],
    ids=lambda rule: rule.RULE.code,
)
def test_environment_is_judged_once_for_all_scopes(rule: object) -> None:
    assert rule.RULE.of_environment  # type: ignore[attr-defined]
