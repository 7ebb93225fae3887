"""All dialects, in order of precedence: the first one that claims a file reads it.

Each of them knows its files by name; what it takes to read them is loaded with the first.
"""

from __future__ import annotations

from envcheck.gather.declarations import (
    environment_yml,
    lock_files,
    poetry_lock,
    pyproject,
    requirements_txt,
    setup_cfg,
    setup_py,
)
from envcheck.gather.declarations.base import Dialect

DIALECTS: tuple[Dialect, ...] = (
    poetry_lock,
    lock_files,
    pyproject,
    requirements_txt,
    environment_yml,
    setup_cfg,
    setup_py,
)


def dialect_for(path: str) -> Dialect | None:
    """Return the dialect of a file by its name, or ``None`` when the file declares nothing that is known."""
    if path.endswith(".ipynb"):  # as most files are that somebody asks about
        return None
    return next((dialect for dialect in DIALECTS if dialect.claims(path)), None)
