"""setup.py: recognised, and said not to be read, since reading it means running it."""

from __future__ import annotations

from envcheck.model.declarations import Declaration
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading

NAME = "setup_py"


def claims(path: str) -> bool:
    """Tell by its name whether a file may be a setup script."""
    return path.rpartition("/")[2] == "setup.py"


def read(file: RawFile) -> Reading[Declaration]:
    """Return an empty declaration; when the file calls ``setup(``, it governs, and is said to be unread."""
    from envcheck.gather.documents.text import decode

    text = decode(file.data)
    before, call, _ = text.text.partition("setup(")
    if not call:
        return Reading(Declaration(file.path, NAME, governs=False, encoding=text.encoding))
    declaration = Declaration(file.path, NAME, encoding=text.encoding, unread=True)
    place = Place(file.path, 0, before.count("\n") + 1)
    remedy = "declare dependencies in pyproject.toml, which can be read without running anything"
    message = "setup.py is not read: it would have to be run"
    return Reading(declaration, (Problem(ProblemKind.NOT_READ, place, message, remedy),))
