"""The installed version is not allowed by what is declared.

**What it does**

Compares every requirement that holds on this platform and Python with what is installed: by PEP 440 for PyPI,
pre-releases included, by conda's rules for conda. Constraints and install lines in cells are compared too. A group
that is an alternative to what is installed (an extra `old` beside an extra `new`) is left alone; another local
version is DRF005.

**Why this is bad**

The results were not made with what the file says. Whoever installs from the file gets something else than you have.

**Example**

```
pandas==1.5.3      # installed: 2.1.4
```

**Use instead**

```
pandas==2.1.4
```

or `python -m pip install -r requirements.txt`, if the file is right.

**Fix**

Declares what is installed (not safe: only you know which of both is right).
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.pins.spelling import name_of
from envcheck.judge.pins.suggest import redeclare
from envcheck.judge.rules.drift.compared import compared
from envcheck.model.findings import Finding, Severity
from envcheck.model.rules import Rule

RULE = Rule("DRF001", "version-drift", "the installed version is not allowed by its declaration", Severity.ERROR)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each requirement whose installed version it does not allow."""
    for found in compared(evidence):
        if found.is_other_version:
            requirement, dossier = found.requirement, found.dossier
            yield RULE.at(
                requirement.place,
                f"{name_of(requirement)} {found.version} is installed{evidence.whereabouts}, but {found.words};"
                " install what is asked for, or declare what is installed",
                distribution=dossier.key,
                installed=found.version,
                wanted=requirement.constraint.text,
                fix=redeclare(requirement, dossier, evidence.environment),
            )
