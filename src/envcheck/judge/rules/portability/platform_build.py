"""An environment file asks for builds that exist on one platform only.

**What it does**

Reports conda requirements with a build string (`numpy=1.26.4=py311h64a7726_0`), as `conda env export` writes them.
One finding speaks for the whole file. Builds that are the same everywhere (`pyhd8ed1ab_0`, a bare build number) are
not reported.

**Why this is bad**

A build string names a platform's binary: on another operating system, and often after a rebuild on the same one,
conda says `ResolvePackageNotFound`.

**Example**

```yaml
dependencies:
  - numpy=1.26.4=py311h64a7726_0
```

**Use instead**

```yaml
dependencies:
  - numpy==1.26.4
```

**Fix**

Drops the builds and keeps the versions; unsafe, since another build may be chosen. To keep the very artifacts,
commit a lock for each platform beside the environment file (conda-lock). `conda env export --no-builds` does not
write builds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.portability.spoken import spoken_of
from envcheck.model.changes import Pin
from envcheck.model.constraints import CondaConstraint
from envcheck.model.findings import Finding, Fix, Related, Safety, Severity
from envcheck.model.places import Place
from envcheck.model.requirements import Requirement, Role
from envcheck.model.rules import Rule

RULE = Rule(
    "PRT003",
    "platform-build",
    "a build string exists on one platform only",
    Severity.NOTE,
)
_MOST_RELATED = 5
# py39h06a4308_0, h2bc3f7f_1_cpython, 1_gnu; not what chooses a variant anywhere: openblas, *_cpython.
_BINARY = re.compile(r"[^*]+_\d+(?:_(?:cpython|pypy\w*))?|\d+_\w+")
# noarch: py_0, pyhd8ed1ab_0, and the hashes of conda-forge and of the defaults for "depends on nothing".
_NOARCH = re.compile(r"(?:py|pyh[0-9a-f]{7}|hd8ed1ab|hd3eb1b0)_\d+")


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each environment file that names builds of one platform."""
    for declaration in (d for d in spoken_of(evidence) if not d.lock):
        bound = [r for r in declaration.requirements if r.role is Role.DECLARED and _is_bound(_build(r))]
        if bound:
            yield _finding(declaration.path, bound)


def _finding(path: str, bound: list[Requirement]) -> Finding:
    first = bound[0]
    others = f", and {len(bound) - 1} more entries likewise" if len(bound) > 1 else ""
    pins = tuple(Pin(r, r.constraint.exact) for r in bound if r.constraint.exact)
    text = f"{first.shown_name}=={first.constraint.exact}" if first.constraint.exact else ""
    return RULE.at(
        first.place,
        f"{first.shown_name} asks for build {_build(first)}, which exists on one platform only{others}; "
        "name versions without builds, or lock each platform",
        distribution=first.name,
        wanted=first.constraint.text,
        fix=Fix(f"name versions without builds in {Place(path).file}", Safety.UNSAFE, pins, text) if pins else None,
        related=tuple(Related(r.place, r.raw) for r in bound[1 : _MOST_RELATED + 1]),
    )


def _build(requirement: Requirement) -> str:
    constraint = requirement.constraint
    return constraint.build if isinstance(constraint, CondaConstraint) else ""


def _is_bound(build: str) -> bool:
    return _BINARY.fullmatch(build) is not None and _NOARCH.fullmatch(build) is None
