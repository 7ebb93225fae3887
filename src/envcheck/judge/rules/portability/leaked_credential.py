"""A password or token stands in a file.

**What it does**

Reports URLs that hold a password or token in requirements, index and channel settings, and install lines in cells.
What is shown is redacted. Variables (`${TOKEN}`) are the way to do it and are not reported.

**Why this is bad**

Everybody who can read the file, its history or the notebook can use it. Deleting the line does not take it back.

**Example**

```
--index-url https://reader:s3cr3t@index.example/simple
```

**Use instead**

```
--index-url https://reader:${INDEX_PASSWORD}@index.example/simple
```

**Fix**

None: revoke the credential first, then read it from a variable, `.netrc` or pip's keyring.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.portability.spoken import spoken_of
from envcheck.model.declarations import Declaration
from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.requirements import Requirement, Role
from envcheck.model.rules import Rule
from envcheck.model.urls import has_credentials, redact

RULE = Rule(
    "PRT005",
    "leaked-credential",
    "a password or token stands in a URL",
    Severity.ERROR,
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each URL that holds a secret; the finding itself never does."""
    for declaration in spoken_of(evidence):
        yield from _leaks(_texts(declaration))
    for source in evidence.sources:
        yield from _leaks((install.place, word) for install in source.installs for word in install.arguments.split())


def _texts(declaration: Declaration) -> Iterator[tuple[Place, str]]:
    for link in declaration.links:
        yield link.place, link.target
    for requirement in declaration.with_sources():
        if requirement.direct and requirement.role is not Role.AD_HOC:
            yield requirement.place, _leaking_text(requirement, requirement.direct.url)


def _leaking_text(requirement: Requirement, url: str) -> str:
    return url if has_credentials(url) else requirement.raw


def _leaks(texts: Iterator[tuple[Place, str]]) -> Iterator[Finding]:
    for place, text in texts:
        if "://" in text and has_credentials(text):
            yield RULE.at(
                place, f"{redact(text)} holds a password or token; revoke it and read it from a variable (${{TOKEN}})"
            )
