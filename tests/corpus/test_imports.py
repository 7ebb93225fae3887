"""Every import of 423 real notebooks, compared with IPython's own transformer and ``ast``."""

from __future__ import annotations

import ast
import json
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from envcheck.gather.sources.catalogue import reader_for
from envcheck.model.readings import ProblemKind, RawFile, Reading
from envcheck.model.usage import Source

PYTHON_BODIES = {"time", "timeit", "capture", "prun", "debug", "memit", "mprun", "lprun", "python", "python3"}
PYTHONS = {"python", "ipython", "sage", "coconut", "xonsh"}
NOTEBOOKS = 423

_LEARN = "LearnDataScience/notebooks"
_HANDBOOK = "PythonDataScienceHandbook"
_DEMO = "multi-language-demo"
_PYTHON_2 = "a Python 2 print loses the cell to the oracle; its import lines are rescued"
_EXTENSION = "%load_ext uses it; to the oracle that is a call with a string"
_WRITTEN = "imported by the body of %%writefile, which the oracle leaves alone"
EXTRA = {
    **{
        (f"{_LEARN}/{notebook}.ipynb", module): _PYTHON_2
        for notebook in (
            "A3. Linear Regression - Analysis",
            "WA3. Linear Regression - Analysis Worksheet",
            ".ipynb_checkpoints/A3. Linear Regression - Analysis-checkpoint",
            ".ipynb_checkpoints/WA3. Linear Regression - Analysis Worksheet-checkpoint",
        )
        for module in ("numpy", "pandas", "pylab", "statsmodels")
    },
    ("Probabilistic-Programming-and-Bayesian-Methods-for-Hackers/sandbox/GithubUsers.ipynb", "scipy"): _PYTHON_2,
    (f"{_HANDBOOK}/notebooks/01.07-Timing-and-Profiling.ipynb", "line_profiler"): _EXTENSION,
    (f"{_HANDBOOK}/notebooks/01.07-Timing-and-Profiling.ipynb", "memory_profiler"): _EXTENSION,
    (f"{_HANDBOOK}/notebooks_v1/01.07-Timing-and-Profiling.ipynb", "line_profiler"): _EXTENSION,
    (f"{_HANDBOOK}/notebooks_v1/01.07-Timing-and-Profiling.ipynb", "memory_profiler"): _EXTENSION,
    ("handson-ml3/11_training_deep_neural_networks.ipynb", "tensorboard"): _EXTENSION,
    ("handson-ml3/13_loading_and_preprocessing_data.ipynb", "tensorboard"): _EXTENSION,
    ("handson-ml3/19_training_and_deploying_at_scale.ipynb", "tensorboard"): _EXTENSION,
    ("handson-ml3/19_training_and_deploying_at_scale.ipynb", "hypertune"): _WRITTEN,
    ("handson-ml3/19_training_and_deploying_at_scale.ipynb", "keras_tuner"): _WRITTEN,
    (
        "jupytext/tests/data/notebooks/outputs/script_to_ipynb/hydrogen_latex_html_R_magics.ipynb",
        "rpy2",
    ): _EXTENSION,
    (f"{_DEMO}/23-Cross-Language-Integration.ipynb", "fortranmagic"): _EXTENSION,
    (f"{_DEMO}/polyglot-ds.ipynb", "Cython"): _EXTENSION,
    (f"{_DEMO}/polyglot-ds.ipynb", "fortranmagic"): _EXTENSION,
    (f"{_DEMO}/polyglot-ds.ipynb", "julia"): _EXTENSION,
    (f"{_DEMO}/polyglot-ds.ipynb", "rpy2"): _EXTENSION,
    ("nbformat/tests/test3_no_metadata.ipynb", "IPython"): "nbformat cannot upgrade it, so the oracle sees no cells",
    ("python-machine-learning-book-2nd-edition/code/ch08/ch08.ipynb", "watermark"): _EXTENSION,
}
"""What is found and the oracle does not find, and why."""
LOST: dict[tuple[str, str], str] = {}
"""What the oracle finds and is not found, and why."""

pytestmark = pytest.mark.corpus


def modules(tree: ast.AST) -> Iterator[str]:
    """Yield what a syntax tree imports, by a plain walk."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("import_module", "__import__") and isinstance(node.args[0].value, str):
                yield node.args[0].value


def cell_modules(source: str) -> Iterator[str]:
    """Yield what IPython would import for a cell; nothing when it does not parse."""
    stripped = source.lstrip()
    while stripped.startswith("%%"):
        head, _, stripped = stripped.partition("\n")
        if head[2:].split(" ")[0].strip() not in PYTHON_BODIES:
            return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield from modules(ast.parse(TransformerManager().transform_cell(stripped)))
        except (SyntaxError, ValueError):
            return


def oracle(path: Path) -> set[str]:
    """Return the top-level modules of a notebook, read with nbformat where that can."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            document = nbformat.reads(path.read_text("utf-8-sig"), as_version=4)
    except Exception:  # noqa: BLE001 - nbformat fails with whatever the damage leads to
        document = json.loads(path.read_text("utf-8-sig"))
    metadata = document.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    spec, info = metadata.get("kernelspec"), metadata.get("language_info")
    spec, info = (part if isinstance(part, dict) else {} for part in (spec, info))
    if str(spec.get("language") or info.get("name") or "python").lower() not in PYTHONS:
        return set()
    found = set()
    for cell in document.get("cells", []):
        if cell.get("cell_type") == "code":
            source = cell.get("source", "")
            found |= {name.partition(".")[0] for name in cell_modules("".join(source))}
    return found - set(sys.stdlib_module_names)


@pytest.fixture(scope="module")
def readings(corpus: Path) -> dict[str, Reading[Source]]:
    """Return what is read of every notebook of the corpus."""
    found = {}
    for path in sorted(corpus.rglob("*.ipynb")):
        name = path.relative_to(corpus).as_posix()
        reader = reader_for(name)
        assert reader is not None
        found[name] = reader.read(RawFile(name, path.read_bytes()))
    return found


def test_no_notebook_is_lost(readings: dict[str, Reading[Source]]) -> None:
    unreadable = [
        problem
        for reading in readings.values()
        for problem in reading.problems
        if problem.kind is ProblemKind.UNREADABLE_FILE
    ]
    assert (len(readings), unreadable) == (NOTEBOOKS, [])


def test_every_difference_to_the_oracle_is_explained(corpus: Path, readings: dict[str, Reading[Source]]) -> None:
    ours = {(name, module) for name, reading in readings.items() for module in top_level(reading.value)}
    theirs = {(name, module) for name in readings for module in oracle(corpus / name)}
    assert (theirs - ours, ours - theirs) == (set(LOST), set(EXTRA))
    assert len(theirs & ours) >= 0.999 * len(theirs)
    assert len(theirs) > 900


def top_level(source: Source) -> set[str]:
    """Return the top-level modules that a source uses, without those of the standard library."""
    return {found.top for found in source.imports} - set(sys.stdlib_module_names)
