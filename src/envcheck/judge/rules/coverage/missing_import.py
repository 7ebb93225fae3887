"""A module is imported that is neither installed nor declared.

**What it does**

Reports imports that nothing answers: not the environment, not a declaration, not a file of the project that Python
would find from there. The message names the distribution to install where it is known, all candidates where several
provide the module, and says so where nobody knows. Guarded and type-only imports are optional and not reported.
Where code adds folders to `sys.path` that cannot be known, an unknown module is only a note, and so are modules
that `protoc` generates (`…_pb2`). Modules that left the standard library before this Python are reported too.

**Why this is bad**

The cell fails with `ModuleNotFoundError`, here and everywhere else.

**Example**

```
# analysis.ipynb, cell 1
from sklearn.linear_model import Ridge

# requirements.txt
pandas==2.1.4
```

**Use instead**

```
# requirements.txt
pandas==2.1.4
scikit-learn==1.3.2
```

**Fix**

None: the version is yours to choose. A module of your own that is not found needs its folder on the path (install
the project with `pip install -e .`); a name that envcheck does not know can be taught with `name-map`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from envcheck.judge.evidence.dossier import Certainty, Use
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.coverage.declared import installed_of, locked_of, undeclared_uses
from envcheck.judge.rules.coverage.departed import departed_uses
from envcheck.judge.rules.coverage.needs import elsewhere, first_of_each_file, imported
from envcheck.model.findings import Finding, Severity
from envcheck.model.names import normalize
from envcheck.model.rules import Rule

RULE = Rule(
    "COV002",
    "missing-import",
    "imported, but neither installed nor declared",
    Severity.ERROR,
)
# There are distributions that provide these; hardly anybody means them.
_FILE_NAMES = frozenset(
    {"config", "data", "helper", "helpers", "lib", "model", "models", "plotting", "settings", "tools", "util", "utils"}
)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each module that nothing provides."""
    absent = _absent(evidence)
    for keys, uses in undeclared_uses(evidence).items() if absent else ():
        if installed_of(evidence, keys) or locked_of(evidence, keys):
            continue
        certain = [use for use in uses if not _may_be_found(use)]
        firsts = first_of_each_file(certain or uses)
        top, candidates = firsts[0].imported.top, _candidates(firsts[0])
        yield RULE.at(
            firsts[0].imported.place,
            f"{top} {imported(firsts, top)}, but {absent}; {_advice(firsts[0], candidates)}",
            distribution=candidates[0] if len(candidates) == 1 else "",
            related=elsewhere(firsts),
            severity=None if certain else Severity.NOTE,
        )
    for top, (reason, uses) in departed_uses(evidence).items():
        firsts = first_of_each_file(uses)
        yield RULE.at(
            firsts[0].imported.place,
            f"{top} {imported(firsts, top)}, but it {reason}{evidence.whereabouts}; use what took its place",
            related=elsewhere(firsts),
        )


def _absent(evidence: Evidence) -> str:
    """Return what can be said of a module that nothing provides, empty when there is nothing to look into."""
    if evidence.is_partly_unread:
        return f"not installed{evidence.whereabouts}" if evidence.environment else ""
    return f"neither installed{evidence.whereabouts} nor declared" if evidence.environment else "declared nowhere"


def _may_be_found(use: Use) -> bool:
    return use.certainty is Certainty.UNKNOWN and (use.source.open_search_path or _is_generated(use))


def _is_generated(use: Use) -> bool:
    return use.imported.top.endswith(("_pb2", "_pb2_grpc"))


def _candidates(use: Use) -> Sequence[str]:
    """Return the distributions that may be meant: the one of that very name, else all that are known to provide it."""
    top = use.imported.top
    if use.certainty is Certainty.UNKNOWN or use.elsewhere or top in _FILE_NAMES:
        return ()
    return [key for key in use.keys if key == normalize(top)] or use.keys


def _advice(use: Use, candidates: Sequence[str]) -> str:
    if candidates:
        return f"install {'one of ' * (len(candidates) > 1)}{', '.join(candidates)} and declare it"
    if use.elsewhere:
        return f"{use.elsewhere} exists, but Python does not find it from there: install the project"
    if use.imported.top in _FILE_NAMES:
        return "most likely a file of your own: keep it where Python finds it from there"
    if _is_generated(use):
        return "protoc generates such modules: run it first, or keep what it made in the project"
    if use.source.open_search_path:
        return "it may come from a folder that the code adds to sys.path: install the project instead"
    return "no distribution is known for it: declare the one that provides it, or keep your own file in the project"
