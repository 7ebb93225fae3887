"""What a cell or script imports is not certain, because it does not parse as Python.

**What it does**

Reports code that is no Python even without its magics and shell lines (Python 2 prints, placeholders, fragments), where
what it imports could not be read with certainty: inside functions and conditions, or beside other code on the line.
Imports that stand alone on their lines are still found there, and the rest of the notebook is read. Code whose imports
are all plain lines of their own, or that imports nothing, is not parsed at all.

**Why this is bad**

An import in the cell may have been missed or its role misread, so the report may lack something; and the notebook does
not run from top to bottom.

**Example**

```
def download(url):
    import requests

    return requests.get(url, headers={"X-Key": <your key>})
```

**Use instead**

```
import os

import requests


def download(url):
    return requests.get(url, headers={"X-Key": os.environ["API_KEY"]})
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
    "code that does not parse, so that its imports are not certain",
    Severity.NOTE,
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each cell that could not be parsed."""
    return findings(evidence, RULE, ProblemKind.UNPARSABLE_CELL)
