"""Where the specifier stands within the text of one requirement, so that a pin touches nothing else."""

from __future__ import annotations

import re

from envcheck.model.changes import Edit

_PEP508 = re.compile(
    r"\s*[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?:\s*\[[^\]]*\])?"
    r"(?P<gap>\s*)(?P<open>\(\s*)?(?P<spec>(?:[<>=!~][^;()@]*)?)\)?\s*(?:;.*)?",
    re.DOTALL,
)
_CONDA = re.compile(
    r"\s*(?:[A-Za-z0-9_./:-]+(?:\[[^\]]*\])?::)?[A-Za-z0-9_][A-Za-z0-9_.-]*?(?P<gap>\s*)(?P<spec>(?:[<>=!~\s][^\[]*)?)\s*"
)


def pep508_pin(text: str, specifier: str) -> Edit | None:
    """Return the edit that gives a PEP 508 text this specifier; ``None`` for a URL and what is no such text."""
    return _pin(_PEP508.fullmatch(text), specifier)


def conda_pin(text: str, specifier: str) -> Edit | None:
    """Return the edit that gives a conda match spec this version; ``None`` for one with brackets or without name."""
    return _pin(_CONDA.fullmatch(text), specifier)


def _pin(match: re.Match[str] | None, specifier: str) -> Edit | None:
    if match is None:
        return None
    if not match["spec"].strip():
        return Edit(match.start("gap"), match.start("gap"), specifier)
    start = match.start("spec") + len(match["spec"]) - len(match["spec"].lstrip())
    return Edit(start, match.start("spec") + len(match["spec"].rstrip()), specifier)
