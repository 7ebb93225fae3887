"""Environment markers (PEP 508): which texts are some, and whether they hold.

Nearly all compare the version of Python or the name of a platform, which is soon done. packaging judges the others: to
load its parser takes a tenth of the time of a small check.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias, Union

from msgspec import Struct

from envcheck.model.comparisons import comparisons
from envcheck.model.names import normalize
from envcheck.model.versions import parse_version

_VERSIONS = ("python_version", "python_full_version")
_NAMES = "os_name sys_platform platform_machine platform_system platform_python_implementation implementation_name"
_VARIABLES = frozenset((*_VERSIONS, *_NAMES.split(), "extra"))
_PIECE = re.compile(
    r"[ \t]*(?:(?P<mark>[()]|(?:and|or)\b)"
    r"|(?P<variable>\w+)[ \t]*(?P<operator>[=!<>]=|[<>](?!=)|\b(?:not[ \t]+)?in\b)"
    r"""[ \t]*(?P<quote>['"])(?P<value>[\w.* -]*)(?P=quote))[ \t]*""",
    re.ASCII,
)
_DEEPEST = 20


class _Condition(Struct, frozen=True):
    variable: str
    operator: str
    value: str


_Marker: TypeAlias = list[list[Union[_Condition, "_Marker"]]]
"""Alternatives, each of them what must hold together."""


class _NotPlain(Exception):  # noqa: N818 - it is what the marker is
    """Something that packaging has to judge."""


def is_marker(text: str) -> bool:
    """Tell whether a text is a valid marker."""
    if _plain(text) is not None:
        return True
    from packaging.markers import InvalidMarker, Marker

    try:
        Marker(text)
    except (InvalidMarker, RecursionError):
        return False
    return True


def normal_marker(text: str) -> str:
    """Return a marker as packaging spells it (double quotes, single blanks); raises ``ValueError`` for no marker."""
    plain = _plain(text)
    flat = plain and all(isinstance(part, _Condition) for together in plain for part in together)
    if plain and flat and "(" not in text and "extra" not in text:
        return " or ".join(" and ".join(map(_spelled, together)) for together in plain)
    from packaging.markers import Marker

    return str(Marker(text))


def _spelled(part: _Condition | _Marker) -> str:
    return f'{part.variable} {part.operator} "{part.value}"' if isinstance(part, _Condition) else ""


def marker_holds(text: str, environment: Mapping[str, str]) -> bool:
    """Tell whether a marker holds in an environment; raises ``ValueError`` or ``KeyError`` when that is undefined."""
    plain = _plain(text)
    try:
        if plain is not None:
            return _holds(plain, environment)
    except _NotPlain:
        pass
    from packaging.markers import Marker

    return Marker(text).evaluate({"extra": "", **environment})


@lru_cache(maxsize=1024)
def _plain(text: str) -> _Marker | None:
    pieces = _pieces(text)
    try:
        marker = _alternatives(pieces)
    except (_NotPlain, IndexError):
        return None
    return None if pieces else marker


def _pieces(text: str) -> list[str | _Condition]:
    """Return the pieces of a marker, the last one first; none when one of them is not plain."""
    pieces: list[str | _Condition] = []
    position = 0
    while position < len(text):
        found = _PIECE.match(text, position)
        if not found or (found["variable"] and found["variable"] not in _VARIABLES):
            return []
        position = found.end()
        compared = " ".join((found["operator"] or "").split())
        pieces.append(found["mark"] or _Condition(found["variable"], compared, found["value"]))
    return pieces[::-1] if pieces.count("(") <= _DEEPEST else []


def _alternatives(pieces: list[str | _Condition]) -> _Marker:
    """Take pieces up to the end or a closing parenthesis; ``and`` binds more closely than ``or``."""
    found: _Marker = [[]]
    while True:
        piece = pieces.pop()
        if piece == "(":
            found[-1].append(_alternatives(pieces))
            pieces.pop()
        elif isinstance(piece, _Condition):
            found[-1].append(piece)
        else:
            raise _NotPlain
        if not pieces or pieces[-1] == ")":
            return found
        joint = pieces.pop()
        if joint == "or":
            found.append([])
        elif joint != "and":
            raise _NotPlain


def _holds(marker: _Marker, environment: Mapping[str, str]) -> bool:
    return any(
        all(
            _is_true(part, environment) if isinstance(part, _Condition) else _holds(part, environment)
            for part in together
        )
        for together in marker
    )


def _is_true(condition: _Condition, environment: Mapping[str, str]) -> bool:
    variable, compared, wanted = condition.variable, condition.operator, condition.value
    value = environment.get(variable, "")
    if variable == "extra":
        value, wanted = normalize(value), normalize(wanted)
    elif not value:
        raise _NotPlain
    if compared in ("in", "not in") and variable != "extra":
        return (value in wanted) is (compared == "in")
    if variable in _VERSIONS:
        return _accepts(compared + wanted, value)
    if compared not in ("==", "!="):
        raise _NotPlain
    return (value == wanted) is (compared == "==")


def _accepts(specifier: str, value: str) -> bool:
    found, version = comparisons(specifier), parse_version(value)
    told = found[0].accepts(version) if found and version else None
    if told is None:
        raise _NotPlain
    return told
