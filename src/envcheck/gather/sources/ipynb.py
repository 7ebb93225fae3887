"""Jupyter notebooks: each code cell is read on its own, so that a bad one loses only itself."""

from __future__ import annotations

from envcheck.gather.sources import cells
from envcheck.gather.sources.facts import Claims, Fact, assemble
from envcheck.gather.sources.languages import language_of
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading
from envcheck.model.usage import Source, SourceKind

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
    claimed = Claims(language, notebook.kernel, notebook.python, notebook.cells)

    facts: list[Fact] = list(document.problems)
    if language == "python":
        for cell in notebook.code:
            facts += cells.read(cell.text, file.path, cell.number)
    else:
        facts.append(Problem(ProblemKind.NOT_READ, Place(file.path), f"is a notebook in {language}: not read"))
    return assemble(file.path, SourceKind.NOTEBOOK, claimed, facts)
