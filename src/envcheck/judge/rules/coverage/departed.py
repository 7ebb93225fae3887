"""Modules that the standard library of this Python no longer has, or not yet."""

from __future__ import annotations

from envcheck.judge.evidence.dossier import ModuleOrigin, Use
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.names.stdlib import absence
from envcheck.judge.rules.coverage.needs import is_optional


def departed_uses(evidence: Evidence) -> dict[str, tuple[str, list[Use]]]:
    """Return by top-level name why this Python lacks it and who imports it all the same, in reading order."""
    environment = evidence.environment
    found: dict[str, tuple[str, list[Use]]] = {}
    if environment is None:
        return found
    for use in evidence.uses:
        top = use.imported.top
        if use.origin is not ModuleOrigin.STDLIB or is_optional(use) or top in environment.modules:
            continue
        reason = absence(top, environment.python)
        if reason and not _has_stand_in(top, evidence):
            found.setdefault(top, (reason, []))[1].append(use)
    return found


def _has_stand_in(top: str, evidence: Evidence) -> bool:
    """Tell whether setuptools lends its own distutils."""
    distributions = evidence.environment.distributions if evidence.environment else ()
    return top == "distutils" and any(distribution.name == "setuptools" for distribution in distributions)
