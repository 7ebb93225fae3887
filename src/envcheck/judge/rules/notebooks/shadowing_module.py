"""A file beside a notebook hides an installed or standard module.

**What it does**

Reports imports that find a file or package in the notebook's own folder although the standard library or an
installed distribution has a module of that name. Modules of the project itself are what they should be and are not
reported.

**Why this is bad**

A notebook's folder comes first on the path: `import random` takes the file, not only for the notebook but for every
library that it imports. A `random.py` or `code.py` can even keep the kernel from starting.

**Example**

```
notebooks/analysis.ipynb     import random
notebooks/random.py
```

**Use instead**

```
notebooks/analysis.ipynb     import random_walks
notebooks/random_walks.py
```

**Fix**

None: rename the file and what imports it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from envcheck.judge.evidence.dossier import Use
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.names.stdlib import is_stdlib_3
from envcheck.judge.rules.notebooks.several import gathered, others, python_notebooks
from envcheck.model.environment import Distribution
from envcheck.model.findings import Finding, Severity
from envcheck.model.requirements import DirectKind
from envcheck.model.rules import Rule
from envcheck.model.scopes import ProjectFiles
from envcheck.model.usage import Source

RULE = Rule(
    "NBK006",
    "shadowing-module",
    "a file beside the notebook hides an installed or standard module",
    Severity.WARNING,
)
# What badly packed distributions leave at top level, and what everybody calls a file: the file is meant.
_EVERYDAY_NAMES = frozenset({
    "benchmarks", "common", "config", "data", "docs", "examples", "helpers", "lib", "main", "models", "scripts", "src",
    "test", "tests", "tools", "utils",
})  # fmt: skip


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield one finding for each file that hides a module from the notebooks beside it."""
    hidden = _Hidden(evidence)
    for path, uses in gathered(evidence.uses, hidden.by).items():
        first = uses[0]
        yield RULE.at(
            first.imported.place,
            f"{path} hides {hidden.what(first.imported.top)}; rename the file",
            related=others([use.imported.place for use in uses], f"imports {first.imported.module}"),
        )


class _Hidden:
    """What the standard library and the environment have to lose to a file of the same name."""

    def __init__(self, evidence: Evidence) -> None:
        environment = evidence.environment
        own = {declaration.project for declaration in evidence.declarations}
        own.update(d.name for d in (environment.distributions if environment else ()) if _is_of_the_project(d))
        self._own = own
        self._owners = environment.modules if environment else {}
        by_folder = _modules_by_folder(evidence.scope.files)
        self._beside = {source.path: _beside(source, by_folder) for source in python_notebooks(evidence)}

    def by(self, use: Use) -> str:
        """Return the file beside the notebook that hides what is imported, or empty."""
        beside = self._beside.get(use.source.path)
        if not beside:
            return ""
        top = use.imported.top
        path = beside.get(top, "")
        return path if path and top not in _EVERYDAY_NAMES and self.what(top) else ""

    def what(self, top: str) -> str:
        """Return words for the module that is hidden, or empty when there is none."""
        if top in sys.builtin_module_names:
            # Compiled into the interpreter: no file can hide these.
            return ""
        if is_stdlib_3(top):
            return f"the standard module {top}"
        owners = [owner for owner in self._owners.get(top, ()) if owner not in self._own]
        return f"module {top} of {owners[0]}" if owners else ""


@lru_cache(maxsize=1)  # every scope of a project asks
def _modules_by_folder(files: ProjectFiles) -> Mapping[str, Mapping[str, str]]:
    return _by_folder(files.modules)


def _by_folder(paths: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return for each folder which file a top-level name means there: a package comes before a module."""
    found: dict[str, dict[str, str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if name == "__init__.py":
            folder, _, name = folder.rpartition("/")
            found.setdefault(folder, {})[name] = path
        elif name.endswith(".py"):
            found.setdefault(folder, {}).setdefault(name.removesuffix(".py"), path)
    return found


def _beside(notebook: Source, by_folder: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """Return which file a top-level name means in the notebook's folder; what the notebook writes is there as well."""
    folder = notebook.path.rpartition("/")[0]
    beside = by_folder.get(folder, {})
    if not notebook.writes:
        return beside
    written = (f"{folder}/{name}".lstrip("/") for name in notebook.writes)
    return _by_folder((*beside.values(), *written)).get(folder, {})


def _is_of_the_project(distribution: Distribution) -> bool:
    """Tell whether a distribution was installed from a folder: its modules are the very files of a project."""
    return distribution.direct is not None and distribution.direct.kind is DirectKind.PATH
