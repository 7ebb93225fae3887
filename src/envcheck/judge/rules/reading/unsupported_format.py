"""A lock or notebook is written in a version that envcheck does not know.

**What it does**

Reports files whose own version number is newer (or much older) than those that envcheck has been tested with.
Nothing of such a file is used.

**Why this is bad**

A guess at what the fields mean could call a drifted environment clean. What depends on the file is not checked.

**Example**

```
# uv.lock
version = 2
```

**Use instead**

A newer envcheck, or a lock written by a version of its manager that envcheck knows.

**Fix**

None.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.reading.problems import findings
from envcheck.model.findings import Finding, Severity
from envcheck.model.readings import ProblemKind
from envcheck.model.rules import Rule

RULE = Rule("READ004", "unsupported-format", "a format version that is not known", Severity.ERROR)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each file in a version that is not known."""
    return findings(evidence, RULE, ProblemKind.UNSUPPORTED_FORMAT)
