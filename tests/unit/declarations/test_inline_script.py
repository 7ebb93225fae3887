"""The block of a script as the declaration of that one source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.declarations import inline_script
from envcheck.model.declarations import Declaration
from envcheck.model.places import Place
from envcheck.model.readings import ProblemKind, Reading
from envcheck.model.requirements import DirectKind, DirectReference, Role
from envcheck.model.usage import InlineScript

COMMIT = "0123456789ABCDEF0123456789abcdef01234567"
BLOCK = f"""\
requires-python = ">=3.11"
dependencies = [
    "numpy",  # any
    'pandas[excel]>=2,<3; sys_platform != "win32"', "Rich",
    "local",
    "zipped",
    "tagged",
    "elsewhere",
]

[tool.uv]
constraint-dependencies = ["six<2"]
index-url = "https://index.example/a"
extra-index-url = ["https://index.example/b"]
exclude-newer = "2024-01-01T00:00:00Z"

[[tool.uv.index]]
name = "c"
url = "https://index.example/c"

[tool.uv.sources]
rich = {{ git = "https://host.example/rich", rev = "{COMMIT}", subdirectory = "x" }}
local = {{ path = "../local", editable = true }}
zipped = {{ url = "https://host.example/zipped-1.zip" }}
tagged = {{ git = "https://host.example/tagged", tag = "v1" }}
elsewhere = {{ index = "c" }}
"""


def read(text: str, fault: str = "") -> Reading[Declaration]:
    return inline_script.read_block(InlineScript(text, Place("nb/a.ipynb", 2, 5), fault))


def test_requirements_stand_where_the_source_has_them() -> None:
    reading = read(BLOCK)
    assert reading.problems == ()
    found = reading.value
    assert (found.path, found.dialect, found.governs, found.unread) == ("nb/a.ipynb", "inline_script", True, False)
    assert [(r.name, r.raw, r.place[1:]) for r in found.requirements[:3]] == [
        ("numpy", "numpy", (2, 7, 8)),
        ("pandas", 'pandas[excel]>=2,<3; sys_platform != "win32"', (2, 8, 8)),
        ("rich", "Rich", (2, 8, 56)),
    ]
    assert [(r.raw, r.place[1:]) for r in found.python] == [(">=3.11", (2, 5, 22))]
    assert [(link.target[-1], link.place.line) for link in found.links] == [("a", 17), ("b", 18), ("c", 23)]


def test_sources_of_uv_say_where_a_requirement_comes_from() -> None:
    by_name = {r.name: r for r in read(BLOCK).value.requirements}
    assert {name: r.direct for name, r in by_name.items() if r.direct} == {
        "rich": DirectReference(DirectKind.VCS, "https://host.example/rich", COMMIT, COMMIT.lower(), subdirectory="x"),
        "local": DirectReference(DirectKind.PATH, "../local", editable=True),
        "zipped": DirectReference(DirectKind.URL, "https://host.example/zipped-1.zip"),
        "tagged": DirectReference(DirectKind.VCS, "https://host.example/tagged", "v1"),
    }
    assert {name for name, r in by_name.items() if r.role is Role.CONSTRAINT} == {"six"}


@pytest.mark.parametrize("text", ["", "\n", "name = 'x'\n", "[tool.other]\nx = 1\n"])
def test_empty_block_needs_nothing(text: str) -> None:
    reading = read(text)
    assert (reading.problems, reading.value.requirements, reading.value.unread) == ((), (), False)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("x = 1\ndependencies = [six\n", (2, 6, 19), "the block # /// script is not TOML"),
        ('dependencies = ["six=1"]\n', (2, 5, 20), "six=1: a single = is conda's"),
        ('dependencies = "six"\n', (2, 5, 19), "dependencies: a list of requirements is wanted"),
        ("dependencies = [1]\n", (2, 5, 0), "dependencies: a requirement is a text"),
        ('dependencies = ["./six"]\n', (2, 5, 20), "a URL or path without a name"),
        ('requires-python = "3"\n', (2, 5, 22), "3: "),
        ("requires-python = [3]\n", (2, 5, 0), "requires-python: a text is wanted"),
    ],
)
def test_what_no_tool_runs_is_a_problem_in_its_place(text: str, place: tuple[int, int, int], message: str) -> None:
    reading = read(text)
    (problem,) = reading.problems
    assert (problem.kind, problem.place[1:]) == (ProblemKind.INVALID_REQUIREMENT, place)
    assert message in problem.message
    assert reading.value.unread


def test_fault_of_the_block_is_a_problem() -> None:
    reading = read("", "is never closed")
    (problem,) = reading.problems
    assert (problem.message, problem.place) == ("the block # /// script is never closed", Place("nb/a.ipynb", 2, 5))
    assert reading.value.unread


PIECES = [
    "dependencies",
    "requires-python",
    "[tool.uv]",
    "[tool.uv.sources]",
    "[[tool.uv.index]]",
    "index-url",
    "url",
    "six",
]
PIECES += [" = ", "[", "]", "{", "}", '"six"', '"', "git", "path", "\n", "1", ", ", '"https://["', "#"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_any_text_is_read(text: str) -> None:
    reading = read(text)
    assert reading.value.unread == bool(reading.problems)
