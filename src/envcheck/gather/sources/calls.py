"""Calls with literal arguments that import a module or hand a command to IPython."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envcheck.gather.documents.magics import Command
from envcheck.gather.sources import commands
from envcheck.gather.sources.facts import Fact, is_module_name
from envcheck.model.places import Place
from envcheck.model.usage import Import, ImportKind

_IMPORTING = frozenset(("import_module", "__import__"))
_SIGNS = {"system": "!", "getoutput": "!", "magic": "%", "run_line_magic": "%"}


def read(statement: ast.stmt, kind: ImportKind, place: Place) -> Iterator[Fact]:
    """Yield what the calls in a statement use; ``place`` is that of the first line of the text."""
    for call in calls(statement):
        name = called(call)
        if name in _IMPORTING:
            yield from _dynamic_import(call, kind, place)
        elif name in _SIGNS and isinstance(call.func, ast.Attribute) and _is_shell(call.func.value):
            command = _command(_SIGNS[name], call.args)
            if command:
                yield from commands.read(command, place)


def calls(statement: ast.stmt) -> Iterator[ast.Call]:
    """Yield the calls in a statement, without those of the statements inside it."""
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            yield from (node for node in ast.walk(child) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    """Return the last part of the name that is called, or empty text."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _dynamic_import(call: ast.Call, kind: ImportKind, place: Place) -> Iterator[Import]:
    module = call.args[0] if call.args else None
    if isinstance(module, ast.Constant) and isinstance(module.value, str) and is_module_name(module.value):
        kind = ImportKind.DYNAMIC if kind is ImportKind.PLAIN else kind
        yield Import(module.value, place._replace(line=place.line + call.lineno - 1), kind)


def _is_shell(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Call) and called(expression) == "get_ipython"


def _command(sign: str, arguments: list[ast.expr]) -> Command | None:
    """Return the command of ``get_ipython().system("…")``; its column is 0 when the literal does not show it."""
    texts = [node.value for node in arguments if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    if not texts or len(texts) != len(arguments):
        return None
    last, text = arguments[-1], " ".join(texts)
    width = len(texts[-1].encode("utf-8", "replace")) + len("''")
    plain = last.lineno == last.end_lineno and last.end_col_offset == last.col_offset + width
    column = last.col_offset + 2 - (len(text) - len(texts[-1])) if plain else 0
    return Command(sign, text, last.lineno, column)
