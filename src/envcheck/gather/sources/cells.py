"""One cell, or one script, → the facts in it."""

from __future__ import annotations

from envcheck.gather.documents import magics
from envcheck.gather.documents.text import ignores
from envcheck.gather.sources import commands, imports, words
from envcheck.gather.sources.facts import Fact, WrittenFile
from envcheck.model.places import Place


def read(text: str, path: str, number: int = 0) -> list[Fact]:
    """Return the facts of a cell; ``number`` is 0 for a script, whose text is read as one cell."""
    if not words.may_tell(text):
        return []
    place = Place(path, number, 1)
    cell = magics.split(text)
    found: list[Fact] = []
    for fragment in cell.python:
        found += imports.read(fragment.text, Place(path, number, fragment.line))
    for command in cell.commands:
        found += commands.read(command, place)
        statement = commands.statement(command)
        if statement:
            found += imports.read(statement.text, Place(path, number, statement.line))
    if cell.writes:
        found.append(WrittenFile(cell.writes))
    found += ignores(text, path, number)
    return found
