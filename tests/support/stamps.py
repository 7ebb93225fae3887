"""Notebooks stamped, verified and unstamped as the command line does it, and small builders for that."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from envcheck.engine.stamping.notebooks import find_notebooks
from envcheck.engine.stamping.trust import Trust
from envcheck.engine.stamping.verifying import verdicts
from envcheck.engine.stamping.writing import Wish, stampings, unstampings, written
from envcheck.model.settings import Settings
from envcheck.model.stampings import Stamping, Verdict

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
GOOD: dict[str, object] = {
    "packages": {"pandas": "2.2.0"},
    "python": "3.11.7",
    "requires": {"numpy": "1.26.4"},
    "schema": 1,
}
SPEC: dict[str, Any] = {
    "python": "3.11.7",
    "distributions": [
        {"name": "pandas", "version": "2.2.0", "requires": ["numpy>=1.23.2", "openpyxl>=3 ; extra == 'excel'"]},
        {"name": "numpy", "version": "1.26.4"},
        {"name": "unrelated", "version": "1.0"},
    ],
}
"""An environment in which a notebook that imports pandas has the stamp :data:`GOOD`."""


def notebook(source: str = "import pandas\n", stamp: object = None, more: Mapping[str, object] | None = None) -> bytes:
    """Return the bytes of a notebook as Jupyter writes it, with ``more`` metadata."""
    metadata = {"kernelspec": KERNELSPEC, **(more or {})}
    if stamp is not None:
        metadata["envcheck"] = stamp
    cell: dict[str, object] = {"cell_type": "code", "execution_count": None, "id": "c1", "metadata": {}, "outputs": []}
    cells = [{**cell, "source": source.splitlines(keepends=True)}]
    tree = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(tree, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def stamp_all(
    folder: Path, prefix: Path | str = "", wish: Wish | None = None, environ: Mapping[str, str] | None = None
) -> list[Stamping]:
    """Stamp every notebook below a folder, with the versions of an environment, and return what came of each."""
    settings = Settings(prefix=str(prefix) if prefix else "")
    notebooks = find_notebooks(["."], settings, environ=environ or {}, cwd=str(folder))
    return _all_written(notebooks.project.root, stampings(notebooks, wish or Wish()), environ or {})


def unstamp_all(folder: Path) -> list[Stamping]:
    """Take the stamp of every notebook below a folder away, and return what came of each."""
    notebooks = find_notebooks(["."], Settings(), environ={}, cwd=str(folder))
    return _all_written(notebooks.project.root, unstampings(notebooks), {})


def verify_all(folder: Path, prefix: Path | str = "", environ: Mapping[str, str] | None = None) -> Sequence[Verdict]:
    """Return what the stamps of all notebooks below a folder say of an environment."""
    settings = Settings(prefix=str(prefix) if prefix else "")
    return tuple(verdicts(find_notebooks(["."], settings, environ=environ or {}, cwd=str(folder))))


def _all_written(root: str, found: Iterable[Stamping], environ: Mapping[str, str]) -> list[Stamping]:
    trust = Trust({"HOME": str(Path(root) / "no-home"), **environ})
    return [written(root, stamping, trust) for stamping in found]
