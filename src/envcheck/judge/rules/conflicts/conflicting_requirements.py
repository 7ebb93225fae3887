"""Declarations that govern together allow no common version.

**What it does**

Compares the requirements of one name in all files that govern together: requirements, constraints, environment.yml,
pyproject.toml, and install lines in cells against what is declared for everybody. PyPI and conda requirements of the
same thing are compared as well. Only what is wanted at once counts: markers that hold together, one group, or a group
on top of the rest of its file.

**Why this is bad**

An installer that sees both refuses. Worse, nobody sees both: who installs from one file gets what the other one
forbids.

**Example**

```
# requirements.txt
pandas==1.5.3

# environment.yml
  - pandas=2.1
```

**Use instead**

One version in both, or one file.

**Fix**

None: only you know which of both is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from envcheck.judge.evidence.dossier import Dossier
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.pins.agreement import agree
from envcheck.judge.pins.spelling import name_of, near
from envcheck.judge.rules.conflicts.locks_apart import Apart, locks_apart
from envcheck.judge.rules.conflicts.pairs import are_installed_together, declared_pairs, install_pairs, other_side
from envcheck.model.findings import Finding, Related, Severity
from envcheck.model.requirements import Requirement
from envcheck.model.rules import Rule
from envcheck.model.urls import redact

RULE = Rule("CON001", "conflicting-requirements", "files that govern together allow no common version", Severity.ERROR)

_MOST_RELATED = 10


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each requirement that contradicts an earlier one."""
    for dossier in evidence.dossiers.values():
        reported: set[Requirement] = set()
        for first, second in chain(declared_pairs(dossier, evidence), install_pairs(dossier, evidence)):
            if second in reported or not are_installed_together(first, second) or agree(first, second):
                continue
            reported.add(second)
            yield _finding(dossier, first, second)
    for apart in locks_apart(evidence):
        yield _of_locks(apart)


def _of_locks(apart: Apart) -> Finding:
    (first, second), *others = apart.pairs
    more = f", and so do {len(others)} more" if others else ""
    return RULE.at(
        second.place,
        f"{name_of(second)} {second.constraint.exact} here and {first.constraint.exact} in {near(first)} exclude each"
        f" other{more}; make one lock from the other, or remove one",
        distribution=second.name if not others else "",
        wanted=first.constraint.text,
        related=tuple(Related(one.place, f"locks {redact(one.raw)}") for one, _ in apart.pairs[:_MOST_RELATED]),
    )


def _finding(dossier: Dossier, first: Requirement, second: Requirement) -> Finding:
    specs = f"{second.constraint.text} and {first.constraint.text} in {near(first)}"
    return RULE.at(
        second.place,
        f"{name_of(second)} {specs} have no version in common; let both say the same",
        distribution=dossier.key,
        installed=dossier.version,
        wanted=second.constraint.text,
        related=other_side(first),
    )
