"""A cell or script does not parse as Python.

**What it does**

Reports code with imports that is no Python even without its magics and shell lines: Python 2 prints, placeholders,
fragments. Imports that stand alone on their lines are still found there, and the rest of the notebook is read. Code
that imports nothing is not parsed at all.

**Why this is bad**

An import in the cell may have been missed, so the report may lack something; and the notebook does not run from top
to bottom.

**Example**

```
import requests

API_KEY = <your key>
```

**Use instead**

```
import os

import requests

API_KEY = os.environ["API_KEY"]
```

**Fix**

None: repair the cell, or make it a raw or Markdown cell.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.reading.problems import findings
from envcheck.model.findings import Finding, Severity
from envcheck.model.readings import ProblemKind
from envcheck.model.rules import Rule

RULE = Rule(
    "READ002",
    "unparsable-cell",
    "code that does not parse even without its magics",
    Severity.NOTE,
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each cell that could not be parsed."""
    return findings(evidence, RULE, ProblemKind.UNPARSABLE_CELL)
