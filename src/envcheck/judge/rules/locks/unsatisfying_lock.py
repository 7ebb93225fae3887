"""A lock does not give what is declared.

**What it does**

Compares every requirement of the files that a lock is made from with the locked version or source: one that is not
locked at all, or locked in a version that the requirement does not allow. Only the meaning counts, so that a lock
edited by hand is found too.

**Why this is bad**

Installing from the lock gives something that the declaration rules out; its manager refuses to (`--locked`,
`--frozen`) or silently resolves again and gives something nobody has tried.

**Example**

```
# pyproject.toml
dependencies = ["pandas>=2.2"]

# uv.lock
name = "pandas"
version = "2.1.4"
```

**Use instead**

`uv lock`, `poetry lock`, `pip-compile` …: the message names the command of the lock's manager.

**Fix**

None: a lock is written by its own manager.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.locked import LockView
from envcheck.judge.pins.spelling import name_of, near, wish
from envcheck.judge.rules.locks.satisfaction import Miss, misses
from envcheck.model.findings import Finding, Related, Severity
from envcheck.model.rules import Rule
from envcheck.model.urls import redact

RULE = Rule("LCK001", "unsatisfying-lock", "the lock does not satisfy the declaration", Severity.ERROR)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each requirement that a lock does not satisfy."""
    if evidence.scope.primary:
        for lock in evidence.locks:
            for miss in misses(evidence, lock):
                yield _finding(lock, miss)


def _finding(lock: LockView, miss: Miss) -> Finding:
    requirement, entry = miss.requirement, miss.entry
    asked = wish(requirement)
    if entry is None:
        said = f"{asked} is declared, but {lock.file} does not hold {name_of(requirement)}"
    elif requirement.direct or entry.constraint.exact is None:
        said = f"{asked} is declared, but {near(entry)} locks another source"
    else:
        said = f"{asked} is declared, but {near(entry)} locks {entry.constraint.exact}"
    return RULE.at(
        requirement.place,
        f"{said}; lock again: {lock.fact.manager.renew}",
        distribution=miss.dossier.key,
        installed=miss.dossier.version,
        wanted=requirement.constraint.text,
        related=(Related(entry.place, f"locks {redact(entry.raw)}"),) if entry else (),
    )
