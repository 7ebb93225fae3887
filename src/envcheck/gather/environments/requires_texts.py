"""Requires-Dist texts: which of them nobody can parse, and what egg-info's requires.txt says in the same form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from packaging.requirements import InvalidRequirement, Requirement

# Parsing is dear (17 µs each, thousands of them): what has this everyday shape needs none. Single optional blanks only:
# neighbouring ``\s*`` would make a line of blanks cost the cube of its length.
_RELEASE = r"\d+(?:\.\d+)*"
_SUFFIX = r"(?:a|b|rc|\.post|\.dev)\d+"
_CLAUSE = rf"(?:[<>]=? ?{_RELEASE}(?:{_SUFFIX})?|~= ?\d+(?:\.\d+)+|[!=]= ?{_RELEASE}(?:{_SUFFIX}|\.\*)?)"
_VARIABLE = (
    r"(?:extra|python_(?:full_)?version|sys_platform|os_name|implementation_(?:name|version)"
    r"|platform_(?:machine|system|release|version|python_implementation))"
)
_TEST = rf"""{_VARIABLE}(?: ?(?:[<>]=?|[!=]=) ?| (?:not )?in )(?:"[\w .,+*-]*"|'[\w .,+*-]*')"""
_TESTS = rf"{_TEST}(?: (?:and|or) {_TEST})*"
_GROUP = rf"(?:{_TEST}|\({_TESTS}\))"
_NAME = r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?"
_EVERYDAY = re.compile(
    rf"{_NAME} ?(?:\[{_NAME}(?:, ?{_NAME})*\])?"
    rf" ?(?:{_CLAUSE}(?: ?, ?{_CLAUSE})*|\({_CLAUSE}(?: ?, ?{_CLAUSE})*\))?"
    rf"(?: ?; ?{_GROUP}(?: (?:and|or) {_GROUP})*)?",
    re.ASCII,
)


def unparsable(texts: Iterable[str]) -> Iterator[str]:
    """Yield the texts that are no PEP 508 requirement."""
    for text in texts:
        if _EVERYDAY.fullmatch(text):
            continue
        try:
            Requirement(text)
        except (InvalidRequirement, RecursionError):
            yield text


def from_requires_txt(text: str) -> Iterator[str]:
    """Yield what egg-info's ``requires.txt`` says, as ``Requires-Dist`` texts (as importlib.metadata writes them)."""
    condition = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            condition = _condition(line[1:-1])
        elif line and not line.startswith("#"):
            space = " " if condition and "@" in line else ""
            yield line + space + condition


def _condition(section: str) -> str:
    extra, _, marker = section.partition(":")
    if extra and marker:
        marker = f"({marker})"
    tests = [test for test in (marker, f'extra == "{extra}"' if extra else "") if test]
    return "; " + " and ".join(tests) if tests else ""
