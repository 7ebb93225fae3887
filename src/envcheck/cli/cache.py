"""Say what is kept from one run to the next, and where; or forget it.

What is kept is what was read of notebooks and scripts, so that those that have not changed need not be read again.
"""

from __future__ import annotations

import contextlib
import os
from types import SimpleNamespace
from typing import TYPE_CHECKING

from envcheck.cli.output import deliver
from envcheck.model.errors import UserError

if TYPE_CHECKING:
    from argparse import ArgumentParser

EXAMPLES = """\
examples:
  envcheck cache info
  envcheck cache clear

ENVCHECK_CACHE_DIR names another folder; a run with --no-cache reads every source and keeps nothing
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``cache``."""
    parser.add_argument("action", choices=("info", "clear"), help="say what is kept, or forget it")


def run(options: SimpleNamespace) -> int:
    """Say what is kept, or remove it."""
    from envcheck.engine.reading.cache import cache_folder, files_in

    folder = cache_folder(os.environ)
    if not folder:
        raise UserError("there is no folder for a cache", "name one: ENVCHECK_CACHE_DIR")
    files = list(files_in(folder))
    size = sum(size for _, size, _ in files) / 2**20
    if options.action == "clear":
        for path, _, _ in files:
            with contextlib.suppress(OSError):
                os.unlink(path)
        with contextlib.suppress(OSError):
            os.rmdir(folder)
    projects = "1 project" if len(files) == 1 else f"{len(files)} projects"
    verb = "forgotten" if options.action == "clear" else "kept"
    deliver(f"{folder}: {projects} {verb}, {size:.1f} MB\n")
    return 0
