"""pip has replaced what conda installed.

**What it does**

Reports conda packages whose record names a Python distribution that is no longer there as recorded: another version
stands in its place, or none.

**Why this is bad**

conda believes in its record: `conda list` and `conda env export` state a version that is not imported, and the next
update may mix the files of both.

**Example**

conda's record of numpy says 1.26.4; `pip install -U` put 2.0.1 over it.

**Use instead**

Let one of both install it: `python -m pip uninstall numpy`, then `conda install --force-reinstall numpy`.

**Fix**

None: envcheck changes nothing in an environment.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.environment import CondaPackage
from envcheck.model.findings import Finding, Related, Severity
from envcheck.model.names import normalize
from envcheck.model.places import Place
from envcheck.model.rules import Rule

RULE = Rule(
    "ENV004",
    "clobbered-package",
    "conda's record and pip's installation disagree",
    Severity.ERROR,
    of_environment=True,
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each distribution that is not as conda's record says."""
    environment = evidence.environment
    if environment is None:
        return
    places = {d.name: d.place for d in reversed(environment.distributions)}
    for package in environment.conda:
        for name, version in sorted(package.clobbered.items()):
            yield _finding(package, name, version, places.get(normalize(name)))


def _finding(package: CondaPackage, name: str, version: str, place: Place | None) -> Finding:
    if version:
        state = f"{name} {version} has been installed over it"
        remedy = f"pip uninstall {name}, then conda install --force-reinstall {package.name}"
    else:
        state = f"its files of {name} are gone"
        remedy = f"conda install --force-reinstall {package.name}"
    return RULE.at(
        package.place,
        f"conda's record says {package.name} {package.version}, but {state}; {remedy}",
        distribution=normalize(name),
        installed=version,
        wanted=package.version,
        related=(Related(place, f"{name} {version}"),) if version and place else (),
    )
