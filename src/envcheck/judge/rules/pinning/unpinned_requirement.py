"""A requirement accepts any version.

**What it does**

Reports declared requirements without a version. Silent when a lock, a constraints file, or the `requirements.txt`
that was compiled from a `requirements.in` leaves exactly one version. Python has its own rule (PIN006), and so have
repositories and URLs (PIN003); `pip` and the project itself are left alone.

**Why this is bad**

Everybody gets the version of the day they install. The notebook that ran last year meets a release that removed what
it uses, and nobody knows which version was right.

**Example**

```
pandas
```

**Use instead**

```
pandas==2.1.4
```

**Fix**

Pins the installed version; where nothing is installed, the version that another file pins.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.pins.settled import is_open, unsettled
from envcheck.judge.pins.spelling import name_of
from envcheck.judge.pins.suggest import standing, suggest
from envcheck.model.findings import Finding, Severity
from envcheck.model.rules import Rule

RULE = Rule("PIN001", "unpinned-requirement", "a requirement accepts any version", Severity.WARNING)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each declared requirement without a version."""
    for dossier, requirement in unsettled(evidence, is_open):
        yield RULE.at(
            requirement.place,
            f"{name_of(requirement)} accepts any version; {standing(dossier, evidence.environment)}",
            distribution=dossier.key,
            installed=dossier.version,
            fix=suggest(requirement, dossier, evidence.environment),
        )
