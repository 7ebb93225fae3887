"""One cell, or one script, → the facts in it."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.gather.documents import magics
from envcheck.gather.documents.text import ignores
from envcheck.gather.sources import commands, imports
from envcheck.gather.sources.facts import Fact, WrittenFile
from envcheck.model.places import Place


def read(text: str, path: str, number: int = 0) -> Iterator[Fact]:
    """Yield the facts of a cell; ``number`` is 0 for a script, whose text is read as one cell."""
    place = Place(path, number, 1)
    cell = magics.split(text)
    for fragment in cell.python:
        yield from imports.read(fragment.text, Place(path, number, fragment.line))
    for command in cell.commands:
        yield from commands.read(command, place)
        statement = commands.statement(command)
        if statement:
            yield from imports.read(statement.text, Place(path, number, statement.line))
    if cell.writes:
        yield WrittenFile(cell.writes)
    yield from ignores(text, path, number)
