"""One distribution is installed twice in one folder.

**What it does**

Reports every metadata folder (`.dist-info`, `.egg-info`) whose distribution has another one in the same
site-packages.

**Why this is bad**

Installers and `importlib.metadata` see one of both, by accident. The files are usually a mixture of both versions,
and uninstalling takes away only some of them.

**Example**

`numpy-1.26.3.dist-info` beside `numpy-1.26.4.dist-info`, left over by an interrupted upgrade.

**Use instead**

`python -m pip uninstall numpy` until nothing is left, then install it once.

**Fix**

None: envcheck removes nothing from an environment.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.findings import Finding, Related, Severity
from envcheck.model.rules import Rule

RULE = Rule("ENV002", "duplicate-distribution", "one name, two metadata folders", Severity.ERROR, of_environment=True)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each surplus metadata folder."""
    environment = evidence.environment
    if environment is None or not environment.duplicates:
        return
    seen = {(d.name, d.site): d for d in reversed(environment.distributions)}
    by_name = {d.name: d for d in reversed(environment.distributions)}
    for duplicate in environment.duplicates:
        first = seen.get((duplicate.name, duplicate.site)) or by_name.get(duplicate.name)
        beside = f" beside {first.version}" if first else ""
        yield RULE.at(
            duplicate.place,
            f"{duplicate.shown_name} {duplicate.version} is installed{beside} in the same folder;"
            f" uninstall {duplicate.shown_name} until it is gone, then install it once",
            distribution=duplicate.name,
            installed=duplicate.version,
            related=(Related(first.place, f"{first.shown_name} {first.version}"),) if first else (),
        )
