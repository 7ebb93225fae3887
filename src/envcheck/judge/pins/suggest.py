"""Which version to pin: the one that is installed, else the one that another file pins or a notebook ran with."""

from __future__ import annotations

from collections.abc import Sequence

from envcheck.judge.evidence.dossier import Dossier
from envcheck.judge.pins.spelling import near, pinned
from envcheck.model.changes import Pin
from envcheck.model.environment import Distribution, Environment
from envcheck.model.findings import Fix, Safety
from envcheck.model.names import Ecosystem
from envcheck.model.requirements import Requirement, Role
from envcheck.model.versions import parse_version, public_version

_MOST_COMPARED = 100  # per name: files of thousands of equal lines are nobody's work
_PINNING_ROLES = frozenset({Role.DECLARED, Role.CONSTRAINT, Role.LOCKED})


def suggest(requirement: Requirement, dossier: Dossier | None, environment: Environment | None) -> Fix | None:
    """Return the pin that keeps within what a requirement says, or ``None`` when no such version is known."""
    if requirement.direct:
        return None
    version = installable_version(requirement, dossier, environment)
    if version:
        # A conda package may lack a version that the index has.
        crosses = requirement.ecosystem is Ecosystem.CONDA and dossier is not None and dossier.conda is None
        title, safety = "pin the installed version", Safety.UNSAFE if crosses else Safety.SAFE
    else:
        other = _known_elsewhere(requirement, dossier) if dossier and not dossier.is_installed else None
        if other is None:
            return None
        version = other.constraint.exact or ""
        title, safety = f"pin the version {_origin(other)}", Safety.UNSAFE
    return pin(requirement, version, title, safety) if requirement.constraint.allows(version) else None


def redeclare(requirement: Requirement, dossier: Dossier, environment: Environment | None) -> Fix | None:
    """Return the fix that declares what is installed in place of what a requirement says now."""
    version = "" if requirement.direct else installable_version(requirement, dossier, environment)
    return pin(requirement, version, "declare what is installed", Safety.UNSAFE) if version else None


def pin(requirement: Requirement, version: str, title: str, safety: Safety) -> Fix:
    """Return the fix that lets a requirement accept just ``version``."""
    return Fix(title, safety, (Pin(requirement, version),), pinned(requirement, version))


def installable_version(requirement: Requirement, dossier: Dossier | None, environment: Environment | None) -> str:
    """Return the installed version as others can install it; empty when there is none or only this machine has it."""
    if requirement.name == "python":
        return environment.python if environment else ""
    if dossier is None:
        return ""
    if requirement.ecosystem is Ecosystem.CONDA and dossier.conda:
        return dossier.conda.version
    return _released_version(dossier.installed) if dossier.installed else ""


def standing(dossier: Dossier, environment: Environment | None) -> str:
    """Return the words that follow a complaint about a missing pin: what is installed, else what to do."""
    if dossier.installed and dossier.installed.direct:
        return f"installed: {dossier.version}, from no index"
    if dossier.version and public_version(dossier.version) != dossier.version:
        return f"installed: {dossier.version}, a local build of {public_version(dossier.version)}"
    if dossier.version:
        return f"installed: {dossier.version}"
    return f"{'not installed here, so ' if environment else ''}pin the version that works for you"


def _released_version(installed: Distribution) -> str:
    # What comes from a repository, a path or a URL has a version number that no index need know.
    if installed.direct or parse_version(installed.version) is None:
        return ""
    return public_version(installed.version)


def _origin(other: Requirement) -> str:
    return f"that {near(other)} ran with" if other.role is Role.STAMPED else f"of {near(other)}"


def _known_elsewhere(requirement: Requirement, dossier: Dossier) -> Requirement | None:
    """Return what pins a distribution in another file, else what says with which version notebooks ran."""
    return _pinned_elsewhere(requirement, dossier) or _stamped(requirement, dossier)


def _stamped(requirement: Requirement, dossier: Dossier) -> Requirement | None:
    """Return the version on which all stamps are agreed, unless no index has it."""
    found = _agreed([other for other in dossier.stamped if other.ecosystem is requirement.ecosystem])
    exact = (found.constraint.exact or "") if found else ""
    return found if public_version(exact) == exact else None


def _pinned_elsewhere(requirement: Requirement, dossier: Dossier) -> Requirement | None:
    """Return a requirement of the same ecosystem that names the one version on which all that pin are agreed."""
    pins = [
        other
        for other in dossier.requirements[:_MOST_COMPARED]
        if other.role in _PINNING_ROLES and other.ecosystem is requirement.ecosystem and other.constraint.exact
    ]
    return _agreed(pins)


def _agreed(pins: Sequence[Requirement]) -> Requirement | None:
    return pins[0] if len({other.constraint.exact for other in pins}) == 1 else None
