"""A notebook does not say what it ran with.

**What it does**

Reports Python notebooks without a stamp. It is off by default: select it where every notebook is to be stamped
(`extend-select = ["NBK005"]`).

**Why this is bad**

Nobody can tell later with which versions the results were made, whatever the declarations have become since.

**Example**

```
analysis.ipynb       no metadata.envcheck
```

**Use instead**

`envcheck stamp analysis.ipynb`, after it has run.

**Fix**

None here: `envcheck stamp` writes it.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.notebooks.several import python_notebooks
from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.rules import Rule

RULE = Rule("NBK005", "unstamped-notebook", "the notebook has no stamp", Severity.WARNING, default=False)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each notebook without a stamp."""
    for source in python_notebooks(evidence):
        if source.stamp is None and not source.stamp_leftovers:
            path = evidence.scope.viewpoint.path(source.path)
            yield RULE.at(Place(source.path), f"no stamp says what it ran with; run it, then envcheck stamp {path}")
