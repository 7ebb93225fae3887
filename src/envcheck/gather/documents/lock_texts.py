"""What all lock files have in common as texts: where entries stand, what merges leave behind, how an entry is put."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from envcheck.gather.documents.faults import Fault
from envcheck.model.constraints import ANY, Constraint, pep440
from envcheck.model.markers import marker_holds
from envcheck.model.names import Ecosystem, NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind
from envcheck.model.requirements import DirectReference, Requirement, Role

_CONFLICT = re.compile(r"^(?:<{7} |={7}$|>{7} )", re.MULTILINE)


def conflict(text: str) -> Fault | None:
    """Return the fault of a text that a version-control merge left unresolved, at its first mark."""
    if "<<<<<<< " not in text and ">>>>>>> " not in text:
        return None
    found = _CONFLICT.search(text)
    if found is None:
        return None
    return Fault("holds an unresolved merge conflict", text.count("\n", 0, found.start()) + 1, 1)


def unreadable(fault: Fault, path: str, renew: str) -> Problem:
    """Return the problem of a lock that is not the document it should be; ``renew`` is the command that remakes it."""
    return fault.problem(path, f"do not repair it by hand: take one side and run {renew}")


def unsupported(path: str, what: str, renew: str) -> Problem:
    """Return the problem of a lock in a version that is not known: nothing of it is guessed."""
    return Problem(ProblemKind.UNSUPPORTED_FORMAT, Place(path), what, f"update envcheck, or lock again with {renew}")


def lines_of(text: str, start: str) -> list[int]:
    """Return the numbers of the lines that begin with ``start`` (``[[package]]``), in order."""
    lined, wanted = f"\n{text}", f"\n{start}"
    found, number, behind = [], 0, 0
    at = lined.find(wanted)
    while at >= 0:
        number += lined.count("\n", behind, at + 1)
        found.append(number)
        behind = at + 1
        at = lined.find(wanted, behind)
    return found


def text_in(table: Mapping[str, object], key: str) -> str:
    """Return the text at a key, empty when there is none or something else."""
    found = table.get(key)
    return found if isinstance(found, str) else ""


def texts_in(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    """Return the texts of the list at a key, without what is no text."""
    found = table.get(key)
    return tuple(text for text in found if isinstance(text, str)) if isinstance(found, list) else ()


def tables_in(table: Mapping[str, object], key: str) -> tuple[Mapping[str, object], ...]:
    """Return the tables of the list at a key, an empty one for each element that is none: all keep their turn."""
    found = table.get(key)
    return tuple(one if isinstance(one, dict) else {} for one in found) if isinstance(found, list) else ()


def is_for(marker: str, environment: Mapping[str, str]) -> bool:
    """Tell whether an entry with this marker is for an environment; one that cannot be judged is for all of them."""
    if not marker:
        return True
    try:
        return marker_holds(marker, environment)
    except (ValueError, KeyError, RecursionError):
        return True


def exactly(version: str) -> Constraint:
    """Return the constraint of a locked PyPI version; an empty one accepts everything."""
    if not version:
        return ANY
    try:
        return pep440(f"=={version}")
    except ValueError:
        try:
            return pep440(f"==={version}")
        except ValueError:
            return ANY


def locked(  # noqa: PLR0913 - an entry has this many parts, and each is named at the call
    name: str,
    version: str,
    place: Place,
    dialect: str,
    *,
    marker: str = "",
    group: str = "",
    extras: Iterable[str] = (),
    hashes: Iterable[str] = (),
    direct: DirectReference | None = None,
    needs: Iterable[NormalizedName] = (),
    index: str = "",
    platform: str = "",
    python: str = "",
) -> Requirement:
    """Return a locked entry of PyPI's world."""
    raw = f"{name}=={version}" if version else name
    return Requirement(
        normalize(name),
        raw,
        Ecosystem.PYPI,
        place,
        exactly(version),
        Role.LOCKED,
        dialect,
        group,
        marker,
        tuple(extras),
        tuple(hashes),
        direct,
        shown_name=name,
        needs=tuple(needs),
        index=index,
        platform=platform,
        python=python,
    )
