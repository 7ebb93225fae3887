"""A requirement points to a folder or file of one machine.

**What it does**

Reports requirements that name a path outside the project: `@ file:///…`, `-e /home/…`, `../…`. Paths inside the
project (`-e .`, `./wheels/x.whl`) are fine, and so are paths with variables. In locks only absolute paths are
reported, those of indexes included.

**Why this is bad**

The requirement can be installed on this machine only: everybody else gets `No such file or directory`. `pip freeze`
inside a conda environment writes such lines, pointing to folders of the machine that built conda's packages.

**Example**

```
numpy @ file:///croot/numpy_1701295038894/work/dist/numpy-1.26.2-cp311-cp311-linux_x86_64.whl
-e ../shared-tools
```

**Use instead**

```
numpy==1.26.2
shared-tools @ git+https://git.example/team/shared-tools@8f2d2f0e2a7b3c4d5e6f708192a3b4c5d6e7f809
```

**Fix**

For the build folders of conda: the version that is installed or that the file name tells. Otherwise none: publish
the distribution, name its repository, or move it into the project.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.portability.spoken import spoken_of
from envcheck.judge.rules.portability.targets import (
    is_absolute,
    is_conda_build,
    leaves_project,
    local_path,
    wheel_version,
)
from envcheck.model.changes import Pin
from envcheck.model.declarations import Declaration, LinkKind
from envcheck.model.findings import Finding, Fix, Safety, Severity
from envcheck.model.requirements import Requirement
from envcheck.model.rules import Rule
from envcheck.model.urls import redact

RULE = Rule(
    "PRT001",
    "local-path-requirement",
    "a requirement points to a path outside the project",
    Severity.ERROR,
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each requirement that exists on one machine only."""
    for declaration in spoken_of(evidence):
        for requirement in declaration.with_sources():
            path = local_path(requirement.direct.url) if requirement.direct else ""
            # Folders beside its own are what the manifest of a lock names, and it is said there.
            problem = _problem(path, requirement.place.path) if is_absolute(path) or not declaration.lock else ""
            if problem:
                yield RULE.at(
                    requirement.place,
                    f"{requirement.shown_name or redact(requirement.raw)}: {problem}",
                    distribution=requirement.name,
                    fix=_fix(evidence, requirement, path),
                )

        if declaration.lock:
            yield from _indexes(declaration)


def _indexes(declaration: Declaration) -> Iterator[Finding]:
    """Yield one finding for each folder of one machine that a lock takes distributions from."""
    for link in declaration.links:
        path = local_path(link.target) if link.kind is LinkKind.INDEX else ""
        if is_absolute(path):
            yield RULE.at(link.place, f"distributions are locked from {path}, which exists on one machine only")


def _problem(path: str, declaring: str) -> str:
    if is_conda_build(path):
        return f"{path} is a folder of the machine that built conda's package; write the version instead"
    if is_absolute(path):
        return f"{path} exists on one machine only; name a version or a repository instead"
    if path and leaves_project(path, declaring):
        return f"{path} lies outside the project; name its repository, or move it into the project"
    return ""


def _fix(evidence: Evidence, requirement: Requirement, path: str) -> Fix | None:
    if not requirement.name or not is_conda_build(path):
        return None
    dossier = evidence.dossiers.get(requirement.name)
    version = (dossier.version if dossier else "") or wheel_version(path)
    if not version:
        return None
    text = f"{requirement.shown_name}=={version}"
    return Fix(f"replace the path by {text}", Safety.UNSAFE, (Pin(requirement, version),), text)
