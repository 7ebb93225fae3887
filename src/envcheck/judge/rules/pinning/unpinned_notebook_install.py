"""A cell installs whatever version is newest.

**What it does**

Reports packages in `%pip install`, `!pip install`, `%conda install` and the like without an exact version. `-r file`
and paths are fine, `pip install --upgrade pip` too; repositories and URLs are left to PIN003.

**Why this is bad**

Each run of the notebook may get other versions than the last, and other than the results in it were made with.

**Example**

```
%pip install pandas
```

**Use instead**

```
%pip install pandas==2.1.4
```

**Fix**

Pins the installed version; where nothing is installed, the version that a declaration pins.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.pins.settled import is_loose, is_open, judged
from envcheck.judge.pins.spelling import name_of
from envcheck.judge.pins.suggest import standing, suggest
from envcheck.model.findings import Finding, Severity
from envcheck.model.requirements import Role
from envcheck.model.rules import Rule

RULE = Rule("PIN004", "unpinned-notebook-install", "a cell installs without an exact version", Severity.WARNING)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each package that a cell installs in no exact version."""
    for dossier, requirement in judged(evidence, Role.AD_HOC):
        if is_open(requirement) or is_loose(requirement):
            wanted = requirement.constraint.text
            accepted = f"some version that satisfies {wanted}" if wanted else "whatever version is newest"
            yield RULE.at(
                requirement.place,
                f"this cell installs {accepted} of {name_of(requirement)}; {standing(dossier, evidence.environment)}",
                distribution=dossier.key,
                installed=dossier.version,
                wanted=wanted,
                fix=suggest(requirement, dossier, evidence.environment),
            )
