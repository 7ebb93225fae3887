"""requirements.txt and its relatives: ``requirements*.txt|in``, ``requirements/*.txt``, ``constraints*.txt``.

Here stands what a file's name tells; the reading of its text is loaded with the first file.
"""

from __future__ import annotations

from collections.abc import Sequence

from envcheck.model.changes import Change, Editing
from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading
from envcheck.model.requirements import Role
from envcheck.model.starting import Start

NAME = "requirements_txt"

_ENDINGS = (".txt", ".in")
_REQUIREMENTS = "requirements"
_RELATIVES = ("requirement", "reqs")
_CONSTRAINTS = "constraints"
_FOR_EVERYBODY = frozenset(("base", "main", "prod", "production", "common"))


def claims(path: str) -> bool:
    """Tell by its name whether a file is in the grammar of requirements files."""
    if not path.lower().endswith(_ENDINGS):
        return False
    folder, stem = _named(path)
    return folder == _REQUIREMENTS or _holds_requirements(stem) or _holds_constraints(stem)


def read(file: RawFile) -> Reading[Declaration]:
    """Return what a requirements file declares; a file of constraints by its name declares nothing but limits."""
    _, stem = _named(file.path)
    return read_as(file, Role.CONSTRAINT if _holds_constraints(stem) else Role.DECLARED)


def read_as(file: RawFile, role: Role) -> Reading[Declaration]:
    """Return what a file of any name says: another one names it by ``-r`` (declared) or ``-c`` (constraint)."""
    from envcheck.gather.declarations.requirements_txt.reading import read_lines

    return read_lines(file, role, "" if role is Role.CONSTRAINT else group_of(file.path))


def edit(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits that make the changes; files that a compiler wrote and hashed ones are left alone."""
    if not changes:
        return Editing()
    from envcheck.gather.declarations.requirements_txt.editing import edit_lines

    return edit_lines(file, changes)


def begin(start: Start, text: str) -> str:  # noqa: ARG001 - only a new file is begun
    """Return what a new file says before anything is added to it."""
    from envcheck.gather.declarations.requirements_txt.starting import head

    return head(start)


def _named(path: str) -> tuple[str, str]:
    """Return the folder's name and the file's name without its endings, in lower case."""
    folder, _, name = path.lower().rpartition("/")
    while name.endswith(_ENDINGS):
        name = name.rpartition(".")[0]
    return folder.rpartition("/")[2], name


def _holds_requirements(stem: str) -> bool:
    return stem.startswith(_REQUIREMENTS) or stem.endswith(_REQUIREMENTS) or stem in _RELATIVES


def _holds_constraints(stem: str) -> bool:
    return stem.startswith(_CONSTRAINTS) or stem.endswith(tuple(mark + _CONSTRAINTS for mark in "-_."))


def group_of(path: str) -> str:
    """Return the group that a file's name tells: ``requirements-dev.txt``, ``requirements/dev.txt`` → ``dev``."""
    folder, stem = _named(path)
    if stem in _RELATIVES:
        return ""
    if _holds_requirements(stem):
        stem = stem.removeprefix(_REQUIREMENTS) if stem.startswith(_REQUIREMENTS) else stem.removesuffix(_REQUIREMENTS)
    elif folder != _REQUIREMENTS:
        return ""
    group = stem.strip("-_. ")
    return "" if group in _FOR_EVERYBODY else group
