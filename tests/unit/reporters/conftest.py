"""A report that has one of everything, and the golden files it is compared with."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from envcheck.model.changes import Add, Pin
from envcheck.model.findings import Finding, Fix, Related, Safety, Severity
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.places import Place
from envcheck.model.report import (
    Details,
    EnvironmentSummary,
    FileEdit,
    LockSummary,
    Notice,
    Report,
    RulePage,
    ScopeSummary,
    TableRow,
)
from envcheck.model.requirements import Requirement
from envcheck.model.rules import Rule


def _pin(path: str, line: int, raw: str, text: str) -> Fix:
    requirement = Requirement(NormalizedName(raw), raw, Ecosystem.PYPI, Place(path, 0, line, 1))
    return Fix(f"pin {raw}", Safety.SAFE, (Pin(requirement, text.partition("==")[2]),), text)


@pytest.fixture
def report() -> Report:
    """Return a report over two scopes with findings of all severities."""
    findings = (
        Finding(
            "CON002",
            "unequal-pins",
            Severity.WARNING,
            Place("environment.yml", 0, 7, 5),
            "pandas is pinned to 1.5.3 here and to 2.1.4 in requirements.txt; keep one",
            "pandas",
            "2.1.4",
            related=(Related(Place("requirements.txt", 0, 4, 1), "pandas==2.1.4"),),
        ),
        Finding(
            "PIN001",
            "unpinned-requirement",
            Severity.WARNING,
            Place("requirements.txt", 0, 4, 1),
            "pandas accepts any version; installed: 2.1.4",
            "pandas",
            "2.1.4",
            fix=_pin("requirements.txt", 4, "pandas", "pandas==2.1.4"),
        ),
        Finding(
            "PIN002",
            "loose-requirement",
            Severity.NOTE,
            Place("requirements.txt", 0, 5, 1),
            "numpy accepts more than one version; installed: 1.26.2",
            "numpy",
            "1.26.2",
            ">=1.20",
            _pin("requirements.txt", 5, "numpy>=1.20", "numpy==1.26.2"),
        ),
        Finding(
            "DRF001",
            "version-drift",
            Severity.ERROR,
            Place("requirements.txt", 0, 9, 1),
            "pandas is installed in version 2.1.4, which pandas<2 does not allow; install another one",
            "pandas",
            "2.1.4",
            "<2",
        ),
        Finding(
            "COV001",
            "undeclared-import",
            Severity.WARNING,
            Place("nb/eda.ipynb", 3, 2, 1),
            "seaborn is imported here and in 2 more files, and declared nowhere; declare it",
            "seaborn",
            "0.13.0",
            fix=Fix(
                "declare seaborn in requirements.txt",
                Safety.SAFE,
                (Add("requirements.txt", "seaborn", "0.13.0"),),
                "seaborn==0.13.0",
            ),
            related=tuple(Related(Place(f"nb/{name}.ipynb", 1, 1, 1), "import seaborn") for name in "abcdefg"),
        ),
        Finding(
            "READ001",
            "unreadable-file",
            Severity.ERROR,
            Place("nb/lost.ipynb"),
            "not a notebook: the file is empty; restore or delete it",
        ),
    )
    prefix = "/home/ana/project/.venv"
    return Report(
        findings,
        scopes=(
            ScopeSummary(
                ".",
                ("environment.yml", "requirements.txt"),
                prefix,
                "VIRTUAL_ENV",
                ("nb/eda.ipynb", "nb/lost.ipynb", "run.py"),
            ),
            ScopeSummary("tools", (), "", "none found", ("tools/clean.py",)),
        ),
        environments=(EnvironmentSummary(prefix, "venv", "3.11.7", "VIRTUAL_ENV", 214),),
        notices=(
            Notice(Place("setup.py"), "it would have to be run to know what it requires"),
            *(Notice(Place(f"r/{name}.ipynb"), "its kernel's language is r") for name in "abcdef"),
        ),
        notebooks=8,
        scripts=2,
        declarations=2,
        imports=31,
        suppressed=1,
        locks=(
            LockSummary("uv.lock", "uv", "uv sync", "uv lock", "changed", 42, disagrees=True),
            LockSummary("conda-osx-64.lock", "conda", "conda create", "conda-lock", "unknown", 0, "made for osx-64"),
        ),
        table=(
            TableRow(
                ".", "pandas", ">=2.1", "2.1.4", "2.2.0", 3, ("nb/eda.ipynb", "nb/more.ipynb", "run.py"), "pandas"
            ),
            TableRow(".", "tools", "any", "https://git.example/tools@aaaaaaaaaaaa", "1.0 from file:///t (editable)", 0),
            TableRow("tools", "seaborn", "", "", "", 1, ("nb/eda.ipynb",), "seaborn"),
        ),
        details=_details(findings),
        version="1.2.3",
    )


def _details(findings: tuple[Finding, ...]) -> Details:
    """Return details of two rules, of the first pin, and of the cell that a finding stands in."""
    places = {Place("nb/eda.ipynb", 3, 2, 1): Place("nb/eda.ipynb", 0, 4231, 6)}
    fix = findings[1].fix
    assert fix
    edits = {fix: (FileEdit("requirements.txt", (4, 1), (4, 7), "pandas==2.1.4"),)}
    text = "Reports it.\n\n**What it does**\n\nReports\nit.\n"
    pages = (
        RulePage(Rule("COV001", "undeclared-import", "imported, declared nowhere", Severity.WARNING), text),
        RulePage(Rule("PIN001", "unpinned-requirement", "any version is accepted", Severity.WARNING), ""),
    )
    return Details(places, edits, pages)


@pytest.fixture
def golden(repository: Path) -> Callable[[str, str], None]:
    """Return a comparison with a golden file; ``ENVCHECK_WRITE_GOLDEN=1`` writes the file instead."""

    def compare(name: str, text: str) -> None:
        path = repository / "tests" / "golden" / name
        if os.environ.get("ENVCHECK_WRITE_GOLDEN"):
            path.write_bytes(text.encode())
        assert text == path.read_bytes().decode(), f"{name} differs; look, then write it with ENVCHECK_WRITE_GOLDEN=1"

    return compare
