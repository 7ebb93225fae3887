from __future__ import annotations

from typing import Any

import pytest

from envcheck.engine.live.runs import has_run


def notebook(*cells: tuple[object, object]) -> dict[str, Any]:
    return {"cells": [{"cell_type": "code", "source": "x", "execution_count": n, "outputs": o} for n, o in cells]}


def text(*lines: str, whole: bool = False) -> list[dict[str, Any]]:
    return [{"output_type": "stream", "name": "stdout", "text": "".join(lines) if whole else list(lines)}]


ONE, TWO = (1, text("a\n")), (2, text("b\n", "c\n"))
CASES = {
    "run for the first time": (notebook((None, [])), notebook(ONE), True),
    "run again": (notebook(ONE), notebook((2, text("a\n"))), True),
    "other outputs": (notebook(ONE), notebook((1, text("b\n"))), True),
    "one of two": (notebook(ONE, TWO), notebook(ONE, (3, text("c\n"))), True),
    "a new notebook with results": ({}, notebook(ONE), True),
    "nothing": (notebook(ONE, TWO), notebook(ONE, TWO), False),
    "whole texts": (notebook(TWO), notebook((2, text("b\n", "c\n", whole=True))), False),
    "numbers as Yjs has them": (notebook(ONE), notebook((1.0, text("a\n"))), False),
    "moved": (notebook(ONE, TWO), notebook(TWO, ONE), False),
    "deleted": (notebook(ONE, TWO), notebook(TWO), False),
    "cleared": (notebook(ONE), notebook((None, [])), False),
    "never run": (notebook((None, [])), notebook((None, [])), False),
    "no cells": (notebook(ONE), {"cells": 3}, False),
    "odd cells": (notebook(ONE), {"cells": [3, {"cell_type": "markdown"}]}, False),
}


@pytest.mark.parametrize(("before", "after", "expected"), CASES.values(), ids=CASES)
def test_only_results_that_no_cell_had_prove_a_run(before: Any, after: Any, expected: bool) -> None:
    assert has_run(before, after) is expected


def test_metadata_of_outputs_and_sources_prove_nothing() -> None:
    before, after = notebook(ONE), notebook(ONE)
    after["cells"][0]["source"] = "another"
    after["cells"][0]["outputs"] = [{**text("a\n")[0], "metadata": {"collapsed": True}}]
    assert not has_run(before, after)
