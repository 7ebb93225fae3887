"""pip-tools: requirements → a requirements file with every version and hash, for one interpreter."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from importlib.util import find_spec

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from envcheck.lockers.base import Order, Run
from envcheck.lockers.children import run_child

NAME = "pip-tools"
# No index URL and no credential of pip's configuration gets into the lock (jazzband/pip-tools#697, #1099), and no
# [tool.pip-tools] of a project changes what is asked.
_OPTIONS = (
    "--no-config",
    "--strip-extras",
    "--allow-unsafe",
    "--newline=lf",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
    "--no-emit-options",
    "--quiet",
)
# Started with -I, a program has no folder of its own on the path; these name those of pip-tools for it.
_NEEDED = ("piptools", "pip", "build", "click", "pyproject_hooks", "packaging", "tomli")


def unable(order: Order, environ: Mapping[str, str]) -> str:  # noqa: ARG001 - as every locker
    """Return why pip-tools cannot do it here, with what to install; empty when it can."""
    if find_spec("piptools") is None or find_spec("pip") is None:
        return "pip-tools is not installed; install envcheck-nb[lock], or lock with uv: --with uv"
    if order.groups:
        return "pip-tools knows no dependency groups; lock with uv: --with uv"
    if order.universal:
        return "pip-tools locks for one platform; lock with uv: --with uv"
    here = f"{sys.version_info.major}.{sys.version_info.minor}."
    if order.python and not order.interpreter and not f"{order.python}.".startswith(here):
        return f"there is no interpreter of Python {order.python} to lock with; lock with uv: --with uv"
    needed = python_needed()
    if order.python and needed and not needed.contains(order.python, prereleases=True):
        return f"pip {metadata.version('pip')} needs Python {needed}, not {order.python}; lock with uv: --with uv"
    return ""


def lock(order: Order, run: Run) -> str:
    """Return what pip-compile makes of the order. Raises ``UserError`` with the cause when it fails."""
    with tempfile.TemporaryDirectory(prefix="envcheck-lock-") as folder:
        output = os.path.join(folder, os.path.basename(order.output))
        with open(output, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{name}=={version}\n" for name, version in order.preferred.items())
        words = [
            order.interpreter or sys.executable,
            "-I",
            os.path.join(os.path.dirname(__file__), "pip_tools_child.py"),
            *folders(),
            "--",
            *_OPTIONS,
            *(("--generate-hashes",) if order.hashes else ()),
            *(f"--extra={extra}" for extra in order.extras),
            f"--output-file={output}",
            *order.inputs,
        ]
        variables = {
            "CUSTOM_COMPILE_COMMAND": order.command,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PIP_SRC": os.path.join(folder, "src"),
        }
        run_child(NAME, words, cwd=order.folder, run=run, variables=variables)
        with open(output, encoding="utf-8") as file:
            return file.read()


def variables_of(order: Order, folder: str) -> dict[str, str]:
    """Return what pip and pip-tools are told by variables; what they fetch from repositories goes below ``folder``."""
    source = os.path.join(folder, "src")
    return {"CUSTOM_COMPILE_COMMAND": order.command, "PYTHONDONTWRITEBYTECODE": "1", "PIP_SRC": source}


def python_needed() -> SpecifierSet | None:
    """Return which Pythons the pip that is installed beside us runs under."""
    try:
        return SpecifierSet(metadata.metadata("pip")["Requires-Python"] or "")
    except (InvalidSpecifier, KeyError, metadata.PackageNotFoundError):
        return None


def folders() -> Iterator[str]:
    """Yield the folders in which pip-tools and what it needs are installed."""
    found = dict[str, None]()
    for name in _NEEDED:
        spec = find_spec(name)
        if spec and spec.origin:
            found[os.path.dirname(os.path.dirname(spec.origin))] = None
    yield from found
