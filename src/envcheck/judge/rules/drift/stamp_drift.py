"""The notebook's stamp differs from its environment.

**What it does**

Compares the versions that a notebook ran with, as its stamp tells (`envcheck stamp`), with what is installed in the
environment of its kernel: distributions that it imports (errors), those that they require (one warning), and Python by
major and minor version. What a stamp leaves to a lock (`--env`) is DRF003.

**Why this is bad**

The results in the notebook were made with other versions. Run again here, it may fail, or say something else.

**Example**

```
analysis.ipynb       stamped: pandas 2.1.4
.venv                pandas 2.2.0
```

**Use instead**

Install what the notebook ran with, or run it again here, look at the results, and stamp it anew: `envcheck stamp
analysis.ipynb`. `envcheck verify` shows every version.

**Fix**

None: whether the old results or the new versions are right, only you can say.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.findings import Finding, Severity
from envcheck.model.rules import Rule

RULE = Rule("DRF008", "stamp-drift", "the notebook's stamp differs from its environment", Severity.ERROR)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each version that stamped notebooks ran with and that is another one now."""
    if evidence.environment and any(source.stamp for source in evidence.sources):
        from envcheck.judge.rules.drift.stamps_apart import findings  # which few projects need

        yield from findings(evidence, RULE)
