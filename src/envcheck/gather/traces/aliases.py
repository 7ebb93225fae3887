"""What the names of a notebook are bound to by its imports: ``np`` → ``numpy``, as the cells stand."""

from __future__ import annotations

import ast
import re
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping

from envcheck.gather.documents import magics
from envcheck.gather.documents.python_syntax import UNPARSABLE, as_entered, parse

_PYTHON_2_PRINT = re.compile(r"(?m)^([ \t]*)print[ \t]+(?![(=\s])(.*)$")
_LONGEST = 200_000
"""Characters: a cell that is longer holds data and no program."""


def trees(text: str) -> Iterator[ast.Module]:
    """Yield the syntax trees of a cell's Python, Python 2's ``print x`` understood; none of what does not parse."""
    if len(text) > _LONGEST:
        return
    for fragment in magics.split(text).python:
        code = as_entered(fragment.text)
        tree = _parsed(code) or _parsed(_PYTHON_2_PRINT.sub(r"\1print(\2)", code))
        if tree:
            yield tree


def _parsed(code: str) -> ast.Module | None:
    try:
        return parse(code)
    except UNPARSABLE:
        return None


def bindings(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield the names that a tree's imports bind, with the dotted modules, or members of such, that they mean."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def meanings(cells: Iterable[str]) -> tuple[list[Mapping[str, str]], frozenset[str]]:
    """Return for each cell what its names mean, and the top-level modules that the cells import.

    A cell's own imports count first. A name that several cells bind differently means nothing elsewhere: cells may
    have run in any order.
    """
    own: list[dict[str, set[str]]] = []
    everywhere: dict[str, set[str]] = {}
    for text in cells:
        bound: dict[str, set[str]] = {}
        for name, meaning in _bound(text):
            bound.setdefault(name, set()).add(meaning)
            everywhere.setdefault(name, set()).add(meaning)
        own.append(bound)
    tops = {meaning.partition(".")[0] for found in everywhere.values() for meaning in found}
    shared = _single(everywhere)
    return [ChainMap(_single(bound), shared) if bound else shared for bound in own], frozenset(tops)


def _bound(text: str) -> Iterator[tuple[str, str]]:
    if "import" in text:
        for tree in trees(text):
            yield from bindings(tree)


def _single(found: Mapping[str, set[str]]) -> dict[str, str]:
    return {name: next(iter(meanings)) for name, meanings in found.items() if len(meanings) == 1}
