"""The block of a script or of juv's notebook (PEP 723) as the declaration of that one source."""

from __future__ import annotations

from collections.abc import Sequence

from envcheck.model.changes import Change, Editing
from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading
from envcheck.model.usage import InlineScript

NAME = "inline_script"


def read_block(block: InlineScript) -> Reading[Declaration]:
    """Return what a block declares, each requirement at its place in the source."""
    from envcheck.gather.declarations.inline_script import reading

    return reading.read_block(block)


def edit(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits of a script's block, or of that in a notebook's cell, and the changes that are refused."""
    from envcheck.gather.declarations.inline_script import editing

    return editing.edit(file, changes)
