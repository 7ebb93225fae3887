"""A module is imported that is there only because something else requires it.

**What it does**

Reports distributions that are imported and not declared, but installed or locked because a declared distribution
requires them, and says which. What is merely the split-off body of a declared distribution is spared (`import airflow`
with `apache-airflow` declared and `apache-airflow-core` installed).

**Why this is bad**

The next release of the parent may stop requiring it, or require another version of it: the import then fails, or
changes its meaning, although no declaration was touched.

**Example**

```
# analysis.ipynb, cell 1
import numpy as np
import pandas as pd

# requirements.txt
pandas==2.1.4
```

**Use instead**

```
# requirements.txt
numpy==1.26.4
pandas==2.1.4
```

**Fix**

Adds the installed version to the declaration that governs the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.coverage.declared import installed_of, locked_of, undeclared_uses
from envcheck.judge.rules.coverage.declaring import declare
from envcheck.judge.rules.coverage.needs import elsewhere, first_of_each_file, imported
from envcheck.judge.rules.coverage.parents import Family, is_body_of_parent
from envcheck.model.findings import Finding, Severity
from envcheck.model.rules import Rule

RULE = Rule(
    "COV004",
    "transitive-import",
    "imported, but there only because something else requires it",
    Severity.WARNING,
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each distribution that only its parents brought along."""
    if evidence.is_partly_unread:
        return
    family = Family(evidence)
    for keys, uses in undeclared_uses(evidence).items():
        dossier = installed_of(evidence, keys) or locked_of(evidence, keys)
        parents = family.parents_of(dossier) if dossier else None
        if dossier is None or parents is None or is_body_of_parent(dossier, uses[0], parents):
            continue
        firsts = first_of_each_file(uses)
        yield RULE.at(
            firsts[0].imported.place,
            f"{dossier.shown_name} {imported(firsts, dossier.key)}, "
            f"but {'installed' if dossier.is_installed else 'locked'}{evidence.whereabouts} only because"
            f" {parents.words}; declare it",
            distribution=dossier.key,
            installed=dossier.version,
            fix=declare(evidence, dossier),
            related=elsewhere(firsts),
        )
