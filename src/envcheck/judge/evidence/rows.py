"""The drift table: for each distribution that disagrees, what is declared, locked, installed and used."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from envcheck.judge.evidence.dossier import Dossier
from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.report import TableRow
from envcheck.model.requirements import Requirement, Role
from envcheck.model.urls import redact

_DECLARING = (Role.DECLARED, Role.AD_HOC, Role.CONSTRAINT)


def table_rows(evidence: Evidence, names: Container[str]) -> Iterator[TableRow]:
    """Yield a row for each dossier of a scope whose key is among ``names``, in the order of their names."""
    for key, dossier in evidence.dossiers.items():
        if key in names:
            yield TableRow(
                evidence.scope.root,
                dossier.shown_name,
                _said(r for r in dossier.requirements if r.role in _DECLARING),
                _said(dossier.locked or dossier.held),
                _installed(dossier),
                len({use.source.path for use in dossier.uses}),
            )


def _said(requirements: Iterable[Requirement]) -> str:
    """Return what requirements ask for, each wish once: ``>=2.1``, ``any``, ``git.example/lab/tools``."""
    return ", ".join(dict.fromkeys(_wish(requirement) for requirement in requirements))


def _wish(requirement: Requirement) -> str:
    if requirement.direct:
        commit = requirement.direct.commit[:12]
        return redact(requirement.direct.url) + (f"@{commit}" if commit else "")
    if requirement.role is Role.LOCKED:
        return requirement.constraint.exact or "any"
    return requirement.constraint.text or "any"


def _installed(dossier: Dossier) -> str:
    direct = dossier.installed.direct if dossier.installed else None
    if direct is None:
        return dossier.version
    return f"{dossier.version} from {redact(direct.url)}" + (" (editable)" if direct.editable else "")
