"""Whether a lock gives what the files that it is made from ask for: by meaning, whatever hashes say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from envcheck.judge.evidence.dossier import Dossier
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.locked import LockView
from envcheck.model.locks import State
from envcheck.model.names import Ecosystem
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role
from envcheck.model.urls import normalize_url

# Locks leave these to the environment.
_GIVEN = frozenset({"python", "pip"})


class Miss(NamedTuple):
    """A requirement that a lock does not satisfy, with the entry that stands there instead, if there is one."""

    dossier: Dossier
    requirement: Requirement
    entry: Requirement | None


@lru_cache(maxsize=64)  # two rules ask
def misses(evidence: Evidence, lock: LockView) -> tuple[Miss, ...]:
    """Return the requirements of the manifests that a lock does not satisfy."""
    return tuple(_misses(evidence, lock))


def manifest_requirements(evidence: Evidence, lock: LockView) -> Iterator[tuple[Dossier, Requirement]]:
    """Yield the declared requirements that a lock is made from."""
    manifests = frozenset(lock.fact.manifests)
    for dossier, requirement in evidence.requirements():
        if requirement.role is Role.DECLARED and requirement.place.path in manifests:
            yield dossier, requirement


def _misses(evidence: Evidence, lock: LockView) -> Iterator[Miss]:
    own = {*lock.fact.selection.own, *(d.project for d in evidence.declarations)}
    for dossier, requirement in manifest_requirements(evidence, lock):
        if requirement.template or requirement.name in _GIVEN or requirement.name.startswith("__"):
            continue
        if dossier.key in own or requirement.name in own:
            continue
        entries = lock.held.get(dossier.key, ())
        if not entries:
            if _must_be_there(evidence, lock, requirement):
                yield Miss(dossier, requirement, None)
            continue
        here = lock.selected.get(dossier.key, ()) if evidence.applies(requirement) else ()
        if not any(_satisfies(entry, requirement) for entry in here or entries):
            yield Miss(dossier, requirement, (here or entries)[0])


def _must_be_there(evidence: Evidence, lock: LockView, requirement: Requirement) -> bool:
    """Tell whether the absence of a name is a fault; a lock may leave out groups, and what is for other platforms."""
    if not evidence.applies(requirement):
        return False
    if requirement.ecosystem is Ecosystem.PYPI and lock.has_no_room_for_pip:
        return False
    if not requirement.group:
        return True
    named = {departure.name for departure in lock.fact.freshness.departures}
    return lock.fact.freshness.state is State.CHANGED and requirement.name in named


def _satisfies(entry: Requirement, requirement: Requirement) -> bool:
    if requirement.direct:
        return entry.direct is not None and _is_same_source(entry.direct, requirement.direct)
    version = entry.constraint.exact
    if version is None or entry.ecosystem is not requirement.ecosystem:
        return True  # a folder or repository has the version that it has
    build = getattr(entry.constraint, "build", "")
    return requirement.constraint.allows(version, build)


def _is_same_source(locked: DirectReference, wanted: DirectReference) -> bool:
    if locked.kind is DirectKind.PATH or wanted.kind is DirectKind.PATH:
        # A folder is named in many ways, and may be a member of the workspace.
        return locked.kind is wanted.kind
    if normalize_url(locked.url) != normalize_url(wanted.url):
        return False
    return not wanted.commit or not locked.commit or wanted.commit.lower() == locked.commit.lower()
