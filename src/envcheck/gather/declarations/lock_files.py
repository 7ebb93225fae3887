"""Lock files and the manifests of their tools: recognised by name, and said not to be compared yet."""

from __future__ import annotations

import re

from envcheck.model.declarations import Declaration
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading

NAME = "lock"

_MANIFESTS: frozenset[str] = frozenset()
_LOCKS = re.compile(r"(?:poetry)\.lock")


def claims(path: str) -> bool:
    """Tell by its name whether a file is a lock or the manifest of a tool that locks."""
    name = path.lower().rpartition("/")[2]
    return name in _MANIFESTS or _LOCKS.fullmatch(name) is not None


def read(file: RawFile) -> Reading[Declaration]:
    """Return an empty declaration, which governs if it is a manifest, and say that there is more to compare with."""
    name = file.path.rpartition("/")[2]
    is_manifest = name.lower() in _MANIFESTS
    kind = "a manifest" if is_manifest else "a lock"
    problem = Problem(ProblemKind.NOT_READ, Place(file.path), f"{kind} ({name}), recognised and not yet compared")
    return Reading(Declaration(file.path, NAME, governs=is_manifest, unread=is_manifest), (problem,))
