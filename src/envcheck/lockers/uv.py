"""uv: requirements → a requirements file or a pylock.toml, for one interpreter or for all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping

from envcheck.lockers.base import Order, Run
from envcheck.lockers.children import run_child
from envcheck.lockers.pip_configuration import for_uv

NAME = "uv"
_OPTIONS = ("--no-python-downloads", "--no-progress", "--color=never", "--quiet")
# The hidden negations of options that a uv.toml may set: no index gets into the lock.
_SILENCE = ("--no-emit-index-url", "--no-emit-find-links", "--no-emit-index-annotation", "--no-emit-build-options")


def unable(order: Order, environ: Mapping[str, str]) -> str:  # noqa: ARG001 - as every locker
    """Return why uv cannot do it here, with what to install; empty when it can."""
    return "" if program(environ) else "uv is not installed; pip install uv, or put it on PATH"


def program(environ: Mapping[str, str]) -> str:
    """Return the path of uv: beside our own interpreter, else on PATH; empty when there is none."""
    beside = os.path.join(os.path.dirname(sys.executable), "uv.exe" if os.name == "nt" else "uv")
    return beside if os.path.isfile(beside) else shutil.which("uv", path=environ.get("PATH")) or ""


def lock(order: Order, run: Run) -> str:
    """Return what ``uv pip compile`` makes of the order. Raises ``UserError`` with the cause when it fails."""
    variables = for_uv(run.environ)
    with tempfile.TemporaryDirectory(prefix="envcheck-lock-") as folder:
        # A pylock.toml takes no preferences from versions alone: they are resolved first, and then are what is allowed.
        output = os.path.join(folder, "requirements.txt")
        with open(output, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{name}=={version}\n" for name, version in order.preferred.items())
        as_pylock = order.output.endswith(".toml")
        options = [] if as_pylock or not order.hashes else ["--generate-hashes"]
        words = [*_words(order, run), *_SILENCE, *options, "-o", output]
        run_child(NAME, words, cwd=order.folder, run=run, variables=variables)
        if as_pylock:
            resolved, output = output, os.path.join(folder, os.path.basename(order.output))
            words = [*_words(order, run), "--constraints", resolved, "-o", output]
            run_child(NAME, words, cwd=order.folder, run=run, variables=variables)
        with open(output, encoding="utf-8") as file:
            return file.read()


def _words(order: Order, run: Run) -> Iterator[str]:
    yield from (program(run.environ), "pip", "compile", *order.inputs, *_OPTIONS)
    yield from ("--custom-compile-command", order.command)
    if order.interpreter:
        yield from ("--python", order.interpreter)
    elif order.python:
        yield from ("--python-version", order.python)
    if order.universal:
        yield "--universal"
    yield from (f"--extra={extra}" for extra in order.extras)
    yield from (f"--group={group}" for group in order.groups)
