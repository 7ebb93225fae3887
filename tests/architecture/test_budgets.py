"""The budgets of the house style that no linter of ours counts."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from tests.architecture.house import MODULES, Module

MODULE_LINES = 300
FUNCTION_LINES = 40


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.room)
def test_module_and_its_functions_stay_small(module: Module) -> None:
    assert len(module.text.splitlines()) <= MODULE_LINES
    functions = [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    lengths = [(function.name, (function.end_lineno or 0) - function.lineno + 1) for function in functions]
    assert [(name, length) for name, length in lengths if length > FUNCTION_LINES] == []


def test_engine_stays_small() -> None:
    engine = [module for module in MODULES if module.is_in("engine") and not module.room.endswith("__init__.py")]
    rooms = Counter(module.room.rpartition("/")[0] for module in engine)
    assert max(rooms.values()) <= 10
    assert [module.room for module in engine if len(module.text.splitlines()) > 250] == []
