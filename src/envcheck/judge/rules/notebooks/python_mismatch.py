"""A notebook was last run on another Python than is declared or installed.

**What it does**

Compares the Python that the notebook recorded when it was last run (`language_info.version`) with the declared one
(`requires-python`, `python=3.11`) and with the environment, by major and minor version. It is a hint: some tools do
not write that field, or write it without running anything.

**Why this is bad**

The saved results come from an interpreter that nobody will have who follows the declarations.

**Example**

```
analysis.ipynb       last run on Python 3.8.10
pyproject.toml       requires-python = ">=3.10"
```

**Use instead**

Run the notebook again in the declared environment and save it, or declare the Python that it needs.

**Fix**

None: the results have to be made again, or the declaration has to change.
"""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.notebooks.several import gathered, others, python_notebooks, subject
from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.requirements import Requirement
from envcheck.model.rules import Rule
from envcheck.model.versions import parse_version

RULE = Rule(
    "NBK003",
    "python-mismatch",
    "last run on another Python than declared or installed",
    Severity.WARNING,
)
_OLD = ((2, 6), (2, 7))
_NEW = (3, 3)
"""Notebooks never ran on the Pythons between."""


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each Python that notebooks were last run on and nobody asks for."""
    for minor, sources in gathered(python_notebooks(evidence), lambda source: _minor(source.python)).items():
        mismatch = _mismatch(evidence, minor, sources[0].python)
        if mismatch:
            wanted, words = mismatch
            yield RULE.at(
                Place(sources[0].path),
                f"{subject(len(sources), 'was', 'were')} last run on Python {minor}, {words}; "
                "run again there, or declare the Python that is needed",
                installed=minor,
                wanted=wanted,
                related=others([Place(source.path) for source in sources], f"last run on Python {minor}"),
            )


def _mismatch(evidence: Evidence, minor: str, version: str) -> tuple[str, str] | None:
    """Return what is wanted instead and how to say it, or ``None`` when notebooks and environment agree."""
    present = evidence.environment.python if evidence.environment else ""
    if _minor(present) == minor:
        return None
    demands = [demand for declaration in evidence.declarations for demand in declaration.python]
    for demand in demands:
        if _excludes(demand, version):
            return demand.constraint.text, f"which {demand.place.file} excludes ({demand.constraint.text})"
    # An environment that the declarations exclude has drifted itself: DRF006 says so.
    if not present or any(_excludes(demand, present) for demand in demands):
        return None
    return present, f"but the environment has {present}{evidence.whereabouts}"


def _excludes(demand: Requirement, version: str) -> bool:
    exact = demand.constraint.exact
    return _minor(exact) != _minor(version) if exact else not demand.constraint.allows(version)


def _minor(version: str) -> str:
    """Return ``3.11`` of ``3.11.7``, or empty for what cannot be the version of a Python that runs notebooks."""
    parsed = parse_version(version)
    release = parsed.release[:2] if parsed else ()
    # Languages that are nearly Python write their own version there: xonsh 0.14, Coconut 3.0.2.
    return f"{release[0]}.{release[1]}" if release in _OLD or release >= _NEW else ""
