"""The interpreter is not the declared one.

**What it does**

Compares the Python of the environment with what the governing files demand: `requires-python`, `python_requires`,
`python=3.11` in environment.yml.

**Why this is bad**

Another Python resolves to other versions, and some of them cannot be installed at all.

**Example**

```yaml
dependencies:
  - python=3.11       # the environment has 3.9.18
```

**Use instead**

Make the environment anew with the declared Python, or declare the one that is used.

**Fix**

None: an environment keeps its Python for life.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.environment import Environment
from envcheck.model.findings import Finding, Severity
from envcheck.model.names import Ecosystem
from envcheck.model.rules import Rule

RULE = Rule("DRF006", "python-drift", "the interpreter is not the declared one", Severity.ERROR)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each demand that the environment's Python does not meet."""
    environment = evidence.environment
    if environment is None or not environment.python:
        return
    build = _build(environment)
    for demand in (demand for declaration in evidence.declarations for demand in declaration.python):
        conda = demand.ecosystem is Ecosystem.CONDA
        if demand.template or demand.constraint.allows(environment.python, build if conda else ""):
            continue
        yield RULE.at(
            demand.place,
            f"Python {environment.python} runs in {evidence.prefix}, but {demand.constraint.text} is declared;"
            " make the environment with a Python that fits, or declare this one",
            distribution="python",
            installed=environment.python,
            wanted=demand.constraint.text,
        )


def _build(environment: Environment) -> str:
    return next((package.build for package in environment.conda if package.name == "python"), "")
