"""Whatever lies in a file named .ipynb is read or said to be unreadable."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from envcheck.gather.sources import ipynb
from envcheck.model.places import Place
from envcheck.model.readings import ProblemKind, RawFile, Reading
from envcheck.model.usage import KernelClaim, Source

ReadCells = Callable[..., Reading[Source]]


def read(data: bytes | str) -> Reading[Source]:
    return ipynb.read(RawFile("a.ipynb", data if isinstance(data, bytes) else data.encode()))


def notebook(source: object = "import numpy", **top: object) -> str:
    cell = {"cell_type": "code", "outputs": [], "source": source}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **top})


def modules(reading: Reading[Source]) -> list[str]:
    return [found.module for found in reading.value.imports]


SHEETS = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["import os\n", "import numpy"]}]}], "nbformat": 3}
OLD = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["import os", "import numpy"]}]}], "nbformat": 2}
READABLE = {
    "source as a string": notebook("import os\nimport numpy"),
    "source as a list": notebook(["import os\n", "import numpy"]),
    "nbformat 3": json.dumps(SHEETS),
    "nbformat 2, whose lines have no ends": json.dumps(OLD),
    "nbformat 2 with NaN": json.dumps({**OLD, "odd": float("nan")}),
    "nbformat 3 with a name": json.dumps({**SHEETS, "metadata": {"name": "Analysis"}}),
    "a future nbformat": notebook("import os\nimport numpy", nbformat=6, sheets={}),
    "no metadata": notebook("import os\nimport numpy").replace('"metadata": {}, ', ""),
    "metadata that is null": notebook("import os\nimport numpy", metadata=None),
    "kernelspec that is a string": notebook("import os\nimport numpy", metadata={"kernelspec": "python3"}),
    "a number of 5,000 digits": notebook("import os\nimport numpy", odd="n").replace('"n"', "9" * 5000),
    "NaN in an output": notebook("import os\nimport numpy").replace('"outputs": []', '"outputs": [NaN, -Infinity]'),
    "a lone surrogate in an output": notebook("import os\nimport numpy").replace("[]", '["\\ud800"]', 1),
    "a lone surrogate in the source": notebook("import os\nimport numpy\nx = '\ud800'"),
    "a byte order mark": codecs.BOM_UTF8 + notebook("import os\nimport numpy").encode(),
    "UTF-16": notebook("import os\nimport numpy").encode("utf-16"),
    "UTF-16 without a mark": notebook("import os\nimport numpy").encode("utf-16-le"),
    "UTF-32": notebook("import os\nimport numpy").encode("utf-32"),
}


@pytest.mark.parametrize("data", READABLE.values(), ids=READABLE.keys())
def test_notebook_is_read(data: bytes | str) -> None:
    reading = read(data)
    assert [(found.module, found.place.cell, found.place.line) for found in reading.value.imports] == [
        ("os", 1, 1),
        ("numpy", 1, 2),
    ]
    assert not [problem for problem in reading.problems if problem.kind is ProblemKind.UNREADABLE_FILE]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_encoding_that_jupyter_does_not_read_is_said(encoding: str) -> None:
    (problem,) = read(notebook().encode(encoding)).problems
    assert (problem.kind, problem.remedy) == (ProblemKind.ODD_ENCODING, "save it as UTF-8")


MERGED = f"{{\n<<<<<<< HEAD\n{notebook()}\n=======\n>>>>>>> theirs\n"
UNREADABLE = {
    "an empty file": (b"", 0, "empty"),
    "blanks": (b" \n\n ", 0, "empty"),
    "a truncated notebook": ('{\n"cells": [\n{"cell_type": "co', 3, "not JSON: unterminated string"),
    "two notebooks in one file": (notebook() + "\n" + notebook(), 2, "not JSON: extra data"),
    "merge conflict markers": (MERGED, 2, "merge conflict"),
    "a trailing comma": ('{"cells": [],\n}', 2, "not JSON"),
    "NUL bytes": (bytes(100), 1, "not JSON"),
    "a NUL byte in a string": (notebook().replace("numpy", "num\0py"), 1, "not JSON: invalid control character"),
    "latin-1": (notebook("import numpy  # ").encode()[:-60] + b"\n\xf6" + b'"}', 2, "not UTF-8"),
    "a list": ("[]", 0, "the top level is a list"),
    "a number": ("1e999", 0, "the top level is a number"),
    "a truth value": ("true", 0, "the top level is a truth value"),
    "an object without cells": ('{"nbformat": 4}', 0, "without cells"),
    "100,000 open lists": ("[" * 100_000, 0, "nested too deeply"),
    "100,000 lists in an output": (notebook().replace("[]", "[" * 100_000 + "]" * 100_000, 1), 0, "nested too deeply"),
}


@pytest.mark.parametrize(("data", "line", "reason"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_notebook_is_a_problem_with_line_and_remedy(data: bytes | str, line: int, reason: str) -> None:
    reading = read(data)
    (problem,) = reading.problems
    assert (problem.kind, problem.place) == (ProblemKind.UNREADABLE_FILE, Place("a.ipynb", 0, line))
    assert reason in problem.message
    assert problem.remedy
    assert reading.value.imports == ()


BAD_CELLS = {
    "null": None,
    "number": 7,
    "numeric source": {"cell_type": "code", "source": 7},
    "source of numbers": {"cell_type": "code", "source": [1, 2]},
    "numeric type": {"cell_type": 7, "source": "import os"},
}


@pytest.mark.parametrize("cell", BAD_CELLS.values(), ids=BAD_CELLS.keys())
def test_cell_of_the_wrong_shape_loses_only_itself(cell: object) -> None:
    good = {"cell_type": "code", "source": "import numpy"}
    reading = read(json.dumps({"cells": [good, cell, good], "nbformat": 4}))
    assert [found.place.cell for found in reading.value.imports] == [1, 3]
    assert [(problem.kind, problem.place.cell) for problem in reading.problems] == [(ProblemKind.UNREADABLE_FILE, 2)]
    assert reading.value.cells == 3


def test_cells_count_all_cells_from_1() -> None:
    cells = [{"cell_type": kind, "source": "import numpy"} for kind in ("markdown", "raw", "code", "markdown")]
    reading = read(json.dumps({"cells": cells, "nbformat": 4}))
    assert [found.place for found in reading.value.imports] == [Place("a.ipynb", 3, 1)]
    assert reading.value.cells == 4


def test_notebook_of_markdown_only_is_read_and_uses_nothing() -> None:
    reading = read(json.dumps({"cells": [{"cell_type": "markdown", "source": "import numpy"}], "nbformat": 4}))
    assert (reading.value.imports, reading.problems) == ((), ())


def test_nbformat_3_without_worksheets_is_an_empty_notebook() -> None:
    assert read('{"metadata": {"name": ""}, "nbformat": 3}').problems == ()


LANGUAGES = {
    "nothing claimed": ({}, "python"),
    "python": ({"kernelspec": {"name": "python3", "language": "python"}}, "python"),
    "language_info alone": ({"language_info": {"name": "R"}}, "r"),
    "kernelspec before language_info": ({"kernelspec": {"language": "C#"}, "language_info": {"name": "F#"}}, "c#"),
    "sage on Python": ({"kernelspec": {"language": "sage"}, "language_info": {"name": "python"}}, "python"),
    "kernel named ir": ({"kernelspec": {"name": "ir", "display_name": "R"}}, "r"),
    "kernel named julia-1.9": ({"kernelspec": {"name": "julia-1.9", "display_name": "Julia"}}, "julia"),
    "kernel named bash": ({"kernelspec": {"name": "bash"}}, "bash"),
    "kernel of a conda environment": ({"kernelspec": {"name": "conda-env-bayes-py"}}, "python"),
    "kernel of a conda environment with R": ({"kernelspec": {"name": "conda-env-bayes-r"}}, "r"),
    "kernel with a name of its own": ({"kernelspec": {"name": "irrigation"}}, "python"),
}


@pytest.mark.parametrize(("metadata", "language"), LANGUAGES.values(), ids=LANGUAGES.keys())
def test_language_is_told_by_the_metadata(metadata: dict[str, object], language: str, read_cells: ReadCells) -> None:
    reading = read_cells("import numpy", **metadata)
    assert reading.value.language == language
    assert modules(reading) == (["numpy"] if language == "python" else [])


def test_notebook_of_another_language_is_said_to_be_not_read(read_cells: ReadCells) -> None:
    (problem,) = read_cells("import Plots", kernelspec={"name": "julia-1.9", "language": "julia"}).problems
    assert (problem.kind, problem.message) == (ProblemKind.NOT_READ, "is a notebook in julia: not read")


HASH = "a" * 64
CLAIMS: dict[str, tuple[dict[str, object], KernelClaim | None]] = {
    "nothing": ({}, None),
    "kernelspec": ({"kernelspec": {"name": "eda", "display_name": "EDA"}}, KernelClaim("eda", "EDA")),
    "interpreter": ({"interpreter": {"hash": HASH}}, KernelClaim("", "", HASH)),
    "editor": ({"vscode": {"interpreter": {"hash": HASH}}}, KernelClaim("", "", HASH)),
    "editor that is a list": ({"kernelspec": {"name": "eda"}, "vscode": []}, KernelClaim("eda")),
}


@pytest.mark.parametrize(("metadata", "claim"), CLAIMS.values(), ids=CLAIMS.keys())
def test_kernel_is_what_the_metadata_claims(
    metadata: dict[str, object], claim: KernelClaim | None, read_cells: ReadCells
) -> None:
    assert read_cells(**metadata).value.kernel == claim


def test_python_is_the_version_of_language_info(read_cells: ReadCells) -> None:
    assert read_cells(language_info={"name": "python", "version": "3.9.7"}).value.python == "3.9.7"


@given(st.binary())
def test_no_bytes_make_the_reader_raise(data: bytes) -> None:
    assert read(data).value.path == "a.ipynb"


ODD = st.text(alphabet="a%'\n\0\ud800é", max_size=4)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD, inner, max_size=3),
    max_leaves=6,
)
SNIPPETS = st.sampled_from(
    [
        "import a",
        "!pip install b",
        "%%bash",
        "%time ",
        "\n",
        "'''",
        "(",
        "\\",
        "try:",
        "    ",
        "sys.path += [",
        "?",
        "]",
    ]
)
CODE = st.lists(SNIPPETS | ODD, max_size=12).map("".join)
CELLS = st.fixed_dictionaries(
    {}, optional={"cell_type": st.just("code") | PLAIN, "source": CODE | st.lists(CODE) | PLAIN, "input": PLAIN}
)
SHAPED = st.fixed_dictionaries(
    {},
    optional={
        "cells": st.lists(CELLS | PLAIN, max_size=4) | PLAIN,
        "worksheets": st.lists(
            st.fixed_dictionaries({"cells": st.lists(CELLS, max_size=2) | PLAIN}) | PLAIN, max_size=2
        ),
        "metadata": st.fixed_dictionaries(
            {}, optional=dict.fromkeys(("kernelspec", "language_info", "interpreter", "vscode"), PLAIN)
        )
        | PLAIN,
        "nbformat": PLAIN,
    },
)


@given(SHAPED)
def test_no_notebook_makes_the_reader_raise(document: object) -> None:
    reading = read(json.dumps(document))
    assert all(found.module for found in reading.value.imports)


def test_giant_outputs_are_skipped(read_cells: ReadCells) -> None:
    data = notebook().replace('"outputs": []', '"outputs": ["' + "x" * 1_000_000 + '"]')
    assert modules(read(data)) == ["numpy"]


BLOCK = '# /// script\n# dependencies = ["six"]\n# ///'


def test_block_of_the_first_cell_that_has_one_counts(read_cells: ReadCells) -> None:
    block = read_cells("import six", f"{BLOCK}\nimport os", BLOCK.replace("six", "idna")).value.block
    assert block
    assert (block.text, block.place) == ('dependencies = ["six"]\n', Place("nb/a.ipynb", 2, 2))


def test_notebook_in_another_language_has_no_block(read_cells: ReadCells) -> None:
    assert read_cells(BLOCK, language_info={"name": "julia"}).value.block is None


@pytest.mark.parametrize(("kept", "lock"), [("version = 1", "version = 1"), ("", ""), (None, ""), (1, ""), ([], "")])
def test_lock_that_juv_keeps(kept: object, lock: str, read_cells: ReadCells) -> None:
    reading = read_cells("import six", **{"uv.lock": kept})
    assert (reading.value.lock, reading.problems, modules(reading)) == (lock, (), ["six"])
