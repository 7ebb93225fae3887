"""conda-lock: environment.yml → conda-lock.yml, with whatever conda, mamba or micromamba is here as its solver."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from envcheck.lockers.base import Order, Run
from envcheck.lockers.children import run_child

NAME = "conda-lock"
_VARIABLES = ("CONDA_EXE", "MAMBA_EXE")
_SOLVERS = ("conda", "micromamba", "mamba")


def unable(order: Order, environ: Mapping[str, str]) -> str:
    """Return why conda-lock cannot do it here, with what to install; empty when it can."""
    if not _program(environ):
        return "conda-lock is not installed; install envcheck-nb[conda]"
    if not (order.solver or solver(environ)):
        return "conda-lock needs a solver, and no conda, mamba or micromamba is here; name one: --conda PATH"
    return ""


def solver(environ: Mapping[str, str]) -> str:
    """Return the path of the conda that is active or on PATH, empty when there is none.

    On PyPI ``mamba`` is a test runner: one is believed only if its prefix is conda's.
    """
    for variable in _VARIABLES:
        path = environ.get(variable, "")
        if path and os.path.isfile(path):
            return path
    for name in _SOLVERS:
        path = shutil.which(name, path=environ.get("PATH")) or ""
        if path and (name != "mamba" or _is_of_conda(path)):
            return path
    return ""


def lock(order: Order, run: Run) -> str:
    """Return what conda-lock makes of the order. Raises ``UserError`` with the cause when it fails."""
    with _files(order) as (output, names):
        words = [
            *_program(run.environ),
            "lock",
            "--conda",
            order.solver or solver(run.environ),
            "--lockfile",
            output,
            "--pypi_to_conda_lookup_file",
            Path(names).as_uri(),
            *(f"--file={path}" for path in order.inputs),
            *(f"--platform={platform}" for platform in order.platforms),
            *(f"--extras={extra}" for extra in order.extras),
        ]
        run_child(NAME, words, cwd=order.folder, run=run, variables={})
        with open(os.path.join(order.folder, output), encoding="utf-8") as file:
            return file.read()


@contextlib.contextmanager
def _files(order: Order) -> Iterator[tuple[str, str]]:
    """Give the names of a lock to be and of a file with the names that conda has for what is on PyPI.

    A conda-lock.yml names its sources as seen from its own folder, so it is made in that folder, out of sight.
    """
    folder, name = os.path.split(order.output)
    output = os.path.join(folder, f".{name}.{os.getpid()}.envcheck.tmp")
    try:
        with tempfile.TemporaryDirectory(prefix="envcheck-lock-") as beside:
            names = os.path.join(beside, "names.json")
            with open(names, "w", encoding="utf-8") as file:
                json.dump({pypi: _entry(pypi, conda) for pypi, conda in order.names.items()}, file)
            yield output, names
    finally:
        with contextlib.suppress(OSError):
            os.unlink(os.path.join(order.folder, output))


def _entry(pypi: str, conda: str) -> dict[str, str]:
    return {"pypi_name": pypi, "conda_name": conda, "import_name": pypi, "mapping_source": "envcheck"}


def _program(environ: Mapping[str, str]) -> tuple[str, ...]:
    if find_spec("conda_lock"):
        return (sys.executable, "-I", "-m", "conda_lock")
    found = shutil.which("conda-lock", path=environ.get("PATH"))
    return (found,) if found else ()


def _is_of_conda(path: str) -> bool:
    prefix = os.path.dirname(os.path.dirname(os.path.realpath(path)))
    return os.path.isdir(os.path.join(prefix, "conda-meta"))
