"""Something is installed that no lock knows.

**What it does**

Reports distributions, and the packages of conda environments with a conda lock, that no lock of the folder holds and
that nothing locked requires. Spared are the project itself, what installers bring along (`pip`, `setuptools`, `wheel`
and the like), what the manager of the lock spares itself, and what comes from outside the environment. Off unless it
is selected or `--locked` is given.

**Why this is bad**

It was installed by hand. Code may have begun to need it, and nobody else has it; or it has changed versions that
others rely on.

**Example**

```
pip install seaborn       # beside an environment that was made by `uv sync`
```

**Use instead**

```
uv add seaborn
```

or remove it: the lock's manager does so when it makes the environment follow the lock.

**Fix**

None: envcheck removes nothing from an environment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.locked import LockView
from envcheck.model.environment import CondaPackage, Distribution
from envcheck.model.findings import Finding, Severity
from envcheck.model.names import NormalizedName
from envcheck.model.places import Place
from envcheck.model.rules import Rule

RULE = Rule(
    "DRF007", "unlocked-distribution", "installed, but neither locked nor needed by anything locked", Severity.WARNING,
    default=False,
)  # fmt: skip

# What installers and virtual environments bring along (pip-sync's own exemptions, and those of uv, poetry and pdm).
_SPARED = frozenset(["distribute", "pip", "pip-review", "pip-tools", "pkg-resources", "setuptools", "wheel"])


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each installed thing that the locks leave out."""
    environment = evidence.environment
    locks = [lock for lock in evidence.locks if lock.fact.at_home and lock.selected]
    if environment is None or not locks or not evidence.scope.primary:
        return
    known = _known(evidence, locks)
    for distribution in environment.distributions:
        if distribution.leaked or distribution.name in known or distribution.conda:
            continue
        yield _finding(evidence, locks[0], distribution.name, distribution)
    if any(lock.is_of_conda for lock in locks):
        held = {name for lock in locks for _, name in lock.held.names}
        for package in environment.conda:
            if package.name not in held and not known.issuperset(package.provides or ("?",)):
                yield _finding(evidence, locks[0], package.name, package)


def _finding(evidence: Evidence, lock: LockView, key: str, there: Distribution | CondaPackage) -> Finding:
    name = there.shown_name if isinstance(there, Distribution) else there.name
    return RULE.at(
        Place(lock.path),
        f"{name} {there.version} is installed in {evidence.prefix}, but {lock.file} does not hold it,"
        f" and nothing locked requires it; {lock.remedy_of_too_much(name)}",
        distribution=key,
        installed=there.version,
    )


def _known(evidence: Evidence, locks: list[LockView]) -> set[str]:
    """Return the names that are locked, spared, or needed by something that is."""
    known: set[str] = {*_SPARED, *(d.project for d in evidence.declarations)}
    for lock in locks:
        known.update(lock.held, lock.fact.selection.own)
    needed = _needed(evidence.required_by)
    pending = list(known)
    while pending:
        for name in needed.get(pending.pop(), ()):
            if name not in known:
                known.add(name)
                pending.append(name)
    return known


def _needed(required_by: Mapping[NormalizedName, tuple[str, ...]]) -> dict[str, list[str]]:
    """Return what each installed distribution requires."""
    found: dict[str, list[str]] = {}
    for name, parents in required_by.items():
        for parent in parents:
            found.setdefault(parent, []).append(name)
    return found
