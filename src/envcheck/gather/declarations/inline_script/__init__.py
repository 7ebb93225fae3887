"""The block of a script or of juv's notebook (PEP 723) as the declaration of that one source."""

from __future__ import annotations

from collections.abc import Sequence

from envcheck.model.changes import Change, Editing
from envcheck.model.declarations import Declaration
from envcheck.model.places import Place
from envcheck.model.readings import RawFile, Reading
from envcheck.model.usage import InlineScript

NAME = "inline_script"


def claims(path: str) -> bool:
    """Tell by its name whether a file is a script, which may hold a block."""
    return path.endswith(".py") and path.rpartition("/")[2] != "setup.py"


def read(file: RawFile) -> Reading[Declaration]:
    """Return what the block of a script declares; a script without one declares nothing."""
    from envcheck.gather.documents.script_block import find
    from envcheck.gather.documents.text import decode

    block = find(decode(file.data).text, Place(file.path, 0, 1))
    return read_block(block) if block else Reading(Declaration(file.path, NAME, governs=False))


def read_block(block: InlineScript) -> Reading[Declaration]:
    """Return what a block declares, each requirement at its place in the source."""
    from envcheck.gather.declarations.inline_script.reading import read_toml

    return read_toml(block)


def edit(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits that make the changes in the block of a script, or of a notebook's cell."""
    if not changes:
        return Editing()
    from envcheck.gather.declarations.inline_script.editing import edit_file

    return edit_file(file, changes)
