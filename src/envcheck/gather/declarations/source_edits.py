"""Notebooks and scripts hold two dialects, install lines and a block: each makes the changes that are its own."""

from __future__ import annotations

from collections.abc import Sequence

from envcheck.gather.declarations import inline_script, notebook_install
from envcheck.model.changes import Add, Change, Editing, IntoKernel
from envcheck.model.readings import RawFile


def edit(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits of a source that make the changes, and those that are refused; additions go to the block."""
    first = inline_script.edit(file, [change for change in changes if _is_of_block(change)])
    second = notebook_install.edit(file, [change for change in changes if not _is_of_block(change)])
    return Editing(tuple(sorted((*first.edits, *second.edits))), (*first.refusals, *second.refusals))


def _is_of_block(change: Change) -> bool:
    match change:
        case Add():
            return True
        case IntoKernel():
            return False
        case _:
            return change.requirement.dialect == inline_script.NAME
