"""What an entry's markers and Pythons say of a target."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from envcheck.gather.documents.poetry_constraints import poetry_constraint
from envcheck.model.markers import marker_holds
from envcheck.model.names import NormalizedName, normalize

_EXTRA = re.compile(r"""\bextra (==|!=) (["'])([^"']*)\2""")


def holds(marker: str, environment: Mapping[str, str], extras: Container[NormalizedName] | None) -> bool:
    """Tell whether a marker holds with these extras, or whatever they are; one that cannot be judged is taken to hold.

    To Poetry ``extra`` is a set: ``extra == "a" and extra == "b"`` holds when both are asked for.
    """
    if not marker:
        return True
    if "extra" in marker:
        marker = _EXTRA.sub(lambda found: _truth(found, extras), marker)
    try:
        return marker_holds(marker, {**environment, "extra": ""})
    except (ValueError, KeyError, RecursionError):
        return True


def _truth(condition: re.Match[str], extras: Container[NormalizedName] | None) -> str:
    """Return what a condition on extras amounts to: a marker that holds, or does not, where no extra is asked for."""
    is_true = extras is None or (normalize(condition[3]) in extras) is (condition[1] == "==")
    return 'extra == ""' if is_true else 'extra == "none"'


def allows(pythons: str, version: str) -> bool:
    """Tell whether a Python is among those that Poetry's text names; also when either says nothing."""
    if not pythons or not version:
        return True
    try:
        return poetry_constraint(pythons).allows(version)
    except ValueError:
        return True
