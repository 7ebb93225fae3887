"""Nothing says which Python the project needs.

**What it does**

Reports projects whose declarations say nothing about Python: no `requires-python` or `python_requires`, no
`python=3.11` in environment.yml, or `python` without a version there. A range is enough. Said once for all files that
govern together. `.python-version` and `runtime.txt` are not read.

**Why this is bad**

The Python decides which versions can be installed at all: pins of 2021 do not install on a Python of today, and the
error message does not say so.

**Example**

```yaml
dependencies:
  - pandas==2.1.4
```

**Use instead**

```yaml
dependencies:
  - python=3.11
  - pandas==2.1.4
```

or in pyproject.toml

```toml
[project]
requires-python = ">=3.11"
```

**Fix**

Where `python` stands without a version, names the one that is installed; elsewhere none.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.pins.settled import is_open
from envcheck.judge.pins.suggest import suggest
from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.rules import Rule

RULE = Rule("PIN006", "unpinned-python", "nothing says which Python", Severity.NOTE)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield at most one finding: where any Python is accepted, or at the first declaration."""
    governing = [declaration for declaration in evidence.declarations if declaration.governs]
    demands = [demand for declaration in evidence.declarations for demand in declaration.python]
    if (
        not governing
        or evidence.is_partly_unread
        or not evidence.scope.primary
        or any(d.template or not is_open(d) for d in demands)
    ):
        return
    environment = evidence.environment
    version = environment.python if environment else ""
    here = f"; {version} is installed" if version else ""
    if demands:
        fix = suggest(demands[0], None, environment)
        yield RULE.at(demands[0].place, f"python accepts any version{here}", installed=version, fix=fix)
    else:
        is_script = governing[0].dialect == "inline_script"
        files = "the block of the script" if is_script else "pyproject.toml, or python=3.x into environment.yml"
        remedy = f"write requires-python into {files}"
        yield RULE.at(
            Place(governing[0].path), f"nothing says which Python is needed{here}; {remedy}", installed=version
        )
