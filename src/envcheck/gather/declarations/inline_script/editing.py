"""Changes to a block → edits of the script, or of the notebook's cell, that holds it."""

from __future__ import annotations

from collections.abc import Sequence

from envcheck.gather.documents.cell_texts import CHANGED, CellText, edit_cells
from envcheck.gather.documents.respec import pep508_pin
from envcheck.model.changes import Add, Change, Edit, Editing, Pin, Refusal, Replace
from envcheck.model.readings import RawFile

_BY_TOOL = ("adding to the block or taking from it is its tool's to do", "uv add --script, uv remove --script, juv add")


def edit(file: RawFile, changes: Sequence[Change]) -> Editing:
    """Return the edits of a script's block, or of that in a notebook's cell, and the changes that are refused."""
    if not changes:
        return Editing()
    additions = tuple(Refusal(change, *_BY_TOOL) for change in changes if isinstance(change, Add))
    found = edit_cells(file, (change for change in changes if not isinstance(change, Add)), _edit_cell)
    return Editing(found.edits, (*additions, *found.refusals))


def _edit_cell(cell: CellText, changes: Sequence[Change]) -> Editing:
    """Return the edits of the text of a source, or of one cell of it."""
    edits: dict[int, Edit] = {}
    refusals: list[Refusal] = []
    for change in changes:
        made = _edit(cell, change)
        if isinstance(made, Edit) and made.start in edits:
            refusals.append(Refusal(change, "another change is about the same entry", "make one after the other"))
        elif isinstance(made, Edit):
            edits[made.start] = made
        elif made:
            refusals.append(made)
    return Editing(tuple(edits.values()), tuple(refusals))


def _edit(cell: CellText, change: Change) -> Edit | Refusal | None:
    if not isinstance(change, (Pin, Replace)):
        return Refusal(change, *_BY_TOOL)
    requirement = change.requirement
    start = cell.offset(requirement.place.line, requirement.place.column)
    stop = start + len(requirement.raw)
    if start < 1 or not requirement.raw or cell.text[start:stop] != requirement.raw:
        return Refusal(change, *CHANGED)
    wanted = change.text if isinstance(change, Replace) else _pinned(change)
    if isinstance(wanted, Refusal):
        return wanted
    # A plain string of TOML holds what needs no escape in either sort of quotes.
    if not wanted.isprintable() or cell.text[start - 1] in wanted or "\\" in wanted:
        return Refusal(change, "its quotes hold no such text", "write it by hand")
    return Edit(start, stop, wanted) if wanted != requirement.raw else None


def _pinned(change: Pin) -> str | Refusal:
    """Return what a requirement reads when it is pinned."""
    requirement = change.requirement
    if requirement.direct:
        return Refusal(change, "comes from a URL, a repository or a path", "name a commit or a hash there")
    raw = requirement.raw
    if requirement.name == "python":
        edit: Edit | None = Edit(0, len(raw), change.wanted)
    else:
        edit = pep508_pin(raw, change.wanted)
    if edit is None:
        return Refusal(change, f"there is no place for {change.wanted} in it", "write it by hand")
    if "".join(raw[edit.start : edit.stop].split()) == "".join(edit.text.split()):
        return raw
    return raw[: edit.start] + edit.text + raw[edit.stop :]
