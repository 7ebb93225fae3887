"""What is for developers alone: groups of requirements, and code that is not shipped."""

from __future__ import annotations

import re

from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.usage import Source, SourceKind

_GROUP_WORDS = """
    bench benchmark benchmarks build check checks ci commit cov coverage debug dev develop developer development doc
    docs documentation example examples fmt format formatting lint linters linting maintenance mypy nox precommit qa
    quality release style test testing tests tox tutorial tutorials type typecheck types typing typos
"""
_FOLDER_NAMES = """
    bench benchmark benchmarks ci contrib doc docs example examples scripts test testing tests tools tutorial tutorials
"""
_GROUPS = frozenset(_GROUP_WORDS.split())
_FOLDERS = frozenset(_FOLDER_NAMES.split())
_FILES = frozenset({"conftest.py", "dodo.py", "fabfile.py", "noxfile.py", "setup.py", "tasks.py"})
# Compiled with the first use, since few runs need it.
_TEST_FILE = r"test_.*\.py|.*_test\.py|tests?\.py"
_NO_LETTERS = re.compile(r"[^a-z]+")


def is_development(group: str) -> bool:
    """Tell whether a group (extra, dependency group, suffix of a file name) is for developers."""
    return any(word in _GROUPS for word in _NO_LETTERS.split(group.lower()))


def is_shipped(evidence: Evidence, source: Source) -> bool:
    """Tell whether a source is what the project is for.

    Tests, documentation, examples and scripts are not, nor are notebooks where a declaration describes a distribution.
    """
    *folders, name = source.path.split("/")
    if source.kind is SourceKind.NOTEBOOK and any(declaration.project for declaration in evidence.declarations):
        return False
    if name in _FILES or re.fullmatch(_TEST_FILE, name):
        return False
    return not any(folder.lower() in _FOLDERS or folder.startswith(".") for folder in folders)
