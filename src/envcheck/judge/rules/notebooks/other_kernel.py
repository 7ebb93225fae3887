"""A notebook's kernel is another environment than the one its declarations are checked in.

**What it does**

Reports notebooks whose kernelspec leads to an environment of its own (an absolute interpreter, a conda
environment), where the declarations that govern them are checked in another one. Such a notebook is judged in its
kernel's environment; this finding says why. Kernels like `python3` name no environment and are never reported.

**Why this is bad**

What you install in the project's environment does not arrive in the notebook, and what the notebook needs is not
where the declarations are installed: the most frequent reason for `ModuleNotFoundError` after a successful `pip
install`.

**Example**

```
analysis.ipynb       kernelspec: old-project → /home/maria/envs/old-project
requirements.txt     installed in .venv
```

**Use instead**

Choose the project's kernel in the notebook. If it has none: `.venv/bin/python -m ipykernel install --user --name
my-project`.

**Fix**

None: only you know which of the two environments is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.notebooks.several import gathered, others, python_notebooks, subject
from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.requirements import Role
from envcheck.model.rules import Rule

RULE = Rule(
    "NBK001",
    "other-kernel",
    "the kernel is another environment than the one the declarations are checked in",
    Severity.WARNING,
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each kernel that takes notebooks elsewhere."""
    governing = [
        Place(d.path).file
        for d in evidence.declarations
        if not d.lock and any(r.role is Role.DECLARED for r in d.requirements)
    ]
    if evidence.scope.primary or not governing:
        return
    kernels = {path: fact for path, fact in evidence.scope.kernels if fact.names_environment and fact.prefix}
    abroad = (source for source in python_notebooks(evidence) if source.path in kernels)
    for name, sources in gathered(abroad, lambda source: kernels[source.path].name).items():
        prefix = evidence.scope.viewpoint.path(kernels[sources[0].path].prefix)
        yield RULE.at(
            Place(sources[0].path),
            f"{subject(len(sources), 'runs', 'run')} in kernel {name} ({prefix}), not in the environment that "
            f"{', '.join(governing)} {'is' if len(governing) == 1 else 'are'} checked in; choose the project's kernel",
            related=others([Place(source.path) for source in sources], f"kernel {name}"),
        )
