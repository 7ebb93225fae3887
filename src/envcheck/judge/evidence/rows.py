"""The drift table: for each distribution that disagrees, what is declared, locked, installed and used."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from envcheck.judge.evidence.dossier import Dossier
from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.report import TableRow
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role
from envcheck.model.urls import path_of, redact
from envcheck.model.viewpoint import Viewpoint

_DECLARING = (Role.DECLARED, Role.AD_HOC, Role.CONSTRAINT)


def table_rows(evidence: Evidence, names: Container[str]) -> Iterator[TableRow]:
    """Yield a row for each distribution of a scope whose key is among ``names``, in the order of their names."""
    dossiers = {**_unasked(evidence), **evidence.dossiers}
    for key, dossier in sorted(dossiers.items(), key=lambda pair: pair[0]):
        if key in names:
            users = sorted({evidence.scope.viewpoint.path(use.source.path) for use in dossier.uses})
            yield TableRow(
                evidence.scope.root,
                dossier.shown_name,
                _said(r for r in dossier.requirements if r.role in _DECLARING),
                _said(dossier.locked or dossier.held),
                _installed(dossier, evidence.scope.viewpoint),
                len(users),
                tuple(users),
                key,
            )


def _unasked(evidence: Evidence) -> dict[str, Dossier]:
    """Return dossiers of what is merely installed: the evidence has none, as nobody speaks of it."""
    environment = evidence.environment
    if environment is None or not evidence.scope.primary:
        return {}
    return {
        **{package.name: Dossier(package.name, package.name, conda=package) for package in environment.conda},
        **{found.name: Dossier(found.name, found.shown_name, installed=found) for found in environment.distributions},
    }


def _said(requirements: Iterable[Requirement]) -> str:
    """Return what requirements ask for, each wish once: ``>=2.1``, ``any``, ``git.example/lab/tools``."""
    return ", ".join(dict.fromkeys(_wish(requirement) for requirement in requirements))


def _wish(requirement: Requirement) -> str:
    if requirement.direct:
        commit = requirement.direct.commit[:12]
        return redact(requirement.direct.url) + (f"@{commit}" if commit else "") + _mark(requirement.direct)
    if requirement.role is Role.LOCKED:
        return requirement.constraint.exact or "any"
    return requirement.constraint.text or "any"


def _installed(dossier: Dossier, viewpoint: Viewpoint) -> str:
    direct = dossier.installed.direct if dossier.installed else None
    if direct is None:
        return dossier.version
    commit = f"@{direct.commit[:12]}" if direct.commit else ""
    where = viewpoint.path(path_of(direct.url)) if direct.kind is DirectKind.PATH else redact(direct.url)
    return f"{dossier.version} from {where}{commit}{_mark(direct)}"


def _mark(direct: DirectReference) -> str:
    return " (editable)" if direct.editable else ""
