"""A notebook asks for a kernel that does not exist here.

**What it does**

Reports kernelspec names for which no kernel is registered on this machine. `python3` and its like mean "whatever
Python runs Jupyter" and are never reported.

**Why this is bad**

JupyterLab silently takes another kernel, with other versions; `nbconvert --execute` and papermill stop with
`NoSuchKernel`. A name that exists on the author's machine only tells others nothing.

**Example**

```json
"kernelspec": {"name": "pymc_env", "display_name": "Python (pymc_env)", "language": "python"}
```

**Use instead**

```json
"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
```

**Fix**

None: register the kernel (`python -m ipykernel install --user --name pymc_env`), or choose `python3` and save the
notebook.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.notebooks.several import gathered, others, python_notebooks, subject
from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.rules import Rule

RULE = Rule(
    "NBK002",
    "unknown-kernel",
    "the kernelspec is not found on this machine",
    Severity.WARNING,
)
# What Jupyter calls its own Python; that it is not registered says only that no Jupyter is here.
_ANY_PYTHON = frozenset({"", "python", "python2", "python3"})


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each kernel name that nothing answers."""
    unknown = {path: fact.name for path, fact in evidence.scope.kernels if not fact.found}
    for name, sources in gathered(python_notebooks(evidence), lambda source: unknown.get(source.path, "")).items():
        if name.lower() not in _ANY_PYTHON:
            yield RULE.at(
                Place(sources[0].path),
                f"{subject(len(sources), 'asks', 'ask')} for kernel {name}, which is not found here; "
                "register it, or choose python3 in the notebook",
                related=others([Place(source.path) for source in sources], f"kernel {name}"),
            )
