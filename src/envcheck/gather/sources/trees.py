"""Python text → what its syntax tree imports, adds to ``sys.path`` and hands to IPython."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envcheck.gather.documents.python_syntax import UNPARSABLE, as_entered, parse, problem
from envcheck.gather.sources import calls, guards, search_paths, words
from envcheck.gather.sources.facts import Fact
from envcheck.model.places import Place
from envcheck.model.usage import Import, ImportKind


def read(text: str, place: Place) -> list[Fact]:
    """Return what Python text uses; ``place`` is that of its first line.

    Text that does not parse is a problem, and its imports are rescued statement by statement.
    """
    text = as_entered(text)
    found: list[Fact] = []
    try:
        trees = [(0, parse(text))]
    except UNPARSABLE as error:
        # Loaded for broken code only.
        from envcheck.gather.sources import rescue

        found.append(problem(error, place))
        trees = list(rescue.trees(text))
    for offset, tree in trees:
        found += _uses(tree, text, Place(place.path, place.cell, place.line + offset))
    return found


def _uses(tree: ast.Module, text: str, place: Place) -> Iterator[Fact]:
    with_calls, with_folders = words.may_call(text), words.may_add_folder(text)
    folders = search_paths.Folders(place.path)
    for statement, kind in guards.statements(tree):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            yield from _imports(statement, kind, Place(place.path, place.cell, place.line + statement.lineno - 1))
            continue
        if with_calls:
            yield from calls.read(statement, kind, place)
        if with_folders:
            yield from folders.added(statement)


def _imports(statement: ast.Import | ast.ImportFrom, kind: ImportKind, place: Place) -> Iterator[Import]:
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            yield Import(alias.name, place, kind)
    elif statement.module and not statement.level:
        names = tuple(alias.name for alias in statement.names if alias.name != "*")
        yield Import(statement.module, place, kind, names)
