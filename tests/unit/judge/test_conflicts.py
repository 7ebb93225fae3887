from __future__ import annotations

import pytest

from envcheck.judge.rules.conflicts import conflicting_requirements, unequal_pins
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role
from tests.support.evidence import conda_requirement, declaration, environment, evidence, requirement, source


def in_cell(text: str, path: str = "analysis.ipynb") -> Requirement:
    return requirement(text, path=path, cell=2, role=Role.AD_HOC)


def limit(text: str) -> Requirement:
    return requirement(text, path="constraints.txt", role=Role.CONSTRAINT)


def of_group(text: str, group: str, path: str = "") -> Requirement:
    return requirement(text, path=path or f"requirements-{group}.txt", group=group)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (requirement("pandas==1.5.3"), requirement("pandas==2.1.4", line=2)),
        (conda_requirement("pandas=2.1"), requirement("pandas==1.5.3")),
        (conda_requirement("pandas=2.1"), conda_requirement("pandas=2.0", line=2)),
        (requirement("pandas>=2", path="pyproject.toml"), requirement("pandas<2")),
        (limit("pandas<2"), requirement("pandas>=2")),
        (limit("pandas<2"), of_group("pandas>=2", "dev")),
        (requirement("pandas>=2"), in_cell("pandas==1.5.3", path="z.ipynb")),
        (requirement("pandas>=2", path="pyproject.toml"), of_group("pandas<2", "old", "pyproject.toml")),
        (requirement("pandas>=2", path="dev.in"), requirement("pandas==1.5.3", path="dev.txt")),
    ],
    ids=lambda asked: f"{asked.raw} in {asked.place.path}",
)
def test_no_common_version_is_a_conflict_where_the_second_stands(first: Requirement, second: Requirement) -> None:
    (found,) = conflicting_requirements.check(evidence([second, first]))
    assert (found.code, found.place) == ("CON001", second.place)
    assert [r.place for r in found.related] == [first.place]


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param([requirement("pandas>=2"), requirement("pandas==2.1.4", line=2)], id="pin within a range"),
        pytest.param([requirement("pandas"), requirement("pandas==2.1.4", line=2)], id="open"),
        pytest.param([of_group("torch==2+cpu", "cpu"), of_group("torch==2+cu121", "gpu")], id="alternative groups"),
        pytest.param([requirement("torch==1"), of_group("torch==2", "gpu")], id="file of a group"),
        pytest.param([in_cell("pandas==1"), in_cell("pandas==2", "other.ipynb")], id="cells of two notebooks"),
        pytest.param([of_group("pandas==1", "dev"), in_cell("pandas==2")], id="cell beside a group"),
        pytest.param(
            [limit("pandas<2"), requirement("pandas>2", path="c.txt", role=Role.CONSTRAINT)], id="constraints"
        ),
        pytest.param([requirement("pandas==1"), requirement("pandas==2", template=True)], id="interpolated"),
        pytest.param(
            [requirement("a @ x", direct=DirectReference(DirectKind.URL, "x")), requirement("a==1", line=2)], id="url"
        ),
        pytest.param([requirement("pandas==1"), requirement("pandas==2", role=Role.LOCKED)], id="lock"),
    ],
)
def test_what_gets_along_is_silent(asked: list[Requirement]) -> None:
    assert [*conflicting_requirements.check(evidence(asked))] == []


OLD = requirement("numpy==1.21.6; python_version < '3.9'")
NEW = requirement("numpy==1.26.4; python_version >= '3.9'", line=2)
LATE = requirement("numpy==1.25.0; python_version >= '3.8'", line=3)


def test_markers_that_exclude_each_other_do_not_conflict() -> None:
    assert [*conflicting_requirements.check(evidence([OLD, NEW], environment(), inapplicable=[OLD]))] == []
    assert [*conflicting_requirements.check(evidence([OLD, NEW]))] == []


def test_markers_that_hold_here_at_once_conflict() -> None:
    (found,) = conflicting_requirements.check(evidence([OLD, NEW, LATE], environment(), inapplicable=[OLD]))
    assert (found.place, found.related[0].place) == (LATE.place, NEW.place)


def test_each_requirement_is_reported_once() -> None:
    asked = [requirement(f"pandas=={n}", line=n) for n in (1, 2, 3)]
    assert [f.place.line for f in conflicting_requirements.check(evidence(asked))] == [2, 3]


def test_kernel_scopes_speak_of_their_cells_alone() -> None:
    asked = [
        requirement("pandas==1"),
        requirement("pandas==2", line=2),
        in_cell("pandas==3"),
        in_cell("pandas==4", "b.ipynb"),
    ]
    found = conflicting_requirements.check(evidence(asked, sources=[source("analysis.ipynb")], primary=False))
    assert [f.place.path for f in found] == ["analysis.ipynb"]


@pytest.mark.parametrize(
    ("pinned", "left_open", "text"),
    [
        (requirement("pandas==2.1.4"), conda_requirement("pandas"), "pandas==2.1.4"),
        (conda_requirement("pandas==2.1.4"), requirement("Pandas[excel]"), "Pandas[excel]==2.1.4"),
        (requirement("torch==2.4.1+cpu"), conda_requirement("torch"), "torch==2.4.1"),
    ],
    ids=["in environment.yml", "in requirements.txt", "local build"],
)
def test_open_requirement_beside_a_pin_takes_it_over(pinned: Requirement, left_open: Requirement, text: str) -> None:
    (found,) = unequal_pins.check(evidence([pinned, left_open]))
    assert (found.code, found.place, found.related[0].place) == ("CON002", left_open.place, pinned.place)
    assert found.fix
    assert found.fix.text == text


def test_local_builds_of_one_version_are_unequal_pins() -> None:
    asked = [requirement("torch==2.4.1"), requirement("torch==2.4.1+cpu", path="setup.txt")]
    assert [f.place.path for f in unequal_pins.check(evidence(asked))] == ["setup.txt"]


def test_file_of_a_group_that_excludes_the_rest_is_unequal() -> None:
    asked = [requirement("torch==1"), of_group("torch==2", "gpu")]
    assert [f.place.path for f in unequal_pins.check(evidence(asked))] == ["requirements.txt"]


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param([requirement("pandas==2.1.4"), conda_requirement("pandas==2.1.4")], id="equal"),
        pytest.param([requirement("pandas==2.1.4"), requirement("pandas>=2", path="pyproject.toml")], id="range"),
        pytest.param(
            [requirement("pandas==2.1.4", path="dev.txt"), requirement("pandas", path="dev.in")], id="compiled"
        ),
        pytest.param([requirement("pandas"), limit("pandas==2.1.4")], id="constraint"),
        pytest.param([requirement("pandas==2.1.4"), in_cell("pandas")], id="install line"),
        pytest.param([requirement("pandas==1"), requirement("pandas==2", line=2)], id="conflict"),
        pytest.param([of_group("torch==1", "cpu"), of_group("torch==2", "gpu")], id="alternative groups"),
        pytest.param([requirement("pandas==2.1.4"), of_group("pandas", "dev")], id="open in a group"),
    ],
)
def test_equal_or_meant_to_be_open_is_silent(asked: list[Requirement]) -> None:
    assert [*unequal_pins.check(evidence(asked))] == []


def test_metadata_of_a_package_is_meant_to_be_open() -> None:
    own = declaration("pyproject.toml", requirement("pandas", path="pyproject.toml"), project="tools")
    pins = declaration("requirements.txt", requirement("pandas==2.1.4"))
    assert [*unequal_pins.check(evidence(declarations=[own, pins]))] == []


@pytest.mark.parametrize("rule", [conflicting_requirements, unequal_pins], ids=["CON001", "CON002"])
def test_thousands_of_lines_for_one_name_take_no_time(rule: object) -> None:
    asked = [requirement(f"pandas>={n}", line=n) for n in range(1, 3000)]
    asked += [in_cell("pandas==0", f"{n}.ipynb") for n in range(300)]
    found = [*rule.check(evidence(asked))]  # type: ignore[attr-defined]
    assert len(found) in (0, 300)
