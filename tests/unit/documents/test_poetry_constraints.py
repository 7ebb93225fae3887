"""Poetry's constraints mean the same in PEP 440, and those on Python and platforms in markers."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.documents.poetry_constraints import platform_marker, poetry_constraint, python_marker
from envcheck.model.constraints import ANY, AnyOf

ACCEPTED = {
    "*": "",
    "x": "",
    "1.2.3": "==1.2.3",
    "=1.2": "==1.2",
    "v1.2": "==v1.2",
    "1.2.*": "==1.2.*",
    "!=1.2.*": "!=1.2.*",
    "1.*.*": "==1.*",
    "^1.2.3": ">=1.2.3,<2.0.0",
    "^1": ">=1,<2",
    "^0.2.3": ">=0.2.3,<0.3.0",
    "^0.0.3": ">=0.0.3,<0.0.4",
    "^0.0": ">=0.0,<0.1",
    "^0": ">=0,<1",
    "^0.0.0": ">=0.0.0,<0.0.1",
    "^ 1.2rc1": ">=1.2rc1,<2.0",
    "^1!1.2": ">=1!1.2,<1!2.0",
    "~1.2.3": ">=1.2.3,<1.3.0",
    "~1.2": ">=1.2,<1.3",
    "~1": ">=1,<2",
    "~=1.4.5": ">=1.4.5,<1.5.0",
    "~=1": ">=1,<2",
    ">=1.2 <2": ">=1.2,<2",
    ">= 1.2 , < 2,": ">=1.2,<2",
    "^1.2,!=1.2.3": ">=1.2,<2.0,!=1.2.3",
    ">=1.2.*": ">=1.2",
    "<>1": "==1",
    "dev": "==0.0.dev0",
    "1.0+cu1": "==1.0+cu1",
    "^1 || *": "",
}
REFUSED = ["", "latest", "1.2 - 2.0", "^", "===1.0", "1 || ", "^1.*", "^dev", "=1.*.*", "1.2.3.4.*.*", ">=1,,<2", "^x"]
VERSIONS = """
    0 0.0.1 0.0.3 0.0.4 0.1 0.1.0a1 0.2.3 0.3 0.9.9 1.0.dev1 1.0a1 1.0rc1 1 1.0.0.post1 1.0.1 1.2 1.2.0rc1 1.2.3
    1.2.3.4 1.2.4 1.2.9.dev0 1.2.post2 1.3.dev0 1.3 1.3.0b1 1.4.5 1.5 1.5a0 1.9.9 2.0.dev0 2.0a1 2 2.0.1 2.1 2.7.18
    3.0 3.0rc1 3.1 3.5 3.6 3.6.1 3.7.3 3.8 3.9.7 3.10 3.10.4 3.11 3.12.0 4.0a1 4 4.1 5 1!0.5 1!1.2 1!2 2023.1
""".split()
_WRITTEN = (
    "1 1.2 1.2.3 0 0.0 0.0.3 0.3 0.3.1 1.0rc1 1.2.0b1 1.2.3.4 2 3.6 3.7 3.10 v1.2 1.2.post1 1.0.dev1 1!1.2 2.7".split()
)
_OPERATORS = ["^", "~", "~=", "==", "=", "!=", ">=", "<=", ">", "<", "", "^ ", ">= ", "~ "]


def texts(count: int) -> list[str]:
    """Return constraints as people write them, and worse; the same ones every time."""
    dice = random.Random(5)

    def single() -> str:
        operator, version = dice.choice(_OPERATORS), dice.choice(_WRITTEN)
        plain = version.replace(".", "").isdigit() and operator.strip() not in ("^", "~", "~=")
        return f"{operator}{version}{dice.choice(['', '', '.*']) if plain else ''}"

    def together() -> str:
        return dice.choice([",", " ", ", "]).join(single() for _ in range(dice.choice([1, 1, 2, 3])))

    return [
        dice.choice([" || ", "|", "||"]).join(together() for _ in range(dice.choice([1, 1, 2, 3])))
        for _ in range(count)
    ]


@pytest.mark.parametrize(("text", "meaning"), ACCEPTED.items())
def test_constraint_in_pep_440(text: str, meaning: str) -> None:
    assert poetry_constraint(text).text == meaning


@pytest.mark.parametrize("text", [*REFUSED, "1" * 5000, "^" + "9" * 900 + "." * 99])
def test_what_poetry_refuses_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="constraint"):
        poetry_constraint(text)


def test_alternatives_accept_what_one_of_them_accepts() -> None:
    constraint = poetry_constraint(" ~2.7 || ^3.6 ")
    assert isinstance(constraint, AnyOf)
    assert constraint.text == "~2.7 || ^3.6"
    assert [constraint.allows(v) for v in ("2.6", "2.7.18", "2.8", "3.5", "3.6", "4.0")] == [
        *(False, True, False, False, True, False)
    ]
    assert constraint.exact is None
    assert constraint.literals == ("2.7", "2.8", "3.6", "4.0")


@pytest.mark.parametrize(("text", "exact"), [("1.2", "1.2"), ("==1.2", "1.2"), ("1.2 || 1.2", "1.2"), ("1 || 2", None)])
def test_exact_pin_is_known(text: str, exact: str | None) -> None:
    assert poetry_constraint(text).exact == exact


def test_everything_is_any_version() -> None:
    assert poetry_constraint("*") is ANY


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("^3.8", 'python_version >= "3.8" and python_version < "4.0"'),
        ("3.7", 'python_version == "3.7"'),
        ("3.7.*", 'python_version == "3.7"'),
        ("!=3.7.*", 'python_version != "3.7"'),
        ("3.*", 'python_version >= "3" and python_version < "4"'),
        ("~2.7 || >=3.6", 'python_version >= "2.7" and python_version < "2.8" or python_version >= "3.6"'),
        (">3.7", 'python_full_version > "3.7.0"'),
        ("<=3.7", 'python_full_version <= "3.7.0"'),
        (">=3.7.1", 'python_full_version >= "3.7.1"'),
        ("*", ""),
    ],
)
def test_python_as_marker(text: str, marker: str) -> None:
    assert python_marker(text) == marker


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("linux", 'sys_platform == "linux"'),
        ("!=win32", 'sys_platform != "win32"'),
        ("linux || darwin", 'sys_platform == "linux" or sys_platform == "darwin"'),
        ("!=win32,!=cygwin", 'sys_platform != "win32" and sys_platform != "cygwin"'),
        ("*", ""),
    ],
)
def test_platform_as_marker(text: str, marker: str) -> None:
    assert platform_marker(text) == marker


@pytest.mark.parametrize("read", [poetry_constraint, python_marker, platform_marker])
@given(text=st.text("^~=!<>|*x.,-v+ 0123456789dera", max_size=25) | st.text(max_size=6))
def test_any_text_is_read_or_refused(read: Callable[[str], object], text: str) -> None:
    with suppress(ValueError):
        read(text)
