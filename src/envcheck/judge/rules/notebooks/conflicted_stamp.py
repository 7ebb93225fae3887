"""Leftovers of a merge in the stamp.

**What it does**

Reports stamps in which a merge has left its traces: a name with two versions, a second stamp, conflict marks, and
what nbdime could not merge (`nbdime-conflicts`, which keeps the stamp of neither side).

**Why this is bad**

The stamp speaks of no environment that ever was: half of it is from one branch and half from the other.

**Example**

```json
"packages": {
  "pandas": "2.1.4",
  "pandas": "2.2.0"
}
```

**Use instead**

Resolve the merge of the notebook, run it, and stamp it anew. The key `nbdime-conflicts` goes when the conflict is
resolved.

**Fix**

None: the results of the notebook are a mixture as well, and have to be made again.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.rules import Rule

RULE = Rule("NBK007", "conflicted-stamp", "a merge has left its traces in the stamp", Severity.ERROR)
_MOST_NAMED = 3


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each notebook whose stamp holds leftovers of a merge."""
    for source in evidence.sources:
        if source.stamp_leftovers:
            more = len(source.stamp_leftovers) - _MOST_NAMED
            said = ", ".join(source.stamp_leftovers[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
            yield RULE.at(
                Place(source.path),
                f"a merge is not resolved in its stamp: {said}; resolve it, run it and stamp it anew",
            )
