"""All dialects, in order of precedence: the first one that claims a file reads it.

Each of them knows its files by name; what it takes to read them is loaded with the first.
"""

from __future__ import annotations

from envcheck.gather.declarations import (
    conda_explicit,
    conda_lock,
    environment_yml,
    inline_script,
    pdm_lock,
    pipfile,
    pipfile_lock,
    pixi_lock,
    pixi_toml,
    poetry_lock,
    pylock,
    pyproject,
    requirements_txt,
    setup_cfg,
    setup_py,
    uv_lock,
)
from envcheck.gather.declarations.base import Dialect, Editor, FileEditor, Starter

DIALECTS: tuple[Dialect, ...] = (
    uv_lock,
    poetry_lock,
    pdm_lock,
    pipfile,
    pipfile_lock,
    pylock,
    conda_lock,
    conda_explicit,
    pixi_lock,
    pixi_toml,
    pyproject,
    requirements_txt,
    environment_yml,
    setup_cfg,
    setup_py,
)

EDITORS: tuple[Editor, ...] = (
    pipfile,
    pixi_toml,
    pyproject,
    requirements_txt,
    environment_yml,
    setup_cfg,
    inline_script,
)
"""The dialects whose files may be written."""

STARTERS: dict[str, Starter] = {
    "requirements.txt": requirements_txt,
    "environment.yml": environment_yml,
    "pyproject.toml": pyproject,
}
"""The files in which a project may begin to declare what it needs."""


def dialect_for(path: str) -> Dialect | None:
    """Return the dialect of a file by its name, or ``None`` when the file declares nothing that is known."""
    # As most files are that somebody asks about.
    if path.endswith((".ipynb", ".py")) and not path.endswith("setup.py"):
        return None
    return next((dialect for dialect in DIALECTS if dialect.claims(path)), None)


def editor_for(path: str) -> FileEditor | None:
    """Return what writes a file, or ``None`` when its files are not written."""
    if path.endswith((".ipynb", ".py")) and not path.endswith("setup.py"):
        from envcheck.gather.declarations import source_edits  # which takes more modules than a check needs

        return source_edits
    dialect = dialect_for(path)
    return next((editor for editor in EDITORS if editor is dialect), None)
