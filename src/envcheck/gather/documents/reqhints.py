"""What stands where a requirement should: the mistakes that people make, and what each of them should write."""

from __future__ import annotations

import re
from functools import cache

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
# Anchored, and without two repetitions of the same characters side by side: the text may be hostile.
_HINTS = (
    (r"[^\x00-\x1f]*[\x00-\x08\x0e-\x1f]", "a control character stands in it", "delete it, or save the file as UTF-8"),
    (
        r"(?:<{7}|={7}|>{7}|\|{7})(?:\s|\Z)",
        "a merge conflict is left over",
        "resolve the conflict and delete its marks",
    ),
    (r"\{[{%#]", "a template that was not rendered", "render the template first"),
    (r"<[!/?a-z]", "HTML stands here", "save the raw file instead of the page that shows it"),
    (
        r"[!%$]?\s?(?:python[0-9.]*\s-m\s)?pip[0-9.]*\sinstall\b",
        "a command stands here",
        "keep what follows install",
    ),
    (r"(?:import|from)\s+[\w.]+(?:\s|\Z)", "Python code stands here", "name the distribution instead"),
    (
        r"(?:name|channels|dependencies|prefix)\s*:",
        "conda's environment.yml stands here",
        "name the file environment.yml",
    ),
    (
        r"(?:- )?[\"'\[{(]|[^;]*[\"'],?\Z",
        "quotes or brackets stand around it",
        "write the requirement bare, one on a line",
    ),
    (rf"{_NAME}\s*=\s*[^=\s]", "a single = is conda's", "pip wants =="),
    (rf"{_NAME}\s+v?[0-9]", "no operator stands before the version", "write name==version"),
    (rf"{_NAME}\s*(?:[=<>!~]=|[<>])\s*(?:\Z|,|;)", "no version follows the operator", "add the version"),
    (
        rf"{_NAME}\s*(?:[=<>!~]=|[<>])\s*[\w.*+!-]+\s*[<>=!~]",
        "a comma is missing",
        "put a comma between two specifiers",
    ),
    (r"[\w.+-]+@[\w.-]+:(?!//)", "no scheme stands before the repository", "write git+ssh://git@host/owner/name"),
    (r"[\w.-]+\.(?:com|org|net|io)/", "no scheme stands before the address", "begin with https:// or git+https://"),
    (
        r"[a-z][a-z0-9+.-]*://",
        "pip knows no such scheme",
        "write git+https:// for a repository, https:// for an archive",
    ),
)


@cache
def _hints() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    """Compile the patterns when something is wrong, which in most runs nothing is."""
    return tuple((re.compile(pattern, re.IGNORECASE), reason, remedy) for pattern, reason, remedy in _HINTS)


def explain(text: str) -> tuple[str, str]:
    """Return what is wrong with a text that is no requirement, and what to write; empty for an unknown mistake."""
    return next(((reason, remedy) for pattern, reason, remedy in _hints() if pattern.match(text)), ("", ""))
