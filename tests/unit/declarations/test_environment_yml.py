"""environment.yml: conda's specs, the pip section, links, and everything that can be wrong with such a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.declarations import environment_yml
from envcheck.model.declarations import Declaration, LinkKind
from envcheck.model.names import Ecosystem
from envcheck.model.readings import ProblemKind, RawFile, Reading, ReferenceKind
from envcheck.model.requirements import DirectKind, Requirement

LINUX, MAC, WINDOWS = (f'sys_platform == "{name}"' for name in ("linux", "darwin", "win32"))


def read(text: str, path: str = "environment.yml") -> Reading[Declaration]:
    return environment_yml.read(RawFile(path, text.encode()))


def only(text: str, path: str = "environment.yml") -> Requirement:
    reading = read(f"dependencies:\n{text}\n", path)
    assert reading.problems == ()
    (requirement,) = reading.value.requirements
    return requirement


@pytest.mark.parametrize(
    ("path", "claimed"),
    [
        ("environment.yml", True),
        ("binder/environment.yaml", True),
        ("Environment-Dev.yml", True),
        ("environment_win.yml", True),
        ("dev-environment.yml", True),
        ("environment-condalock.yml", True),
        ("env.yml", True),
        ("conda.yaml", True),
        ("conda_env.yml", True),
        ("conda-lock.yml", False),
        ("environment.lock.yml", False),
        ("environment-lock.yml", False),
        ("envoy.yml", False),
        ("environment.yml.j2", False),
        ("environment.txt", False),
        ("environment/config.yml", False),
    ],
)
def test_claims(path: str, *, claimed: bool) -> None:
    assert environment_yml.claims(path) is claimed


def test_spec_becomes_a_requirement() -> None:
    requirement = only("  - 'conda-forge::NumPy=1.2=py39_0'  # why")
    assert requirement.name == "numpy"
    assert requirement.shown_name == "NumPy"
    assert requirement.raw == "conda-forge::NumPy=1.2=py39_0"
    assert requirement.ecosystem is Ecosystem.CONDA
    assert requirement.channel == "conda-forge"
    assert requirement.constraint.text == "=1.2=py39_0"
    assert requirement.constraint.exact == "1.2"
    assert (requirement.place.line, requirement.place.column) == (2, 6)


@pytest.mark.parametrize(
    ("spec", "exact"),
    [("numpy==1.2", "1.2"), ("numpy 1.2", "1.2"), ("numpy=1.2=b_0", "1.2"), ("numpy=1.2", None), ("numpy>=1.2", None)],
)
def test_exactness(spec: str, exact: str | None) -> None:
    assert only(f"- {spec}").constraint.exact == exact


def test_python_is_a_demand_and_no_requirement() -> None:
    declaration = read("dependencies:\n- python=3.11\n- pip\n").value
    assert [r.raw for r in declaration.python] == ["python=3.11"]
    assert [r.name for r in declaration.requirements] == ["pip"]


def test_virtual_packages_are_left_out() -> None:
    assert read("dependencies: [__glibc >=2.17]\n").value.requirements == ()


def test_url_of_a_package_is_a_direct_reference() -> None:
    direct = only("- https://index.example/c/noarch/tzdata-2024a-h0_0.conda").direct
    assert direct
    assert direct.kind is DirectKind.URL


@pytest.mark.parametrize("spec", ["numpy={{ version }}", "numpy=${VERSION}", "c::numpy={{ version }}"])
def test_template_says_nothing_of_versions(spec: str) -> None:
    requirement = only(f"- '{spec}'")
    assert (requirement.name, requirement.template, requirement.constraint.text) == ("numpy", True, "")


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        pytest.param("- numpy  # [linux]", LINUX, id="comment"),
        pytest.param("- numpy  # why [not]", "", id="another comment"),
        pytest.param("- 'numpy' # [win]", WINDOWS, id="comment after quotes"),
        pytest.param("- sel(osx): numpy", MAC, id="key"),
        pytest.param("- pip:\n  - numpy  # [osx]", MAC, id="comment in the pip section"),
        pytest.param(
            "- pip:\n  - numpy; python_version<'3'  # [osx]", f'({MAC}) and (python_version < "3")', id="both"
        ),
    ],
)
def test_selector_becomes_a_marker(text: str, marker: str) -> None:
    assert only(text).marker == marker


@pytest.mark.parametrize(
    ("path", "group", "marker"),
    [
        ("environment.yml", "", ""),
        ("environment-dev.yml", "dev", ""),
        ("docs/dev-environment.yaml", "dev", ""),
        ("environment_win.yml", "", WINDOWS),
        ("environment-linux-64.yml", "", LINUX),
        ("environment-dev.osx.yml", "dev", MAC),
        ("conda_env.yml", "", ""),
        ("environment-prod.yml", "", ""),
    ],
)
def test_file_name_tells_group_and_platform(path: str, group: str, marker: str) -> None:
    requirement = only("- numpy", path)
    assert (requirement.group, requirement.marker) == (group, marker)


def test_category_is_a_group() -> None:
    assert read("category: dev\ndependencies: [numpy]\n").value.requirements[0].group == "dev"


def test_pip_section_is_in_the_grammar_of_requirements_files() -> None:
    reading = read(
        "dependencies:\n"
        "- pip:\n"
        "  - -r requirements.txt\n"
        "  - --index-url https://index.example/simple\n"
        "  - 'requests[security]>=2 --hash=sha256:aa'\n"
        "  - -e .\n"
        "  - |\n"
        "    six\n"
        "    attrs==23.1\n"
    )
    assert reading.problems == ()
    (reference,) = reading.references
    assert (reference.kind, reference.target) == (ReferenceKind.REQUIREMENTS, "requirements.txt")
    assert (reference.place.line, reference.place.column) == (3, 8)
    assert [link.kind for link in reading.value.links] == [LinkKind.INDEX]
    found = [(r.raw, r.place.line, r.place.column) for r in reading.value.requirements]
    assert found == [("requests[security]>=2", 5, 6), (".", 6, 8), ("six", 8, 5), ("attrs==23.1", 9, 5)]
    assert {r.ecosystem for r in reading.value.requirements} == {Ecosystem.PYPI}


def test_channels_and_prefix_are_links() -> None:
    declaration = read(
        "channels: !!python/tuple\n- conda-forge\n- nodefaults\nprefix: /home/someone/env\ndependencies: []\n"
    ).value
    assert [(link.kind, link.target, link.place.line) for link in declaration.links] == [
        (LinkKind.CHANNEL, "conda-forge", 2),
        (LinkKind.PREFIX, "/home/someone/env", 4),
    ]
    assert declaration.governs


def test_python_2_tags_are_harmless() -> None:
    assert only("- !!python/unicode 'numpy=1.2'").raw == "numpy=1.2"


@pytest.mark.parametrize("text", ["name: production\nurl: https://index.example\n", "dependencies:\n", "{}"])
def test_other_yaml_files_do_not_govern(text: str) -> None:
    reading = read(text)
    assert reading.problems == ()
    assert not reading.value.requirements


def test_file_without_dependencies_does_not_govern() -> None:
    assert not read("name: production\n").value.governs


@pytest.mark.parametrize(
    ("entry", "line", "words"),
    [
        pytest.param("- numpy >=1.2 <2", 3, "no build string", id="invalid spec"),
        pytest.param("- numpy; python_version<'3'", 3, "no package name", id="a marker"),
        pytest.param("- {{ numpy }}", 3, "template", id="a template that YAML takes for a mapping"),
        pytest.param("- [numpy]", 3, "list in the list", id="nested list"),
        pytest.param("- numpy: 1.2", 3, "no match spec", id="version as a value"),
        pytest.param("- pip: requests", 3, "no match spec", id="pip without a list"),
        pytest.param("- pip:\n  - requests=1", 4, "single =", id="conda's = in the pip section"),
        pytest.param("- pip:\n  - [requests]", 4, "no requirement", id="list in the pip section"),
        pytest.param("- https://user:secret@index.example/x", 3, "URL", id="URL of something else"),
    ],
)
def test_invalid_entry_is_said_and_the_rest_is_read(entry: str, line: int, words: str) -> None:
    reading = read(f"dependencies:\n- first\n{entry}\n- last\n")
    (problem,) = reading.problems
    assert problem.kind is ProblemKind.INVALID_REQUIREMENT
    assert problem.place.line == line
    assert words in problem.message
    assert problem.remedy
    assert "secret" not in problem.message
    assert [r.name for r in reading.value.requirements] == ["first", "last"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "empty", id="empty"),
        pytest.param("- numpy\n", "no name, channels and dependencies", id="a list"),
        pytest.param("dependencies:\n\t- numpy\n", "a tab", id="tab"),
        pytest.param("dependencies: [numpy]\n---\nname: x\n", "second", id="two documents"),
        pytest.param("dependencies: [numpy]\ndependencies: [scipy]\n", "twice", id="doubled key"),
        pytest.param("[" * 5000, "deeper", id="deep nesting"),
        pytest.param("dependencies:\n- \0\n", "control", id="NUL"),
    ],
)
def test_unreadable_file(text: str, words: str) -> None:
    (problem,) = read(text).problems
    assert problem.kind is ProblemKind.UNREADABLE_FILE
    assert words in problem.message


def test_dependencies_must_be_a_list() -> None:
    (problem,) = read("dependencies: {numpy: 1.2}\n").problems
    assert "no list" in problem.message


def test_other_encodings_are_said() -> None:
    reading = environment_yml.read(RawFile("environment.yml", "# é\ndependencies: [numpy]\n".encode("latin-1")))
    assert [p.kind for p in reading.problems] == [ProblemKind.ODD_ENCODING]
    assert [r.name for r in reading.value.requirements] == ["numpy"]


def test_alias_bomb_is_read_in_no_time() -> None:
    entries = "".join("- pip: *many\n" for _ in range(2000))
    many = "".join(f"  - p{n}\n" for n in range(2000))
    assert len(read(f"many: &many\n{many}dependencies:\n{entries}").value.requirements) == 2000


@given(st.one_of(st.text(), st.text("ab:-[]{}&*!|>#'\"\n ,=1<")))
def test_any_text_is_read(text: str) -> None:
    reading = read(f"dependencies:\n- {text}")
    assert reading.value.path == "environment.yml"
