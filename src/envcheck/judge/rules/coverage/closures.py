"""Declarations that list everything, not only what is used: compiled or frozen files."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.dossier import Dossier
from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.declarations import Declaration

_FEW = 15


def foreign_closures(evidence: Evidence) -> frozenset[str]:
    """Return the paths of declarations that look compiled or frozen, and are not wholly installed here.

    In such a file most entries serve others; only the environment that it describes tells whom.
    """
    declarations = (d for d in evidence.declarations if not d.lock)  # no entry of a lock is a requirement
    return frozenset(d.path for d in declarations if _is_closure(evidence, d) and not _is_here(evidence, d))


def _is_closure(evidence: Evidence, declaration: Declaration) -> bool:
    """Tell whether there are hashes, or many entries, nearly all pinned and most of them imported nowhere."""
    named = [requirement for requirement in declaration.requirements if requirement.name]
    if any(requirement.hashes for requirement in named):
        return True
    if len(named) <= _FEW:
        return False
    pinned = sum(r.constraint.exact is not None or r.direct is not None for r in named)
    used = sum(dossier.key in evidence.companion_keys for dossier in _dossiers(evidence, declaration))
    return pinned * 5 >= len(named) * 4 and used * 2 < len(named)


def _is_here(evidence: Evidence, declaration: Declaration) -> bool:
    return all(dossier.is_installed for dossier in _dossiers(evidence, declaration))


def _dossiers(evidence: Evidence, declaration: Declaration) -> Iterator[Dossier]:
    keys = evidence.keys or {}
    return (evidence.dossiers[keys[r]] for r in declaration.requirements if r in keys and evidence.applies(r))
