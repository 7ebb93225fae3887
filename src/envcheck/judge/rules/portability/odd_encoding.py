"""A file is written in an encoding that some tools refuse.

**What it does**

Reports declarations and sources that are not UTF-8 (ASCII is UTF-8, a byte order mark is tolerated): UTF-16 as old
PowerShell writes with `>`, Latin-1, and what could be decoded only by guessing.

**Why this is bad**

uv refuses such a requirements file, pip guesses by the locale of each machine, and editors show garbage.

**Example**

```
PS> pip freeze > requirements.txt        # UTF-16 in Windows PowerShell 5
```

**Use instead**

```
PS> pip freeze | Out-File -Encoding utf8 requirements.txt
```

**Fix**

None: save the file as UTF-8 with your editor.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.portability.spoken import spoken_of
from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.readings import ProblemKind
from envcheck.model.rules import Rule

RULE = Rule(
    "PRT004",
    "odd-encoding",
    "an encoding that some installers refuse",
    Severity.WARNING,
)
_COMMON = frozenset({"", "ascii", "us-ascii", "utf8", "utf-8", "utf-8-sig"})


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each file that is not UTF-8."""
    told = set()
    for problem in evidence.scope.problems:
        if problem.kind is ProblemKind.ODD_ENCODING and problem.place.path not in told:
            told.add(problem.place.path)
            yield RULE.at(problem.place, f"{problem.message}; {problem.remedy or 'save it as UTF-8'}")
    for declaration in spoken_of(evidence):
        if declaration.encoding.lower().replace("_", "-") not in _COMMON and declaration.path not in told:
            yield RULE.at(
                Place(declaration.path),
                f"written in {declaration.encoding.upper()}, which some installers refuse; save it as UTF-8",
            )
