"""What is installed comes from somewhere else than declared or locked.

**What it does**

Compares where a distribution comes from with what the installer has recorded (`direct_url.json`): the repository and
its commit or branch, the URL, an editable install against a normal one. An exact pin (`==`) that was installed from a
repository or a folder is reported too, because that is no release. Where a lock names the source, that is what counts.
Not compared: what conda or the system's package
manager installed, the folders of path requirements, and wheels of the pinned version, from wherever they came.

**Why this is bad**

The version number may be right and the code another: your own branch, an unreleased commit, a folder that is being
edited. It works for you and for nobody else.

**Example**

```
tools @ git+https://git.example/lab/tools@v1.2     # installed: branch main, editable
```

**Use instead**

Install what the line says, or let the line say what is needed.

**Fix**

None: only you know which of both is right.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.pins.spelling import name_of
from envcheck.judge.rules.drift.against_locks import is_locked_here, rows
from envcheck.judge.rules.drift.origins import (
    from_declared_folders,
    locked_elsewhere,
    other_origin,
    records_sources,
)
from envcheck.model.environment import Distribution
from envcheck.model.findings import Finding, Severity
from envcheck.model.names import Ecosystem
from envcheck.model.requirements import DirectReference, Requirement, Role
from envcheck.model.rules import Rule
from envcheck.model.urls import redact

RULE = Rule("DRF004", "source-drift", "installed from another URL, commit or path, or editable", Severity.ERROR)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each requirement or locked entry whose distribution came from somewhere else."""
    if evidence.environment is None:
        return
    for row in rows(evidence):
        if difference := locked_elsewhere(row, evidence):
            yield RULE.at(
                row.entry.place,
                f"{name_of(row.entry)} is {difference}{evidence.whereabouts}; {row.lock.remedy_of_same_version}",
                distribution=row.dossier.key,
                installed=_origin(row.dossier.installed),
                wanted=redact(row.entry.direct.url) if row.entry.direct else row.wanted,
            )
    yield from _against_declarations(evidence)
    yield from _against_folders(evidence)


def _origin(installed: Distribution | None) -> str:
    if installed is None:
        return ""
    return redact(installed.direct.url) if installed.direct else installed.version


def _against_declarations(evidence: Evidence) -> Iterator[Finding]:
    projects = {declaration.project for declaration in evidence.declarations}
    for dossier, requirement in evidence.requirements():
        installed = dossier.installed
        if not installed or requirement.role not in (Role.DECLARED, Role.AD_HOC) or dossier.key in projects:
            continue
        if requirement.role is Role.DECLARED and is_locked_here(dossier):
            continue
        if requirement.template or requirement.ecosystem is not Ecosystem.PYPI or not evidence.applies(requirement):
            continue
        if difference := _difference(requirement, installed):
            yield RULE.at(
                requirement.place,
                f"{name_of(requirement)} is {difference}{evidence.whereabouts};"
                " install it again, or declare what is installed",
                distribution=dossier.key,
                installed=_origin(installed),
                wanted=redact(requirement.direct.url) if requirement.direct else requirement.constraint.text,
            )


def _against_folders(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each folder that is declared editable and of which a copy is installed.

    The other way round nobody is harmed: what is declared is what runs.
    """
    for requirement, distribution in from_declared_folders(evidence):
        wanted, found, dossier = requirement.direct, distribution.direct, evidence.dossiers.get(distribution.name)
        if dossier and is_locked_here(dossier):
            continue
        if wanted and found and wanted.editable and not found.editable:
            yield RULE.at(
                requirement.place,
                f"{distribution.shown_name} is declared editable, but not installed so{evidence.whereabouts};"
                " install it again, or declare what is installed",
                distribution=distribution.name,
                installed=redact(found.url),
                wanted=redact(wanted.url),
            )


def _difference(requirement: Requirement, installed: Distribution) -> str:
    """Return what differs, as words that follow "is", or nothing."""
    wanted, found = requirement.direct, installed.direct
    if wanted is None:
        return _instead_of_release(requirement, found) if found else ""
    if found is None:
        return f"installed from an index, not from {redact(wanted.url)}" if records_sources(installed) else ""
    if wanted.editable != found.editable:
        return (
            "installed editable, but not declared so" if found.editable else "declared editable, but not installed so"
        )
    return other_origin(wanted, found)


def _instead_of_release(requirement: Requirement, found: DirectReference) -> str:
    if requirement.constraint.exact is None or found.url.endswith(".whl"):
        return ""
    how = "editable from" if found.editable else "from"
    return f"installed {how} {redact(found.url)}, not as release {requirement.constraint.text}"
