"""How much an import matters, as the statements around it tell."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from envcheck.model.usage import ImportKind

# Parents of ModuleNotFoundError: whoever catches one of them goes on without the module.
_CATCHING = frozenset(("ImportError", "ModuleNotFoundError", "Exception", "BaseException"))
_SIMPLE = frozenset(
    (ast.Import, ast.ImportFrom, ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Raise, ast.Pass)
)
_Block = tuple[list[ast.stmt], ImportKind]


def statements(tree: ast.Module) -> Iterator[tuple[ast.stmt, ImportKind]]:
    """Yield every statement of a module in the order of the text, with the kind that an import has there."""
    stack = [(statement, ImportKind.PLAIN) for statement in reversed(tree.body)]
    while stack:
        statement, kind = stack.pop()
        yield statement, kind
        if type(statement) not in _SIMPLE:
            for body, inner in reversed(list(_blocks(statement, kind))):
                stack.extend((child, inner) for child in reversed(body))


def _blocks(statement: ast.stmt, kind: ImportKind) -> Iterator[_Block]:
    """Yield the blocks of a compound statement."""
    if isinstance(statement, ast.If):
        yield from _branches(statement, kind)
    elif isinstance(statement, (ast.With, ast.AsyncWith)):
        yield statement.body, _guarded(kind) if any(map(_suppresses, statement.items)) else kind
    elif isinstance(statement, ast.Match):
        for case in statement.cases:
            yield case.body, kind
    elif hasattr(statement, "handlers"):
        yield from _attempts(statement, kind)
    else:
        yield getattr(statement, "body", []), kind
        yield getattr(statement, "orelse", []), kind


def _branches(statement: ast.If, kind: ImportKind) -> Iterator[_Block]:
    test = statement.test
    negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    typing_only = _name(test.operand if isinstance(test, ast.UnaryOp) else test) == "TYPE_CHECKING"
    yield statement.body, ImportKind.TYPE_ONLY if typing_only and not negated else kind
    yield statement.orelse, ImportKind.TYPE_ONLY if typing_only and negated else kind


def _attempts(statement: ast.stmt, kind: ImportKind) -> Iterator[_Block]:
    """Yield the blocks of ``try``; what a handler of ImportError imports is an alternative, so guarded as well."""
    handlers: list[ast.ExceptHandler] = getattr(statement, "handlers", [])
    catching = [handler for handler in handlers if handler.type is None or _catches(handler.type)]
    yield getattr(statement, "body", []), _guarded(kind) if catching else kind
    for handler in handlers:
        yield handler.body, _guarded(kind) if handler in catching else kind
    yield getattr(statement, "orelse", []), kind
    yield getattr(statement, "finalbody", []), kind


def _guarded(kind: ImportKind) -> ImportKind:
    return ImportKind.GUARDED if kind is ImportKind.PLAIN else kind


def _catches(expression: ast.expr) -> bool:
    if isinstance(expression, ast.Tuple):
        return any(_name(element) in _CATCHING for element in expression.elts)
    return _name(expression) in _CATCHING


def _suppresses(context: ast.withitem) -> bool:
    call = context.context_expr
    return isinstance(call, ast.Call) and _name(call.func) == "suppress" and any(map(_catches, call.args))


def _name(expression: ast.expr) -> str:
    """Return the last part of a dotted name."""
    if isinstance(expression, ast.Attribute):
        return expression.attr
    return expression.id if isinstance(expression, ast.Name) else ""
