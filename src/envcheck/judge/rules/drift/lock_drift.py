"""The installed version differs from the locked one.

**What it does**

Takes from each lock what its manager would install for this platform, this Python and its default groups, and compares
the versions with what is installed. Where a lock says the version, the declarations are not compared any more
(DRF001). Another build of the same version is DRF005, another source DRF004.

**Why this is bad**

The lock is there so that everybody has the same. Here is something else: results may differ, and what works here may
not work anywhere else.

**Example**

```
# uv.lock
name = "pandas"
version = "2.1.4"       # installed: 2.2.0
```

**Use instead**

`uv sync`, `poetry sync`, `pip install -r requirements.txt`: the message names the command of the lock's manager.

**Fix**

None: envcheck installs nothing here, and a lock is written by its own manager.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.pins.spelling import name_of
from envcheck.judge.rules.drift.against_locks import rows
from envcheck.judge.rules.drift.origins import locked_elsewhere
from envcheck.model.findings import Finding, Severity
from envcheck.model.rules import Rule

RULE = Rule("DRF003", "lock-drift", "the installed version differs from the locked one", Severity.ERROR)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each locked distribution that is installed in another version."""
    for row in rows(evidence):
        # DRF006 speaks of Python itself; what comes from elsewhere (DRF004) has another version with good reason.
        if row.is_other_version and row.entry.name != "python" and not locked_elsewhere(row, evidence):
            yield RULE.at(
                row.entry.place,
                f"{name_of(row.entry)} {row.words}{evidence.whereabouts}; {row.lock.remedy}",
                distribution=row.dossier.key,
                installed=row.installed,
                wanted=row.wanted,
            )
