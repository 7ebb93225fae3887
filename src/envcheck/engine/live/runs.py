"""Whether cells of a notebook have been run between two of its states: only what ran may replace what ran before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

_CONTENTS = ("text", "data", "ename", "evalue", "traceback")


def has_run(before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    """Tell whether a cell of ``after`` has been run since ``before``: it has a number and outputs that no cell had.

    Cells that are moved, edited, deleted or cleared have not. Nor, as far as anybody can tell, has a cell that was run
    again with the same number and the same outputs.
    """
    known = set(_results(before))
    return any(result not in known for result in _results(after))


def _results(notebook: Mapping[str, object]) -> Iterator[str]:
    cells = notebook.get("cells")
    for cell in cells if isinstance(cells, list) else ():
        if isinstance(cell, dict) and cell.get("cell_type") == "code" and cell.get("execution_count") is not None:
            outputs = cell.get("outputs")
            texts = [_output(output) for output in outputs] if isinstance(outputs, list) else []
            yield json.dumps([_plain(cell["execution_count"]), texts], sort_keys=True)


def _output(output: object) -> object:
    if not isinstance(output, dict):
        return None
    return {key: _plain(output[key]) for key in _CONTENTS if key in output}


def _plain(value: object) -> object:
    """Return a value as everybody would have it: on the disk texts are lists of lines, in a page they are whole.

    With real-time collaboration whole numbers come as 1.0.
    """
    if isinstance(value, list):
        return "".join(value) if all(isinstance(part, str) for part in value) else [_plain(part) for part in value]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value
