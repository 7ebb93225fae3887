"""Declarations that govern together do not pin the same.

**What it does**

Reports, in files that govern together,

- a requirement without a version where another file pins the name
- pins of one version of which one names a local build (`2.4.1` and `2.4.1+cu121`)
- a file for a group (`requirements-dev.txt`) that excludes every version which the file for everybody allows

A range beside a pin within it is no finding. Two groups may be alternatives and are not compared. `requirements.in`
beside its `requirements.txt`, and the open requirements of a package's own metadata (`[project] dependencies`,
`setup.cfg`) are meant to be open and are spared. What contradicts itself within one installation is CON001.

**Why this is bad**

There are two ways to make the environment, and they make different ones.

**Example**

```
# requirements.txt
pandas==2.1.4

# environment.yml
  - pandas
```

**Use instead**

```
# environment.yml
  - pandas==2.1.4
```

**Fix**

Pins the version that the other file pins (not safe: conda may not have it); else none.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.dossier import Dossier
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.pins.agreement import agree
from envcheck.judge.pins.settled import is_compiled_from, is_open
from envcheck.judge.pins.spelling import name_of, near
from envcheck.judge.pins.suggest import pin
from envcheck.judge.rules.conflicts.pairs import (
    are_installed_together,
    declared_pairs,
    have_common_ground,
    other_side,
)
from envcheck.model.findings import Finding, Safety, Severity
from envcheck.model.requirements import Requirement, Role
from envcheck.model.rules import Rule
from envcheck.model.versions import public_version, same_version

RULE = Rule("CON002", "unequal-pins", "files that govern together do not pin the same", Severity.WARNING)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each requirement that is pinned otherwise, or not at all, where another one is pinned."""
    described = {declaration.path for declaration in evidence.declarations if declaration.project}
    for dossier in evidence.dossiers.values():
        reported: set[Requirement] = set()
        for first, second in declared_pairs(dossier, evidence):
            if Role.CONSTRAINT in (first.role, second.role) or _are_source_and_product(first, second):
                continue
            for finding, about in _compare(dossier, first, second, described):
                if about not in reported:
                    reported.add(about)
                    yield finding


def _are_source_and_product(first: Requirement, second: Requirement) -> bool:
    return is_compiled_from(first, second) or is_compiled_from(second, first)


def _compare(
    dossier: Dossier, first: Requirement, second: Requirement, described: set[str]
) -> Iterator[tuple[Finding, Requirement]]:
    """Yield what is unequal about a pair, with the requirement that it is said of."""
    if not agree(first, second):
        if have_common_ground(first, second) and not are_installed_together(first, second):
            yield _unequal(dossier, first, second), second
    elif first.group == second.group and first.place.path != second.place.path:
        if first.constraint.exact and second.constraint.exact:
            if not same_version(first.constraint.exact, second.constraint.exact):
                yield _unequal(dossier, first, second), second
        else:
            for pinned, other in ((first, second), (second, first)):
                if pinned.constraint.exact and is_open(other) and other.place.path not in described:
                    yield _left_open(dossier, other, pinned, pinned.constraint.exact), other


def _unequal(dossier: Dossier, first: Requirement, second: Requirement) -> Finding:
    return RULE.at(
        second.place,
        f"{name_of(second)} {second.constraint.text} is not what {near(first)} says ({first.constraint.text});"
        " let both say the same",
        distribution=dossier.key,
        installed=dossier.version,
        wanted=first.constraint.text,
        related=other_side(first),
    )


def _left_open(dossier: Dossier, requirement: Requirement, pinned: Requirement, version: str) -> Finding:
    title = f"pin the version of {near(pinned)}"
    return RULE.at(
        requirement.place,
        f"{name_of(requirement)} accepts any version here, but {near(pinned)} pins {version}; pin it here as well",
        distribution=dossier.key,
        installed=dossier.version,
        wanted=pinned.constraint.text,
        fix=pin(requirement, public_version(version), title, Safety.UNSAFE),
        related=other_side(pinned),
    )
