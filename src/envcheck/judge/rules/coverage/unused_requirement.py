"""A requirement is imported nowhere.

**What it does**

Reports declared distributions that no source under the declaration imports. Spared are development groups, tools
and plug-ins (`jupyter`, `ruff`, pytest's plug-ins), backends that others load (`openpyxl`, database drivers), what
a used distribution names among its requirements or extras, what cannot be imported at all, and conda packages that
are no Python distribution.

**Why this is bad**

It costs everybody time to install, may forbid versions that others need, and must be updated when it has a
vulnerability.

**Example**

```
# requirements.txt
pandas==2.1.4
plotly==5.18.0       # no notebook imports plotly any more
```

**Use instead**

```
# requirements.txt
pandas==2.1.4
```

**Fix**

Removes the requirement; unsafe, since code may use it in ways that no import shows. If it does, say so in the line:
`# envcheck: ignore[COV003]`.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.dossier import Certainty, Dossier
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.coverage.closures import foreign_closures
from envcheck.judge.rules.coverage.development import is_development
from envcheck.judge.rules.coverage.spared import importable, is_spared, serving
from envcheck.model.changes import Remove
from envcheck.model.findings import Finding, Fix, Related, Safety, Severity
from envcheck.model.names import Ecosystem, normalize
from envcheck.model.requirements import DirectKind, Requirement
from envcheck.model.rules import Rule

RULE = Rule(
    "COV003",
    "unused-requirement",
    "declared, but imported nowhere",
    Severity.NOTE,
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each distribution that is asked for and not imported."""
    if not evidence.scope.primary or not evidence.scope.companions:
        return
    unused = [(dossier, requirements) for dossier, requirements in _unused(evidence) if requirements]
    if not unused:
        return
    needed, owners = serving(evidence), importable(evidence)
    for dossier, requirements in unused:
        if dossier.key in needed or (dossier.installed and owners and dossier.key not in owners):
            continue
        yield _finding(dossier, requirements)


def _finding(dossier: Dossier, requirements: list[Requirement]) -> Finding:
    first, *others = requirements
    doubt = "" if dossier.is_installed else ", as far as its name tells"
    files = ", ".join(dict.fromkeys(requirement.place.file for requirement in requirements))
    removal = Fix(f"remove {dossier.shown_name} from {files}", Safety.UNSAFE, tuple(Remove(r) for r in requirements))
    return RULE.at(
        first.place,
        f"{dossier.shown_name} is declared, but imported nowhere{doubt}; remove it if nothing uses it unseen",
        distribution=dossier.key,
        installed=dossier.version,
        fix=removal,
        related=tuple(Related(requirement.place, requirement.raw) for requirement in others[:5]),
    )


def _unused(evidence: Evidence) -> Iterator[tuple[Dossier, list[Requirement]]]:
    """Yield the dossiers that nothing imports, with the requirements that may be called unused."""
    unexplained = any(use.certainty is Certainty.UNKNOWN for use in evidence.uses)
    foreign = foreign_closures(evidence)
    imported = evidence.companion_keys | _own_names(evidence)
    for dossier in evidence.dossiers.values():
        if dossier.key in imported or not _may_be_unused(dossier):
            continue
        asked = [
            r for r in dossier.declared() if evidence.applies(r) and _is_for_imports(r) and r.place.path not in foreign
        ]
        if dossier.installed is None:
            # Known by its name only: it may be what an unknown import means, or no Python at all.
            asked = [] if unexplained else [r for r in asked if _is_telling(r)]
        yield dossier, asked


def _own_names(evidence: Evidence) -> set[str]:
    """Return what the code itself names, whoever owns its files, and the project's own distributions."""
    projects = {declaration.project for declaration in evidence.declarations}
    return projects | {normalize(use.imported.top) for use in evidence.uses}


def _may_be_unused(dossier: Dossier) -> bool:
    if dossier.installed is None and dossier.conda is not None:
        return False
    return not is_spared(dossier.key) and not (dossier.installed and dossier.installed.plugin)


def _is_for_imports(requirement: Requirement) -> bool:
    """Tell whether a requirement is there to be imported by its name: no developers' tool, no folder of the project."""
    is_folder = requirement.direct is not None and requirement.direct.kind is DirectKind.PATH
    return not (is_development(requirement.group) or requirement.template or is_folder)


def _is_telling(requirement: Requirement) -> bool:
    return requirement.ecosystem is Ecosystem.PYPI and requirement.direct is None
