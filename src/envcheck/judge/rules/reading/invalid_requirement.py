"""A line of a declaration is no requirement.

**What it does**

Reports entries that the format's own installer would refuse: misspelt specifiers, invalid names, markers that do
not parse, URLs without a name where one is needed. So are entries of a notebook's stamp (`metadata.envcheck`) that
are no names and versions.

**Why this is bad**

The installer stops at this line, and nothing of the file is installed.

**Example**

```
pandas=2.1.4
```

**Use instead**

```
pandas==2.1.4
```

**Fix**

None: correct the line as the message says.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.reading.problems import findings
from envcheck.model.findings import Finding, Severity
from envcheck.model.readings import ProblemKind
from envcheck.model.rules import Rule

RULE = Rule(
    "READ003",
    "invalid-requirement",
    "an entry that the format's own installer would refuse",
    Severity.ERROR,
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each entry that is no requirement."""
    return findings(evidence, RULE, ProblemKind.INVALID_REQUIREMENT)
