"""Poetry's constraints (``^1.2``, ``~1.2``, ``1.2.*``, ``>=1 <2 || ^3``) → what PEP 440 and markers say instead.

The grammar is that of poetry-core 2.5 (``constraints/version/parser.py``), which is the same since Poetry 1.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from envcheck.model.constraints import ANY, AnyOf, Constraint, pep440
from envcheck.model.versions import parse_version

_LONGEST = 1000
_OR = re.compile(r"\s*\|\|?\s*")
# poetry-core's own expression: a comma or blank parts two constraints, but not an operator from its version.
_AND = re.compile(r"(?<!^)(?<![\^~=>< ,]) *(?<!-)[, ](?!-) *(?!,|$)")
_ANYTHING = re.compile(r"(?i)v?[x*](?:\.[x*])*")
_SINGLE = re.compile(r"(\^|~=|~|===?|!=|<>|>=?|<=?|=)?\s*(\S+?)((?:\.\*)*)")
_SHORT = re.compile(r"v?\d+(?:\.\d+){0,2}")
_PLATFORM = re.compile(r"(!=|===?|=)?\s*([\w.-]+)\s*")
_SERIES = ("^", "~", "~=")
_OPERATORS = {"": "==", "=": "==", "<>": "=="}  # poetry-core reads <> like =

_Clause = tuple[str, str]
"""An operator of PEP 440 and the version after it."""


@lru_cache(maxsize=8192)
def poetry_constraint(text: str) -> Constraint:
    """Return the constraint that a text of Poetry's means; raises ``ValueError`` for what Poetry refuses."""
    found = [",".join(map("".join, clauses)) for clauses in _alternatives(text)]
    if not all(found):
        return ANY
    return pep440(found[0]) if len(found) == 1 else AnyOf(text.strip(), tuple(map(pep440, found)))


@lru_cache(maxsize=1024)
def python_marker(text: str) -> str:
    """Return the marker that ``python = "^3.8"`` of an entry means; raises ``ValueError`` for what Poetry refuses."""
    return _any(" and ".join(_python(*clause) for clause in clauses) for clauses in _alternatives(text))


@lru_cache(maxsize=1024)
def platform_marker(text: str) -> str:
    """Return the marker that ``platform = "linux || darwin"`` of an entry means; raises ``ValueError``."""
    return _any(" and ".join(_platforms(part)) for part in _OR.split(text.strip()))


def _any(markers: Iterator[str]) -> str:
    alternatives = list(markers)
    return " or ".join(alternatives) if all(alternatives) else ""


def _alternatives(text: str) -> list[list[_Clause]]:
    """Return what a text accepts: alternatives, each of them clauses that must hold together; none is everything."""
    if len(text) > _LONGEST:
        raise ValueError(f"{len(text)} characters are no constraint")
    return [
        [clause for single in _AND.split(part.rstrip(",").rstrip()) for clause in _clauses(single)]
        for part in _OR.split(text.strip())
    ]


def _clauses(single: str) -> list[_Clause]:
    if _ANYTHING.fullmatch(single):
        return []
    found = _SINGLE.fullmatch(single)
    if not found:
        raise _refusal(single)
    operator, version, wildcard = found.groups("")
    parsed = parse_version(version)
    if version.lower() == "dev" and operator not in (*_SERIES, "==="):
        version = "0.0.dev0"
    elif parsed is None or operator == "===" or (wildcard and operator in _SERIES):
        raise _refusal(single)
    if len(wildcard) > len(".*") and not (operator in ("", "==", "!=") and _SHORT.fullmatch(version)):
        raise _refusal(single)
    public = version.partition("+")[0]
    if parsed and operator in _SERIES:
        return [(">=", public), ("<", _bound(operator, parsed.epoch, parsed.release))]
    if operator in ("<", "<=", ">", ">="):  # a wildcard says nothing here, and PEP 440 orders no local versions
        return [(operator, public)]
    return [(_OPERATORS.get(operator, operator), f"{version}.*" if wildcard else version)]


def _refusal(text: str) -> ValueError:
    return ValueError(f"no version constraint: {text}" if text else "an empty version constraint")


def _bound(operator: str, epoch: int, release: tuple[int, ...]) -> str:
    """Return the first version that ``^``, ``~`` and ``~=`` exclude, as long as the one that they begin with."""
    if operator == "~=":
        place = max(len(release) - 2, 0)
    elif operator == "~":
        place = min(len(release) - 1, 1)
    else:
        first = next((number for number, part in enumerate(release) if part), len(release))
        place = min(first, len(release) - 1, 2)
    upper = [*release[:place], release[place] + 1, *(0 for _ in release[place + 1 :])]
    return (f"{epoch}!" if epoch else "") + ".".join(map(str, upper))


def _python(operator: str, version: str) -> str:
    """Return a clause as a marker: ``python_version`` has two numbers, and any others speak of the full version."""
    parsed = parse_version(version.removesuffix(".*"))
    numbers = parsed.release if parsed else ()
    shown = ".".join(map(str, numbers))
    if version.endswith(".*"):
        if len(numbers) == 2:
            return f'python_version {operator} "{shown}"'
        upper = ".".join(map(str, (*numbers[:-1], numbers[-1] + 1)))
        if operator == "==":
            return f"{_python('>=', shown)} and {_python('<', upper)}"
        return f"({_python('<', shown)} or {_python('>=', upper)})"
    if len(numbers) < 3 and operator in (">=", "<", "=="):
        return f'python_version {operator} "{shown}"'
    padded = ".".join(map(str, (*numbers, 0, 0)[: max(3, len(numbers))]))
    return f'python_full_version {operator} "{padded}"'


def _platforms(text: str) -> Iterator[str]:
    for part in re.split(r"\s*,\s*", text):
        found = _PLATFORM.fullmatch(part)
        if not found:
            if part == "*":
                continue
            raise ValueError(f"no platform: {part}")
        yield f'sys_platform {"!=" if found[1] == "!=" else "=="} "{found[2]}"'
