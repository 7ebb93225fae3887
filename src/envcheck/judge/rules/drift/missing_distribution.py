"""What is declared or locked is not installed.

**What it does**

Reports distributions that are declared or locked for this platform and Python and are not in the environment, once
for each name. Extras, dependency groups and files like `requirements-dev.txt` are optional and not asked for, except
those that a lock's manager installs by itself; nor is what a cell installs itself. In an environment that conda did
not make, what environment.yml names is asked for only if something imports it. In the environment of a single
notebook's kernel only what that notebook imports is asked for.

**Why this is bad**

The environment was made before the line was added, or something has been removed from it: `ModuleNotFoundError`,
sooner or later.

**Example**

```
pandas==2.1.4
seaborn==0.13.2    # not installed
```

**Use instead**

`python -m pip install -r requirements.txt` in this environment, or remove the line.

**Fix**

None: envcheck installs nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.dossier import Dossier
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.pins.spelling import name_of, wish
from envcheck.judge.rules.drift.against_locks import Row, rows
from envcheck.model.findings import Finding, Related, Severity
from envcheck.model.names import Ecosystem
from envcheck.model.requirements import Requirement, Role
from envcheck.model.rules import Rule

RULE = Rule(
    "DRF002",
    "missing-distribution",
    "declared or locked for this platform and Python, but not installed",
    Severity.ERROR,
)

_MOST_RELATED = 10
# conda lists them beside Python, and other environments may do without.
_INTERPRETER = frozenset({"pip", "python"})


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each declared distribution that is not there."""
    environment = evidence.environment
    if environment is None:
        return
    locked = {row.dossier.key: row for row in rows(evidence) if row.is_missing and not _is_spared(row)}
    for dossier in evidence.dossiers.values():
        if dossier.is_installed or not (evidence.scope.primary or dossier.uses):
            continue
        wanted = sorted((r for r in dossier.declared() if _is_wanted(r, evidence)), key=lambda r: r.place)
        if wanted and (environment.conda or _is_certain(dossier, wanted, evidence)):
            yield _finding(dossier, [*wanted, *dossier.locked], evidence.prefix, locked.get(dossier.key))
        elif dossier.key in locked:
            yield _not_as_locked(locked[dossier.key], evidence)


def _is_spared(row: Row) -> bool:
    # The project itself may be left out (``--no-install-project``); whether it is needed its imports tell.
    selection = row.lock.fact.selection
    return selection.is_optional or row.entry.name in _INTERPRETER or row.entry.name in selection.own


def _not_as_locked(row: Row, evidence: Evidence) -> Finding:
    version = f" {row.wanted}" if row.wanted else ""
    return RULE.at(
        row.entry.place,
        f"{name_of(row.entry)}{version} is locked, but not installed in {evidence.prefix}; {row.lock.remedy}",
        distribution=row.dossier.key,
        wanted=row.wanted,
    )


def _is_wanted(requirement: Requirement, evidence: Evidence) -> bool:
    if requirement.group or requirement.template or requirement.name in _INTERPRETER:
        return False
    return not requirement.name.startswith("__") and evidence.applies(requirement)


def _is_certain(dossier: Dossier, wanted: list[Requirement], evidence: Evidence) -> bool:
    """Tell whether it is a Python distribution at all: outside conda nobody knows what conda's names stand for."""
    return dossier.key in evidence.companion_keys or any(r.ecosystem is Ecosystem.PYPI for r in wanted)


def _finding(dossier: Dossier, wanted: list[Requirement], prefix: str, row: Row | None) -> Finding:
    first, *others = wanted
    said, remedy = (
        ("declared and locked", row.lock.remedy) if row else ("declared", "install it there, or remove the line")
    )
    return RULE.at(
        first.place,
        f"{name_of(first)} is {said}, but not installed in {prefix}; {remedy}",
        distribution=dossier.key,
        wanted=first.constraint.text,
        related=tuple(Related(r.place, _said(r)) for r in others[:_MOST_RELATED]),
    )


def _said(requirement: Requirement) -> str:
    return f"{'locks' if requirement.role is Role.LOCKED else 'declares'} {wish(requirement)}"
