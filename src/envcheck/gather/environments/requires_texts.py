"""Requires-Dist texts: which of them nobody can parse, and what egg-info's requires.txt says in the same form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from envcheck.model.markers import is_marker

# Parsing is dear (17 µs each, thousands of them): what has an everyday shape needs none. Single optional blanks only:
# neighbouring ``\s*`` would make a line of blanks cost the cube of its length.
_NAME = r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?"
_RELEASE = r"\d+(?:\.\d+)*"
_SUFFIX = r"[._-]?(?:a|b|rc|post|dev)[._-]?\d+"
_CLAUSE = rf"(?:[<>]=? ?{_RELEASE}(?:{_SUFFIX})?|~= ?\d+(?:\.\d+)+|[!=]= ?{_RELEASE}(?:{_SUFFIX}|\.\*)?)"
_EVERYDAY = re.compile(
    rf"{_NAME} ?(?:\[{_NAME}(?:, ?{_NAME})*\])? ?(?:(\()?{_CLAUSE}(?: ?, ?{_CLAUSE})*(?(1)\)))? ?", re.ASCII
)
_EXTRA = re.compile(r""" ?extra ?== ?(?:"[\w.-]*"|'[\w.-]*')""", re.ASCII)


def unparsable(texts: Iterable[str]) -> Iterator[str]:
    """Return the texts that are no PEP 508 requirement."""
    return (text for text in texts if not _is_everyday(text) and not _is_requirement(text))


def _is_everyday(text: str) -> bool:
    head, semicolon, marker = text.partition(";")
    if not _EVERYDAY.fullmatch(head):
        return False
    return not semicolon or _EXTRA.fullmatch(marker) is not None or is_marker(marker)


def _is_requirement(text: str) -> bool:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        Requirement(text)
    except (InvalidRequirement, RecursionError):
        return False
    return True


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
