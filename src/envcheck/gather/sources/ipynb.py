"""Jupyter notebooks: each code cell is read on its own, so that a bad one loses only itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from envcheck.gather.documents import script_block
from envcheck.gather.documents.notebook_languages import language_of
from envcheck.gather.sources import cells
from envcheck.gather.sources.facts import Claims, Fact, assemble
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading
from envcheck.model.stamps import KEY
from envcheck.model.usage import InlineScript, Source, SourceKind

if TYPE_CHECKING:
    from envcheck.gather.documents.notebook_json import CodeCell, Notebook
    from envcheck.gather.documents.stamp_reading import StampReading

NAME = "ipynb"


def claims(path: str) -> bool:
    """Tell whether a file is a notebook, by its name."""
    return path.endswith(".ipynb")


def read(file: RawFile) -> Reading[Source]:
    """Return what the Python cells of a notebook use; a notebook of another language is said to be not read."""
    # Brings msgspec along, which a run without notebooks does without.
    from envcheck.gather.documents import notebook_json

    document = notebook_json.read(file)
    notebook = document.value
    language = language_of(notebook.languages, notebook.kernel.name if notebook.kernel else "")
    block = _block(notebook.code, file.path) if language == "python" else None
    claimed = Claims(language, notebook.kernel, notebook.python, notebook.cells, block, notebook.lock)

    facts: list[Fact] = list(document.problems)
    if notebook.stamp or notebook.conflicts:
        stamped = _stamp(file, notebook)
        stamp = stamped.stamp if notebook.stamp else None
        claimed = replace(claimed, stamp=stamp, stamp_leftovers=stamped.leftovers)
        facts += stamped.problems
    if language == "python":
        for cell in notebook.code:
            facts += cells.read(cell.text, file.path, cell.number)
    else:
        facts.append(Problem(ProblemKind.NOT_READ, Place(file.path), f"is a notebook in {language}: not read"))
    return assemble(file.path, SourceKind.NOTEBOOK, claimed, facts)


def _stamp(file: RawFile, notebook: Notebook) -> StampReading:
    """Return the stamp of a notebook, with what a merge has left of it in other places."""
    # Few notebooks have a stamp or a conflict, and what reads it takes its time to load.
    from envcheck.gather.documents import notebook_metadata
    from envcheck.gather.documents.stamp_reading import read_stamp

    found = read_stamp(notebook.stamp or b"{}", file.path)
    leftovers = list(found.leftovers)
    if f'"{KEY}"'.encode() in notebook.conflicts:
        leftovers.append("what nbdime could not merge (nbdime-conflicts)")
    if file.data.count(f'"{KEY}"'.encode()) > 1:
        try:
            notebook_metadata.value_of(file.data, KEY)
        except notebook_metadata.NotebookError as error:
            leftovers += [error.reason] if KEY in error.reason else []
    problems = found.problems if notebook.stamp else ()
    return replace(found, leftovers=tuple(leftovers), problems=problems)


def _block(code: Iterable[CodeCell], path: str) -> InlineScript | None:
    """Return the block of the first cell that has one, which is the one that juv takes (juv 0.5 _lock.py)."""
    for cell in code:
        # Nearly no cell has one: a call for each would take longer than the search.
        if script_block.OPENING in cell.text:
            block = script_block.find(cell.text, Place(path, cell.number, 1))
            if block:
                return block
    return None
