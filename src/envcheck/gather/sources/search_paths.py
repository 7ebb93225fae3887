"""The folders that code adds to ``sys.path``, as far as its text tells them."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator

from envcheck.gather.sources.calls import called, calls
from envcheck.gather.sources.facts import SearchPath

_ADDING = {"append": 0, "insert": 1, "addsitedir": 0}
_KEEPING = frozenset(("abspath", "realpath", "normpath", "resolve", "absolute", "str", "fspath", "as_posix"))
_JOINING = frozenset(("join", "joinpath", "Path", "PurePath", "PosixPath"))
_HERE = frozenset(("getcwd", "cwd"))
_CONSTANTS = {"pardir": "..", "curdir": "."}
_OPEN = SearchPath("")


class Folders:
    """Follows the names that hold folders through one text; ``path`` is that of the source, for ``__file__``."""

    def __init__(self, path: str) -> None:
        self._names: dict[str, str | None] = {"__file__": posixpath.basename(path)}

    def added(self, statement: ast.stmt) -> Iterator[SearchPath]:
        """Yield what a statement adds; must see the statements in their order."""
        try:
            yield from list(self._added(statement))
        except RecursionError:  # a sum of a thousand parts
            yield _OPEN

    def _added(self, statement: ast.stmt) -> Iterator[SearchPath]:
        for call in calls(statement):
            yield from self._added_by_call(call)
        if isinstance(statement, ast.AugAssign) and _is_search_path(statement.target):
            yield from self._each(statement.value)
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    self._names[target.id] = self._folder(statement.value)
                elif _is_search_path(target.value if isinstance(target, ast.Subscript) else target):
                    yield from self._each(statement.value)

    def _added_by_call(self, call: ast.Call) -> Iterator[SearchPath]:
        name = called(call)
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        if name != "addsitedir" and (owner is None or not _is_search_path(owner)):
            return
        if name == "extend" and call.args:
            yield from self._each(call.args[0])
        elif name in _ADDING:
            position = _ADDING[name]
            yield self._one(call.args[position]) if position < len(call.args) else _OPEN

    def _one(self, expression: ast.expr) -> SearchPath:
        folder = self._folder(expression)
        return _OPEN if folder is None else SearchPath(posixpath.normpath(folder.replace("\\", "/")))

    def _each(self, expression: ast.expr) -> Iterator[SearchPath]:
        """Yield the folders of a list, or of a sum of lists and ``sys.path`` itself."""
        if isinstance(expression, (ast.List, ast.Tuple)):
            yield from map(self._one, expression.elts)
        elif isinstance(expression, ast.BinOp) and isinstance(expression.op, ast.Add):
            yield from self._each(expression.left)
            yield from self._each(expression.right)
        elif not _is_search_path(expression.value if isinstance(expression, ast.Subscript) else expression):
            yield _OPEN

    def _folder(self, expression: ast.expr) -> str | None:
        """Return the path that an expression means, relative to the source's folder, or ``None``."""
        folder = None
        match expression:
            case ast.Constant(value=str(text)):
                folder = text
            case ast.Name(id=name):
                folder = self._names.get(name)
            case ast.Attribute(value=inner, attr="parent"):
                folder = _parent(self._folder(inner))
            case ast.Attribute(attr=name):
                folder = _CONSTANTS.get(name)
            case ast.Subscript(value=ast.Attribute(value=inner, attr="parents"), slice=ast.Constant(value=int(levels))):
                folder = _parent(self._folder(inner), levels + 1)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                folder = self._joined([left, right])
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                folder = _concatenated(self._folder(left), self._folder(right))
            case ast.Call():
                folder = self._called(expression)
        return folder

    def _called(self, call: ast.Call) -> str | None:
        name = called(call)
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        if name in _HERE:
            return "."
        if name == "dirname" and call.args:
            return _parent(self._folder(call.args[0]))
        if name in _KEEPING:
            subject = call.args[0] if call.args else owner
            return self._folder(subject) if subject else None
        if name in _JOINING and not isinstance(owner, ast.Constant):
            return self._joined([owner, *call.args] if name == "joinpath" and owner else call.args)
        return None

    def _joined(self, expressions: list[ast.expr]) -> str | None:
        parts = [self._folder(expression) for expression in expressions]
        known = [part for part in parts if part is not None]
        return posixpath.join("", *known) if len(known) == len(parts) else None


def _is_search_path(expression: ast.expr) -> bool:
    return (
        isinstance(expression, ast.Attribute)
        and expression.attr == "path"
        and isinstance(expression.value, ast.Name)
        and expression.value.id == "sys"
    )


def _parent(folder: str | None, levels: int = 1) -> str | None:
    if folder is None or not 0 < levels < 20:
        return None
    return posixpath.normpath(posixpath.join(folder, *[".."] * levels))


def _concatenated(left: str | None, right: str | None) -> str | None:
    return None if left is None or right is None else left + right
