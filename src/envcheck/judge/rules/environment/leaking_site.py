"""What the project uses comes from outside its environment.

**What it does**

Reports distributions that are imported or declared, and that the environment does not hold itself: they come from the
user's own site-packages (`~/.local`, `pip install --user`) or from `PYTHONPATH`. A system Python has no inside and is
left alone.

**Why this is bad**

It works on this machine and for this user. Everybody else, and the same user in a container, gets
`ModuleNotFoundError` or another version; and what leaks in hides what the environment itself holds.

**Example**

A conda environment without numpy, in which `import numpy` finds the one in `~/.local/lib/python3.11/site-packages`.

**Use instead**

Install it into the environment, and set `PYTHONNOUSERSITE=1` so that nothing leaks any more.

**Fix**

None: envcheck installs nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.findings import Finding, Severity
from envcheck.model.rules import Rule

RULE = Rule("ENV006", "leaking-site", "user site or PYTHONPATH supplies what the environment should", Severity.WARNING)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each distribution that is wanted here and comes from outside."""
    environment = evidence.environment
    if environment is None or environment.kind == "system":
        return
    for dossier in evidence.dossiers.values():
        leak = dossier.installed
        if leak and leak.leaked:
            yield RULE.at(
                leak.place,
                f"{leak.shown_name} {leak.version} comes from {leak.site}, outside {evidence.prefix};"
                " install it there and set PYTHONNOUSERSITE=1, or clear PYTHONPATH",
                distribution=leak.name,
                installed=leak.version,
            )
