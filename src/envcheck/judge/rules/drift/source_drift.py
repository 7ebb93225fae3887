"""What is installed comes from somewhere else than declared.

**What it does**

Compares where a distribution comes from with what the installer has recorded (`direct_url.json`): the repository and
its commit or branch, the URL, an editable install against a normal one. An exact pin (`==`) that was installed from a
repository or a folder is reported too, because that is no release. Not compared: what conda or the system's package
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
from envcheck.model.environment import Distribution
from envcheck.model.findings import Finding, Severity
from envcheck.model.names import Ecosystem
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role
from envcheck.model.rules import Rule
from envcheck.model.urls import normalize_url, redact

RULE = Rule("DRF004", "source-drift", "installed from another URL, commit or path, or editable", Severity.ERROR)

# These write direct_url.json, so that its absence says something.
_RECORDING_INSTALLERS = frozenset({"pip", "uv", "poetry", "pdm"})


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each requirement whose distribution came from somewhere else."""
    if evidence.environment is None:
        return
    projects = {declaration.project for declaration in evidence.declarations}
    for dossier, requirement in evidence.requirements():
        installed = dossier.installed
        if not installed or requirement.role not in (Role.DECLARED, Role.AD_HOC) or dossier.key in projects:
            continue
        if requirement.template or requirement.ecosystem is not Ecosystem.PYPI or not evidence.applies(requirement):
            continue
        if difference := _difference(requirement, installed):
            yield RULE.at(
                requirement.place,
                f"{name_of(requirement)} is {difference}{evidence.whereabouts};"
                " install it again, or declare what is installed",
                distribution=dossier.key,
                installed=redact(installed.direct.url) if installed.direct else installed.version,
                wanted=redact(requirement.direct.url) if requirement.direct else requirement.constraint.text,
            )


def _difference(requirement: Requirement, installed: Distribution) -> str:
    """Return what differs, as words that follow "is", or nothing."""
    wanted, found = requirement.direct, installed.direct
    if wanted is None:
        return _instead_of_release(requirement, found) if found else ""
    if found is None:
        known = installed.installer in _RECORDING_INSTALLERS
        return f"installed from an index, not from {redact(wanted.url)}" if known else ""
    if wanted.editable != found.editable:
        return (
            "installed editable, but not declared so" if found.editable else "declared editable, but not installed so"
        )
    if _kind(wanted) is not _kind(found):
        return f"installed from {redact(found.url)}, not from {redact(wanted.url)}"
    return _elsewhere(wanted, found)


def _instead_of_release(requirement: Requirement, found: DirectReference) -> str:
    if requirement.constraint.exact is None or found.url.endswith(".whl"):
        return ""
    how = "editable from" if found.editable else "from"
    return f"installed {how} {redact(found.url)}, not as release {requirement.constraint.text}"


def _kind(reference: DirectReference) -> DirectKind:
    """Return what sort of source it is: a file URL is a path, whatever record it comes from."""
    is_file = reference.kind is DirectKind.URL and reference.url.startswith("file:")
    return DirectKind.PATH if is_file else reference.kind


def _elsewhere(wanted: DirectReference, found: DirectReference) -> str:
    if _kind(wanted) is DirectKind.PATH:
        return ""  # declared relative to a file, recorded absolute: not to be told apart without looking at the disk
    if normalize_url(wanted.url) != normalize_url(found.url) and not set(wanted.hashes) & set(found.hashes):
        return f"installed from {redact(found.url)}, not from {redact(wanted.url)}"
    if wanted.commit and found.commit and wanted.commit != found.commit.lower():
        return f"installed at commit {found.commit[:12]}, not at {wanted.commit[:12]}"
    if wanted.kind is DirectKind.VCS and not wanted.commit and _is_other_revision(wanted.revision, found):
        return f"installed at {found.revision}, not at {wanted.revision}"
    return ""


def _is_other_revision(wanted: str, found: DirectReference) -> bool:
    # What was installed by its commit may well be the commit of the branch or tag.
    if not wanted or not found.revision or found.commit.startswith((found.revision, wanted)):
        return False
    return wanted != found.revision
