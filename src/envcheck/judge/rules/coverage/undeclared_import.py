"""A module is imported and installed, and no declaration asks for it.

**What it does**

Reports distributions that are imported and installed, but declared nowhere that governs the importing file. One
finding speaks for all files of a scope. A `%pip install` line counts for its own notebook. Imports that are guarded
(`try: … except ImportError:`) or only for type checkers are optional and not reported, nor is what the kernel
brings along (`IPython` in a notebook).

**Why this is bad**

It runs here because somebody once installed it by hand. Whoever builds the environment from the declarations gets
`ModuleNotFoundError`.

**Example**

```
# analysis.ipynb, cell 1
import seaborn

# requirements.txt
pandas==2.1.4
```

**Use instead**

```
# requirements.txt
pandas==2.1.4
seaborn==0.13.2
```

**Fix**

Adds the installed version to the declaration that governs the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.coverage.declared import installed_of, undeclared_uses
from envcheck.judge.rules.coverage.declaring import best_declaration, declare
from envcheck.judge.rules.coverage.needs import elsewhere, first_of_each_file, imported
from envcheck.judge.rules.coverage.parents import Family
from envcheck.model.findings import Finding, Severity
from envcheck.model.rules import Rule

RULE = Rule(
    "COV001",
    "undeclared-import",
    "imported and installed, but declared nowhere that governs the file",
    Severity.WARNING,
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each distribution that is there by chance."""
    if evidence.is_partly_unread:
        return
    family = Family(evidence)
    advice = "declare it"
    if not best_declaration(evidence):
        governed = any(declaration.governs for declaration in evidence.declarations)
        advice = "write requirements.txt" if governed else "envcheck init writes requirements.txt"
    for keys, uses in undeclared_uses(evidence).items():
        dossier = installed_of(evidence, keys)
        if dossier is None or family.parents_of(dossier):
            continue
        firsts = first_of_each_file(uses)
        yield RULE.at(
            firsts[0].imported.place,
            f"{dossier.shown_name} {imported(firsts, dossier.key)} and installed{evidence.whereabouts}, "
            f"but declared nowhere; {advice}",
            distribution=dossier.key,
            installed=dossier.version,
            fix=declare(evidence, dossier),
            related=elsewhere(firsts),
        )
