"""Shipped code imports what is declared for developers only.

**What it does**

Reports distributions that are imported by code for everybody, but declared only in groups that are for developers:
extras, dependency groups and files called `dev`, `test`, `docs`, `lint` and the like. Tests, documentation,
examples, scripts and notebooks beside a package are not shipped code.

**Why this is bad**

Whoever installs without the group gets `ModuleNotFoundError`; developers never see it.

**Example**

```toml
[project]
dependencies = ["pandas==2.1.4"]      # src/report.py also imports requests

[dependency-groups]
test = ["requests==2.31.0"]
```

**Use instead**

```toml
[project]
dependencies = ["pandas==2.1.4", "requests==2.31.0"]
```

**Fix**

Declares the installed version for everybody.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.dossier import Dossier, Use
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.coverage.declared import asks_for
from envcheck.judge.rules.coverage.declaring import declare
from envcheck.judge.rules.coverage.development import is_development, is_shipped
from envcheck.judge.rules.coverage.needs import elsewhere, first_of_each_file, imported, needed_uses
from envcheck.model.findings import Finding, Related, Severity
from envcheck.model.requirements import Requirement, Role
from envcheck.model.rules import Rule

RULE = Rule(
    "COV005",
    "development-import",
    "imported by shipped code, but declared only for developers",
    Severity.WARNING,
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each distribution that users will miss."""
    if not any(_is_for_everybody(r) for d in evidence.declarations if not d.lock for r in d.requirements):
        return
    for key, uses in _shipped_uses(evidence).items():
        dossier = evidence.dossiers[key]
        firsts = first_of_each_file(uses)
        requirement = dossier.declared()[0]
        yield RULE.at(
            firsts[0].imported.place,
            f"{dossier.shown_name} {imported(firsts, dossier.key)}, "
            f"but declared only in group {requirement.group} ({requirement.place.path}); declare it for everybody",
            distribution=dossier.key,
            installed=dossier.version,
            fix=declare(evidence, dossier),
            related=(Related(requirement.place, requirement.raw), *elsewhere(firsts)),
        )


def _shipped_uses(evidence: Evidence) -> dict[str, list[Use]]:
    """Return the uses in shipped code of what is declared for developers only, by dossier."""
    gathered: dict[str, list[Use]] = {}
    development = {key for key, dossier in evidence.dossiers.items() if _is_for_developers(dossier)}
    for use in needed_uses(evidence) if development else ():
        if development.issuperset(use.keys) and is_shipped(evidence, use.source):
            dossier = evidence.dossiers[use.keys[0]]
            if not any(r.role is Role.AD_HOC and asks_for(r, use) for r in dossier.requirements):
                gathered.setdefault(dossier.key, []).append(use)
    return gathered


def _is_for_developers(dossier: Dossier) -> bool:
    declared = dossier.declared()
    return bool(declared) and all(is_development(requirement.group) for requirement in declared)


def _is_for_everybody(requirement: Requirement) -> bool:
    return requirement.role is Role.DECLARED and not is_development(requirement.group)
