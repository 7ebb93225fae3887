"""environment.yml and its relatives (CEP 24): what conda, mamba and conda-lock make environments of."""

from __future__ import annotations

from collections.abc import Sequence

from envcheck.model.changes import Change, Editing
from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading
from envcheck.model.starting import Start

NAME = "environment_yml"

_STEMS = frozenset(("env", "conda", "conda_env", "conda-env"))
_LOCKS = ("-lock", "_lock", ".lock", " lock")


def claims(path: str) -> bool:
    """Tell by its name whether a file describes a conda environment; one that ends in ``lock`` is a lock."""
    stem, _, ending = path.lower().rpartition("/")[2].rpartition(".")
    if ending not in ("yml", "yaml") or stem.endswith(_LOCKS):
        return False
    return "environment" in stem or stem in _STEMS


def read(file: RawFile) -> Reading[Declaration]:
    """Return what an environment file declares; a YAML file without ``dependencies`` is none and says nothing."""
    from envcheck.gather.declarations.environment_yml.reading import read_document

    return read_document(file)


def edit(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits that make the changes; what is added to the group ``pip`` comes below ``pip:``."""
    if not changes:
        return Editing()
    from envcheck.gather.declarations.environment_yml.editing import edit_document

    return edit_document(file, changes)


def begin(start: Start, text: str) -> str:  # noqa: ARG001 - only a new file is begun
    """Return what a new file says before anything is added to it."""
    from envcheck.gather.declarations.environment_yml.starting import head

    return head(start)
