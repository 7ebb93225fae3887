"""Markers joined, turned round and compared by what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import prod

from envcheck.model.constraints import ANY, Constraint
from envcheck.model.markers import marker_holds

_OPPOSITES = {"==": "!=", "<": ">=", ">": "<=", "in": "not in"}
_OPPOSITES |= {after: before for before, after in _OPPOSITES.items()}
_VALUE = r"""(?:[A-Za-z_.]+|"[^"]*"|'[^']*')"""
_PIECE = re.compile(rf"\s*(?:([()])|\b(and|or)\b|({_VALUE})\s*(not\s+in\b|in\b|===|[=!~<>]=|[<>])\s*({_VALUE}))\s*")
_COMPARED = re.compile(rf"({_VALUE})\s*(?:not\s+in\b|in\b|===|[=!~<>]=|[<>])\s*({_VALUE})")
_DEEPEST = 50

_PYTHONS = ("python_version", "python_full_version")
_SYSTEMS = ("sys_platform", "platform_system", "os_name")
_REAL_SYSTEMS = (
    *(("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt")),
    *(("cygwin", "CYGWIN_NT", "posix"), ("emscripten", "Emscripten", "posix"), ("wasi", "WASI", "posix")),
    *(("freebsd", "FreeBSD", "posix"), ("aix", "AIX", "posix"), ("sunos5", "SunOS", "posix")),
    *(("android", "Android", "posix"), ("ios", "iOS", "posix"), ("java", "Java", "java")),
)
_NO_VERSION = ("python_full_version", "python_version", "implementation_version")
_MOST, _LONGEST = 1000, 4000
_OTHER = "another"


def both(left: str, right: str) -> str:
    """Return the marker that holds where two hold; an empty one holds everywhere."""
    if not left or not right:
        return left or right
    return " and ".join(f"({marker})" if " or " in marker else marker for marker in (left, right))


def negated(marker: str) -> str:
    """Return the marker that holds where another does not; raises ``ValueError`` for what cannot be turned round."""
    pieces = _pieces(marker)[::-1]
    opposite = _against_any(pieces)
    if pieces:
        raise ValueError(f"no marker: {marker}")
    return opposite


def _pieces(marker: str) -> list[str | tuple[str, str, str]]:
    if len(marker) > _LONGEST or marker.count("(") > _DEEPEST:
        raise ValueError("a marker without end")
    pieces: list[str | tuple[str, str, str]] = []
    position = 0
    while position < len(marker):
        found = _PIECE.match(marker, position)
        if not found:
            raise ValueError(f"no marker: {marker}")
        position = found.end()
        bracket, joint, left, compared, right = found.groups()
        pieces.append(bracket or joint or (left, " ".join(compared.split()), right))
    return pieces


def _against_any(pieces: list[str | tuple[str, str, str]]) -> str:
    parts = [_against_all(pieces)]
    while pieces and pieces[-1] == "or":
        pieces.pop()
        parts.append(_against_all(pieces))
    return " and ".join(parts)


def _against_all(pieces: list[str | tuple[str, str, str]]) -> str:
    parts = [_against_one(pieces)]
    while pieces and pieces[-1] == "and":
        pieces.pop()
        parts.append(_against_one(pieces))
    return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"


def _against_one(pieces: list[str | tuple[str, str, str]]) -> str:
    piece = pieces.pop() if pieces else ""
    if piece == "(":
        inner = _against_any(pieces)
        if not pieces or pieces.pop() != ")":
            raise ValueError("a bracket that is not closed")
        return f"({inner})"
    if isinstance(piece, str) or piece[1] not in _OPPOSITES:
        raise ValueError(f"not to be turned round: {piece}")
    return f"{piece[0]} {_OPPOSITES[piece[1]]} {piece[2]}"


def truths(markers: Sequence[str], pythons: Constraint = ANY) -> list[tuple[object, ...]]:
    """Return for each marker where it holds: two that mean the same have equal values, of one call.

    They are tried in all combinations of what they speak of, on Pythons that ``pythons`` allows and on systems that
    exist. Of too many combinations, or texts too long, nothing is tried, and markers are equal when their texts are.
    """
    spoken = _spoken(markers)
    axes = [[dict(zip(names, values, strict=True)) for values in each] for names, each in _axes(spoken, pythons)]
    if prod(map(len, axes)) > _MOST or sum(map(len, markers)) > _LONGEST:
        return [(True, marker.replace("'", '"')) for marker in markers]
    environments = [{key: text for part in parts for key, text in part.items()} for parts in product(*axes)]
    return [tuple(_holds(marker, environment) for environment in environments) for marker in markers]


def _holds(marker: str, environment: Mapping[str, str]) -> bool | None:
    try:
        return not marker or marker_holds(marker, environment)
    except (ValueError, KeyError, RecursionError):
        return None


def _spoken(markers: Iterable[str]) -> dict[str, set[str]]:
    """Return the variables that markers speak of, each with what it is compared to."""
    spoken: dict[str, set[str]] = {}
    for marker in set(markers):
        for left, right in _COMPARED.findall(marker):
            variable, value = (right, left) if left[:1] in "\"'" else (left, right)
            words = value[1:-1]
            spoken.setdefault(variable.replace(".", "_"), set()).update({words, *words.replace(",", " ").split()})
    return spoken


def _axes(
    spoken: Mapping[str, set[str]], pythons: Constraint
) -> Iterable[tuple[Sequence[str], Iterable[Sequence[str]]]]:
    """Yield variables that depend on each other, and what they may be together."""
    versions = {text for name in _PYTHONS for text in spoken.get(name, ())}
    if versions:
        yield _PYTHONS, _versions(versions, pythons)
    if any(name in spoken for name in _SYSTEMS):
        known = {system[0] for system in _REAL_SYSTEMS}
        new = [(name, name, "posix") for name in sorted(spoken.get("sys_platform", set()) - known)]
        yield _SYSTEMS, (*_REAL_SYSTEMS, *new)
    for name in sorted(spoken.keys() - {*_PYTHONS, *_SYSTEMS}):
        other = "0" if name in _NO_VERSION else "" if name == "extra" else _OTHER
        yield (name,), [(text,) for text in sorted({*spoken[name], other})]


def _versions(texts: Iterable[str], pythons: Constraint) -> list[tuple[str, str]]:
    """Return Pythons on both sides of all the bounds, each as ``3.11`` and ``3.11.4``."""
    found: set[tuple[int, int, int]] = {(3, 9, 7)}
    for text in (*texts, *pythons.literals):
        numbers = [int(part) for part in re.findall(r"\d{1,6}", text)[:3]]
        major, minor, patch = (*numbers, 0, 0, 0)[:3]
        for beside in range(max(minor - 1, 0), minor + 2):
            found.update((major, beside, each) for each in (0, 99))
        found.update((major, minor, each) for each in range(max(patch - 1, 0), patch + 2))
    known = [(f"{major}.{minor}", f"{major}.{minor}.{patch}") for major, minor, patch in sorted(found)]
    return [each for each in known if pythons.allows(each[1])] or known[:1]
