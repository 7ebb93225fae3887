"""Name the tools in this repository that would delete stamps, and the setting with which each of them keeps them.

Looked at: pyproject.toml, setup.cfg, settings.ini, jupytext.toml, pre-commit's hooks, git's filters and hooks.
"""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

from envcheck.cli.arguments import add_color_option, working_folder
from envcheck.cli.output import deliver, look_of

if TYPE_CHECKING:
    from argparse import ArgumentParser

EXAMPLES = """\
examples:
  envcheck doctor                               the repository that this folder belongs to
  envcheck doctor ~/projects/rivers

exit codes: 0 nothing deletes stamps; 1 something does; 2 a bad request
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``doctor``."""
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="a folder of the repository (default: .)")
    add_color_option(parser)


def run(options: SimpleNamespace) -> int:
    """Show what deletes stamps, and return 1 if anything does."""
    from envcheck.engine.doctor.looking import removers
    from envcheck.reporters.removers import render

    found = removers(options.path, cwd=working_folder())
    deliver(render(found, look_of(sys.stdout, environ=os.environ, color=options.color)))
    return int(bool(found))
