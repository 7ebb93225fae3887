"""``[tool.uv]`` of a pyproject.toml."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envcheck.gather.declarations import pyproject
from envcheck.model.declarations import Declaration, LinkKind
from envcheck.model.places import Place
from envcheck.model.readings import RawFile, Reading
from envcheck.model.requirements import DirectKind, DirectReference, Role

COMMIT = "8f2d2f0e2a7b3c4d5e6f708192a3b4c5d6e7f809"


def read(text: str) -> Reading[Declaration]:
    return pyproject.read(RawFile("pyproject.toml", text.encode()))


def sourced(source: str, line: str = '"tool>=1"', table: str = "project") -> Reading[Declaration]:
    return read(f"[{table}]\ndependencies = [{line}]\n[tool.uv.sources]\ntool = {source}\n")


def test_lists() -> None:
    text = """\
[tool.uv]
dev-dependencies = ["pytest>=8", 1]
constraint-dependencies = ["numpy<2 ; sys_platform == 'win32'"]
override-dependencies = ["torch==1.0", { package = "x", dependencies = [] }]
"""
    reading = read(text)
    found = [(r.raw.partition(" ")[0], r.role, r.group, r.place.line) for r in reading.value.requirements]
    assert found == [
        ("pytest>=8", Role.DECLARED, "dev", 2),
        ("numpy<2", Role.CONSTRAINT, "", 3),
        ("torch==1.0", Role.CONSTRAINT, "", 4),
    ]
    assert [problem.message for problem in reading.problems] == [
        "tool.uv.dev-dependencies: no requirement: a text is wanted"
    ]


@pytest.mark.parametrize(
    ("source", "direct"),
    [
        (
            '{ git = "https://git.example/t", rev = "main" }',
            DirectReference(DirectKind.VCS, "https://git.example/t", "main"),
        ),
        (
            f'{{ git = "https://git.example/t", rev = "{COMMIT}", subdirectory = "lib" }}',
            DirectReference(DirectKind.VCS, "https://git.example/t", COMMIT, COMMIT, subdirectory="lib"),
        ),
        (
            '{ git = "https://git.example/t", tag = "v1" }',
            DirectReference(DirectKind.VCS, "https://git.example/t", "v1"),
        ),
        ('{ url = "https://x.example/t.zip" }', DirectReference(DirectKind.URL, "https://x.example/t.zip")),
        ('{ path = "../t" }', DirectReference(DirectKind.PATH, "../t")),
        ('{ path = "t", editable = true }', DirectReference(DirectKind.PATH, "t", editable=True)),
        ("{ workspace = true }", DirectReference(DirectKind.PATH, "", editable=True)),
        ("{ workspace = true, editable = false }", DirectReference(DirectKind.PATH, "")),
        ('{ path = "t", extra = "other" }', None),
        ('{ path = "t", marker = "no marker" }', None),
        ("{ }", None),
        ("1", None),
    ],
)
def test_source(source: str, direct: DirectReference | None) -> None:
    (requirement,) = sourced(source).value.requirements
    assert (requirement.direct, requirement.raw, requirement.place) == (
        direct,
        "tool>=1",
        Place("pyproject.toml", 0, 2, 18),
    )


def test_index() -> None:
    text = """\
[project]
dependencies = ["tool"]
[tool.uv]
sources = { tool = { index = "ours" } }
extra-index-url = ["https://b.example/simple"]
find-links = ["wheels"]
[[tool.uv.index]]
name = "ours"
url = "https://user:secret@a.example/simple"
"""
    declaration = read(text).value
    assert [requirement.index for requirement in declaration.requirements] == ["https://user:secret@a.example/simple"]
    assert [(link.kind, link.target, link.place.line) for link in declaration.links] == [
        (LinkKind.INDEX, "https://user:secret@a.example/simple", 9),
        (LinkKind.INDEX, "https://b.example/simple", 5),
        (LinkKind.FIND_LINKS, "wheels", 6),
    ]


def test_sources_by_marker() -> None:
    linux, windows = "sys_platform == 'linux'", "sys_platform == 'win32'"
    several = f'[{{ path = "a", marker = "{linux}" }}, {{ path = "b", marker = "{windows}" }}]'
    requirements = sourced(several, "\"tool ; python_version > '3.9'\"").value.requirements
    assert [(r.direct.url if r.direct else "", r.marker) for r in requirements] == [
        ("a", f'python_version > "3.9" and {linux}'),
        ("b", f'python_version > "3.9" and {windows}'),
        ("", "python_version > \"3.9\" and sys_platform != 'linux' and sys_platform != 'win32'"),
    ]


def test_source_of_an_extra_or_group() -> None:
    text = """\
[project]
optional-dependencies = { gpu = ["tool"], cpu = ["tool"] }
[dependency-groups]
docs = ["tool"]
[tool.uv.sources]
tool = [{ path = "a", extra = "gpu" }, { path = "b", group = "docs" }]
"""
    found = {r.group: r.direct.url if r.direct else "" for r in read(text).value.requirements}
    assert found == {"gpu": "a", "cpu": "", "docs": "b"}


def test_override_stands_in_place_of_what_is_declared() -> None:
    text = """\
[project]
dependencies = ["torch>=2 ; python_version > '3.9'"]
[tool.uv]
override-dependencies = ["torch==1.0"]
"""
    declared, override = read(text).value.requirements
    assert (declared.raw, declared.constraint.text, declared.marker) == (
        "torch>=2 ; python_version > '3.9'",
        "==1.0",
        "",
    )
    assert (override.role, override.raw) == (Role.CONSTRAINT, "torch==1.0")


@settings(deadline=None)
@given(
    st.recursive(
        st.sampled_from(["1", '"x>=1"', "true", '"extra == 3"']),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda each: f"[{', '.join(each)}]"),
            st.dictionaries(
                st.sampled_from(["x", "git", "rev", "path", "marker", "workspace", "url", "index"]), inner, max_size=3
            ).map(lambda each: "{ " + ", ".join(f"{key} = {value}" for key, value in each.items()) + " }"),
        ),
        max_leaves=6,
    ),
    st.sampled_from(["sources", "index", "dev-dependencies", "override-dependencies", "find-links"]),
)
def test_nothing_raises(value: str, key: str) -> None:
    read(f'[project]\ndependencies = ["x"]\n[tool.uv]\n{key} = {value}\n')
