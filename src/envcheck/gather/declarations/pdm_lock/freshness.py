"""Whether a pdm.lock follows its pyproject.toml, as ``pdm lock --check`` tells it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from envcheck.gather.declarations.pdm_lock.departures import Comparison
from envcheck.gather.declarations.pdm_lock.lock import PdmLock, is_member
from envcheck.gather.declarations.pdm_lock.project import Project, project_of, read_project
from envcheck.model.locks import Departure, Freshness, State
from envcheck.model.names import normalize
from envcheck.model.readings import RawFile

_UNKNOWN = Freshness(State.UNKNOWN)
_ALGORITHMS = ("sha256", "sha512", "sha384", "sha224", "sha1", "md5", "blake2b", "blake2s")


def judged(lock: PdmLock, manifests: tuple[RawFile, ...]) -> Freshness:
    """Return the state of a lock; without the project's own pyproject.toml nothing can be told."""
    project = project_of(manifests, lock.manifest)
    if project is None or not project.is_valid:
        return _UNKNOWN
    comparison = Comparison(lock, project)
    if lock.inputs is not None:
        from envcheck.gather.declarations.pdm_lock.inputs import judged_inputs

        return judged_inputs(comparison, manifests)
    if project.resolution.get("lock_inputs") is True:
        return Freshness(State.CHANGED, (Departure("lock_inputs is on, and the lock has none"),))
    return _by_digest(comparison, manifests)


def _by_digest(comparison: Comparison, manifests: tuple[RawFile, ...]) -> Freshness:
    lock, project = comparison.lock, comparison.project
    algorithm, _, wanted = lock.digest.partition(":")
    if not wanted or algorithm not in _ALGORITHMS:
        return _UNKNOWN
    members = members_of(project, manifests)
    if _digest(project, members, algorithm) == wanted:
        return Freshness(State.FRESH)
    departures = tuple(comparison.departures())
    # A member that is no distribution is not in the lock, so its pyproject.toml may not be among the manifests.
    missing = [one for one in project.members if not any(is_member(folder, (one,)) for folder in members)]
    unseen = missing or any("*" in pattern for pattern in project.members)
    return _UNKNOWN if unseen and not departures else Freshness(State.CHANGED, departures)


def members_of(project: Project, manifests: tuple[RawFile, ...]) -> Mapping[str, Project]:
    """Return the members of a project's workspace by their folders, in pdm's order."""
    root = posixpath.join(posixpath.dirname(project.path), "")
    found = {}
    for file in manifests if project.members else ():
        folder = posixpath.dirname(file.path.removeprefix(root))
        inside = file.path.startswith(root) and folder and is_member(folder, project.members)
        member = read_project(file) if inside else None
        if member:
            found[folder] = member
    return dict(sorted(found.items()))


def _digest(project: Project, members: Mapping[str, Project], algorithm: str) -> str:
    """Return what ``content_hash`` is made of (``pdm/project/workspace.py``), empty when it cannot be made."""
    import hashlib

    try:
        own = _own_digest(project, algorithm)
        if not project.members:
            return own
        hasher = hashlib.new(algorithm, own.encode())
        for folder, member in members.items():
            hasher.update(b"\0" + folder.encode() + b"\0" + _own_digest(member, algorithm).encode())
    except (TypeError, ValueError, RecursionError):  # dates, which JSON has none of
        return ""
    return hasher.hexdigest()


def _own_digest(project: Project, algorithm: str) -> str:
    import hashlib
    import json

    metadata, settings = project.document.table("project"), project.document.table("tool", "pdm")
    development: dict[str, list[object]] = {}
    for table in (
        project.document.table("dependency-groups"),
        project.document.table("tool", "pdm", "dev-dependencies"),
    ):
        for group, entries in table.items():
            kept = development.setdefault(normalize(group), [])
            kept.extend(entries if isinstance(entries, list) else [entries])
    content = {
        "sources": settings.get("source", []),
        "dependencies": metadata.get("dependencies", []),
        "dev-dependencies": development,
        "optional-dependencies": metadata.get("optional-dependencies", {}),
        "requires-python": metadata.get("requires-python", ""),
        "resolution": settings.get("resolution", {}),
    }
    return hashlib.new(algorithm, json.dumps(content, sort_keys=True).encode()).hexdigest()
