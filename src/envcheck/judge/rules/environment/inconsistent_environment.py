"""An installed distribution lacks what it requires.

**What it does**

Reports what `pip check` reports, without running anything: requirements of installed distributions that are missing
or installed in a version they exclude. Markers are evaluated for the environment, extras are left out.

**Why this is bad**

The distribution was made for other versions than it meets: it may fail on import, or later, or compute something
else.

**Example**

`pandas 2.1.4 requires numpy<2,>=1.23.2, but 2.0.1 is installed`

**Use instead**

Install what is required, in one go with everything else, so that the installer sees all requirements: `python -m pip
install -r requirements.txt`.

**Fix**

None: which side has to give way depends on the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.requires import Needed, needs
from envcheck.model.constraints import Constraint, pep440
from envcheck.model.environment import Distribution
from envcheck.model.findings import Finding, Severity
from envcheck.model.names import NormalizedName
from envcheck.model.rules import Rule

RULE = Rule(
    "ENV001",
    "inconsistent-environment",
    "an installed distribution's requirement is not met",
    Severity.ERROR,
    of_environment=True,
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each requirement of an installed distribution that is not met."""
    environment = evidence.environment
    if environment is None:
        return
    installed: dict[NormalizedName, Distribution] = {}
    for distribution in environment.distributions:
        installed.setdefault(distribution.name, distribution)
    for distribution in installed.values():
        for needed in needs(distribution, environment.markers):
            found = installed.get(needed.name)
            if found is None or not _satisfies(found.version, needed.specifier):
                yield _finding(distribution, needed, found)


def _satisfies(version: str, specifier: str) -> bool:
    constraint = _constraint(specifier) if specifier else None
    return constraint is None or constraint.allows(version)


def _constraint(specifier: str) -> Constraint | None:
    try:
        return pep440(specifier)
    except ValueError:
        return None  # broken metadata: ENV003 speaks of it


def _finding(distribution: Distribution, needed: Needed, found: Distribution | None) -> Finding:
    state = f"{found.version} is installed" if found else "that is not installed"
    spec = f"{needed.name} {needed.specifier}".strip()
    return RULE.at(
        distribution.place,
        f"{distribution.shown_name} {distribution.version} requires {spec}, but {state};"
        f" {'change one of them' if found else 'install it'} (as pip check says)",
        distribution=needed.name,
        installed=found.version if found else "",
        wanted=needed.specifier,
    )
