"""List the bare facts that checks are made of."""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

from envcheck.cli.arguments import (
    add_lock_options,
    add_output_options,
    add_paths,
    add_reading_options,
    paths_of,
    settings_of,
    working_folder,
)
from envcheck.cli.output import deliver, look_of

if TYPE_CHECKING:
    from argparse import ArgumentParser

EXAMPLES = """\
examples:
  envcheck list imports nb                      every import, and the distribution behind it
  envcheck list requirements --format json      every requirement of every declaration
  envcheck list distributions --prefix .venv    what is installed
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``list``."""
    kinds = ("imports", "requirements", "distributions")
    parser.add_argument("kind", choices=kinds, metavar="KIND", help=", ".join(kinds[:2]) + f" or {kinds[2]}")
    add_paths(parser)
    add_reading_options(parser)
    add_lock_options(parser)
    add_output_options(parser, ("terminal", "json"))


def run(options: SimpleNamespace) -> int:
    """Collect the facts of one kind and show them."""
    paths = paths_of(options)
    from envcheck.engine import facts

    collect = {
        "imports": facts.list_imports,
        "requirements": facts.list_requirements,
        "distributions": facts.list_distributions,
    }[options.kind]
    content = collect(paths, settings_of(options, paths), environ=os.environ, cwd=working_folder())
    if options.format == "json":
        from envcheck.reporters.json import document

        deliver(document(content), options.output)
        return 0
    from envcheck.reporters.facts import render

    stream = None if options.output else sys.stdout
    look = look_of(stream, environ=os.environ, color=options.color, verbosity=options.verbosity)
    deliver(render(content, look), options.output)
    return 0
