"""conda-lock.yml (CEP 37), what conda-lock renders of it as YAML, and exported environments that are called locks."""

from __future__ import annotations

import re

from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading

NAME = "conda_lock"

# conda-lock's own names: conda-lock.yml, NAME.conda-lock.yml, conda-linux-64.lock.yml (--kind env).
_NAMES = re.compile(r"(?:.*[-_.])?(?:conda|environment|env)[-_.]lock\.ya?ml|conda-.*\.lock\.ya?ml")


def claims(path: str) -> bool:
    """Tell by its name whether a file is a lock in YAML for conda."""
    return _NAMES.fullmatch(path.lower().rpartition("/")[2]) is not None


def read(file: RawFile) -> Reading[Declaration]:
    """Return what a lock holds for all its platforms; what it is, its content decides."""
    from envcheck.gather.declarations.conda_lock.reading import read_document

    return read_document(file)
