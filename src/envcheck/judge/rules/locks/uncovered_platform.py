"""A lock has nothing for this platform, this Python or this kind of environment.

**What it does**

Reports locks that were made for other platforms or Pythons only, and conda locks where the environment was not made
by conda. Nothing of them can be compared here. Silent where another lock of the same manager serves this environment
(`conda-linux-64.lock` beside `conda-osx-64.lock`), and where DRF006 names the Python.

**Why this is bad**

Nobody on this platform can install what was tested; they resolve again and get something else.

**Example**

```
# conda-lock.yml
platforms:
- osx-arm64          # checked on linux-64
```

**Use instead**

```
conda-lock lock --platform osx-arm64 --platform linux-64
```

**Fix**

None: a lock is written by its own manager.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.locked import LockView, has_alternative
from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.rules import Rule

RULE = Rule("LCK003", "uncovered-platform", "the lock has no entry for this platform or Python", Severity.WARNING)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each lock that has nothing for the environment."""
    environment = evidence.environment
    if environment is None or not evidence.scope.primary:
        return
    for lock in evidence.locks:
        if not lock.fact.at_home or has_alternative(evidence.locks, lock, environment.python):
            continue
        if lock.fact.selection.uncovered:
            if not _is_for_other_python(evidence, lock):
                yield _finding(lock, f"is {lock.fact.selection.uncovered}: nothing of it can be compared here")
        elif not lock.may_be_followed(environment) and not _is_served(evidence, lock):
            why = f"{evidence.prefix} was not made by conda: nothing of it can be compared"
            remedy = f"name the environment with --prefix, or make it: {lock.fact.manager.follow}"
            yield _finding(lock, f"locks conda packages, but {why}", remedy)


def _is_for_other_python(evidence: Evidence, lock: LockView) -> bool:
    python = evidence.environment.python if evidence.environment else ""
    demands = [demand for d in (lock.fact.declaration, *evidence.declarations) for demand in d.python]
    return bool(python) and any(not demand.template and not demand.constraint.allows(python) for demand in demands)


def _is_served(evidence: Evidence, lock: LockView) -> bool:
    """Tell whether a lock of another kind speaks for the environment."""
    return any(other is not lock and other.selected and not other.is_of_conda for other in evidence.locks)


def _finding(lock: LockView, said: str, remedy: str = "") -> Finding:
    return RULE.at(Place(lock.path), f"{lock.file} {said}; {remedy or f'lock for it too: {lock.fact.manager.renew}'}")
