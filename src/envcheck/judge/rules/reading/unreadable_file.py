"""A file could not be read.

**What it does**

Reports files that are not what their name says (no JSON, no TOML, no YAML), are damaged, nested beyond reason, or
may not be opened.

**Why this is bad**

What stands in the file was not checked: an empty report would be no proof. Other tools will not read it either.

**Example**

```
analysis.ipynb       <<<<<<< HEAD in the middle of the JSON
```

**Use instead**

A notebook that Jupyter opens, a declaration that its installer accepts.

**Fix**

None: repair the file at the place named, or exclude it (`exclude` in `[tool.envcheck]`).
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.reading.problems import findings
from envcheck.model.findings import Finding, Severity
from envcheck.model.readings import ProblemKind
from envcheck.model.rules import Rule

RULE = Rule(
    "READ001",
    "unreadable-file",
    "not the format its name says, damaged, or not to be opened",
    Severity.ERROR,
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each file that could not be read."""
    return findings(evidence, RULE, ProblemKind.UNREADABLE_FILE)
