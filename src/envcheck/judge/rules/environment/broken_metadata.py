"""The metadata of something installed cannot be trusted.

**What it does**

Reports metadata in the environment that is missing, unreadable, invalid or contradicts itself: no METADATA, no
version, a version that is none, a folder name that says otherwise, a corrupt RECORD or `direct_url.json`,
requirements that cannot be parsed.

**Why this is bad**

Installers stop at such a distribution or misjudge it, and everything envcheck says about it is a guess.

**Example**

`pandas-2.1.4.dist-info` without METADATA, left over by an interrupted installation.

**Use instead**

`python -m pip install --force-reinstall --no-deps pandas==2.1.4`

**Fix**

None: envcheck changes nothing in an environment.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.findings import Finding, Severity
from envcheck.model.readings import ProblemKind
from envcheck.model.rules import Rule

RULE = Rule(
    "ENV003",
    "broken-metadata",
    "installed metadata is missing, invalid or contradictory",
    Severity.WARNING,
    of_environment=True,
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each thing in the environment that could not be read."""
    environment = evidence.environment
    for problem in environment.problems if environment else ():
        if problem.kind is not ProblemKind.NOT_READ:
            remedy = problem.remedy or "install the distribution again"
            yield RULE.at(problem.place, f"{problem.message}; {remedy}")
