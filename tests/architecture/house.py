"""The house as the architecture tests see it: its modules, parsed, by room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "envcheck"


@dataclass(frozen=True)
class Module:
    """One module of the package; ``room`` is its path inside the package, as in ``gather/documents/text.py``."""

    room: str

    @property
    def text(self) -> str:
        """The source text."""
        return (SOURCE / self.room).read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text)

    @property
    def dotted(self) -> str:
        """The name it is imported by."""
        return ".".join(["envcheck", *self.room.removesuffix(".py").removesuffix("/__init__").split("/")])

    def defines(self, name: str) -> bool:
        """Tell whether a function or constant of this name stands at the top of the module."""
        tops = [node for node in self.tree.body if isinstance(node, ast.FunctionDef | ast.Assign | ast.AnnAssign)]
        return any(name in _names(node) for node in tops)

    def is_in(self, *rooms: str) -> bool:
        """Tell whether the module lies in one of these rooms."""
        return self.room.startswith(tuple(f"{room}/" for room in rooms))

    def imported(self) -> Iterator[tuple[str, int]]:
        """Yield every imported name with its line; ``from x import y`` yields ``x.y``, for ``y`` may be a module."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _names(node: ast.FunctionDef | ast.Assign | ast.AnnAssign) -> list[str]:
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


MODULES = [Module(path.relative_to(SOURCE).as_posix()) for path in sorted(SOURCE.rglob("*.py"))]


def is_under(name: str, *parents: str) -> bool:
    """Tell whether a dotted name is one of the parents or lies under one."""
    return any(name == parent or name.startswith(f"{parent}.") for parent in parents)
