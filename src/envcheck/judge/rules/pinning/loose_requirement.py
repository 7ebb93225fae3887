"""A requirement accepts more than one version.

**What it does**

Reports declared requirements with a range, `~=`, a wildcard, or conda's fuzzy `name=1.2` (which accepts 1.2.1 and
1.2.99). Silent when a lock, a constraints file, or the `requirements.txt` that was compiled from a `requirements.in`
leaves exactly one version.

**Why this is bad**

It is right for a library, which must live together with others. For an analysis whose numbers shall come out again it
is not enough: two people with the same file get different versions.

**Example**

```
pandas>=2,<3
```

**Use instead**

```
pandas==2.1.4
```

**Fix**

Pins the installed version if the requirement accepts it.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.pins.settled import is_loose, unsettled
from envcheck.judge.pins.spelling import name_of
from envcheck.judge.pins.suggest import standing, suggest
from envcheck.model.findings import Finding, Severity
from envcheck.model.rules import Rule

RULE = Rule("PIN002", "loose-requirement", "a requirement accepts more than one version", Severity.NOTE)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each declared requirement that leaves a choice."""
    for dossier, requirement in unsettled(evidence, is_loose):
        wanted = requirement.constraint.text
        found = standing(dossier, evidence.environment)
        yield RULE.at(
            requirement.place,
            f"{name_of(requirement)} accepts more than one version ({wanted}); {found}",
            distribution=dossier.key,
            installed=dossier.version,
            wanted=wanted,
            fix=suggest(requirement, dossier, evidence.environment),
        )
