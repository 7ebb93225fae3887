"""Editable installs that work by an import hook: what the generated module maps, read from its syntax tree.

setuptools writes ``MAPPING = {"package": "/path"}``, the ``editables`` library (hatchling, pdm) calls
``map_module(name, path)``, scikit-build-core and meson-python call ``install({…}, …)`` with the modules as keys of a
table or members of a set.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

_HOOKS = ("install", "map_module")


def mapped_modules(source: str) -> frozenset[str]:
    """Return the dotted names of the modules that a generated finder serves; none for what is no such module."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    return frozenset(name for node in tree.body for name in _served(node) if _is_dotted_name(name))


def _served(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.Assign(targets=[ast.Name(id="MAPPING")], value=value):
            yield from _names(value)
        case ast.AnnAssign(target=ast.Name(id="MAPPING"), value=ast.expr() as value):
            yield from _names(value)
        case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments)):
            if name in _HOOKS:
                for argument in arguments[: 1 if name == "map_module" else 2]:
                    yield from _names(argument, alone=name == "map_module")


def _names(value: ast.expr, *, alone: bool = False) -> Iterator[str]:
    match value:
        case ast.Dict(keys=members) | ast.Set(elts=members):
            for member in members:
                if isinstance(member, ast.Constant) and isinstance(member.value, str):
                    yield member.value
        case ast.Constant(value=str(name)) if alone:
            yield name


def _is_dotted_name(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def link_target(text: str) -> str:
    """Return the folder that an ``.egg-link`` file points to: its first line that is not empty."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
