"""A shared file names a folder of somebody's machine.

**What it does**

Reports `prefix:` in environment files, and home folders in channels, indexes and `--find-links`.

**Why this is bad**

The folder exists on one machine only. conda may create the environment in that very place for others, or fail; pip
searches nothing. It also tells the world a user name.

**Example**

```yaml
name: analysis
dependencies:
  - pandas==2.1.4
prefix: /home/maria/miniconda3/envs/analysis
```

**Use instead**

```yaml
name: analysis
dependencies:
  - pandas==2.1.4
```

**Fix**

None: delete the line. `conda env export | grep -v '^prefix:'` does not write it at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.portability.spoken import spoken_of
from envcheck.judge.rules.portability.targets import is_in_home, local_path
from envcheck.model.declarations import Link, LinkKind
from envcheck.model.findings import Finding, Severity
from envcheck.model.rules import Rule

RULE = Rule(
    "PRT002",
    "machine-prefix",
    "a prefix or a home folder stands in a shared file",
    Severity.WARNING,
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each link into somebody's machine."""
    for declaration in spoken_of(evidence):
        for link in declaration.links:
            problem = _problem(link)
            if problem:
                yield RULE.at(link.place, problem)


def _problem(link: Link) -> str:
    if link.kind is LinkKind.PREFIX:
        return f"prefix: {link.target} is a folder of one machine; delete the line"
    path = local_path(link.target)
    if is_in_home(path):
        return f"{link.kind.value} {path} is in somebody's home folder; use a path inside the project or a URL"
    return ""
