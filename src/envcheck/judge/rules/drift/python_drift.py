"""The interpreter is not the declared or locked one.

**What it does**

Compares the Python of the environment with what the governing files demand: `requires-python`, `python_requires`,
`python=3.11` in environment.yml, and the Python that a lock is for or holds.

**Why this is bad**

Another Python resolves to other versions, and some of them cannot be installed at all.

**Example**

```yaml
dependencies:
  - python=3.11       # the environment has 3.9.18
```

**Use instead**

Make the environment anew with the declared Python, or declare the one that is used.

**Fix**

None: an environment keeps its Python for life.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.locked import has_alternative
from envcheck.judge.rules.drift.against_locks import rows
from envcheck.model.environment import Environment
from envcheck.model.findings import Finding, Severity
from envcheck.model.names import Ecosystem
from envcheck.model.requirements import Requirement, Role
from envcheck.model.rules import Rule

RULE = Rule("DRF006", "python-drift", "the interpreter is not the declared or locked one", Severity.ERROR)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each demand that the environment's Python does not meet."""
    environment = evidence.environment
    if environment is None or not environment.python:
        return
    declared = [d for declaration in evidence.declarations if not declaration.lock for d in declaration.python]
    unmet = [d for d in declared if not d.group and evidence.applies(d) and not _is_met(d, environment)]
    # A lock repeats what its manifest demands.
    for demand in unmet or _unmet_by_locks(evidence, environment):
        wanted = demand.constraint.text
        said, remedy = ("locked", "lock for") if demand.role is Role.LOCKED else ("declared", "declare")
        yield RULE.at(
            demand.place,
            f"Python {environment.python} runs in {evidence.prefix}, but {wanted} is {said};"
            f" make the environment with a Python that fits, or {remedy} this one",
            distribution="python",
            installed=environment.python,
            wanted=wanted,
        )


def _is_met(demand: Requirement, environment: Environment) -> bool:
    build = _build(environment) if demand.ecosystem is Ecosystem.CONDA else ""
    return demand.template or demand.constraint.allows(environment.python, build)


def _unmet_by_locks(evidence: Evidence, environment: Environment) -> Iterator[Requirement]:
    """Yield what the locks of this folder demand and what they hold as Python itself."""
    said: set[str] = set()
    for lock in evidence.locks:
        compared = lock.fact.at_home and lock.may_be_followed(environment)
        if compared and not has_alternative(evidence.locks, lock, environment.python):
            for demand in (d for d in lock.fact.declaration.python if not _is_met(d, environment)):
                # Several files are compiled by one Python.
                if demand.constraint.text not in said:
                    said.add(demand.constraint.text)
                    yield demand
    yield from (row.entry for row in rows(evidence) if row.entry.name == "python" and row.is_other_version)


def _build(environment: Environment) -> str:
    return next((package.build for package in environment.conda if package.name == "python"), "")
