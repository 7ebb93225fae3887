"""Say what a new install of the declarations would get today, compared with the lock, the stamps and what is installed.

The declarations are resolved anew by pip-tools, uv or conda-lock; nothing is installed or written. What is here already
is compared without any network by envcheck --table.
"""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

from envcheck.cli.arguments import add_output_options, add_reading_options, settings_of, working_folder
from envcheck.cli.output import deliver, look_of
from envcheck.model.errors import UserError

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from envcheck.engine.check import Case
    from envcheck.engine.locking.orders import Wish
    from envcheck.model.fresh import Resolved

EXAMPLES = """\
examples:
  envcheck drift --fresh                    what would a colleague get who installs this today?
  envcheck drift --fresh --with uv --format json

exit codes: 0 a new install gets what is here; 1 it does not, or fails; 2 a bad request
"""
_SECONDS = 1800


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``drift``."""
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="a declaration, a lock, or a folder")
    add_reading_options(parser)
    group = parser.add_argument_group("resolving")
    group.add_argument("--fresh", action="store_true", help="ask the index (there is no other way yet)")
    group.add_argument("--with", choices=("pip-tools", "uv"), default="", dest="tool", help="default: pip-tools")
    group.add_argument("--conda", metavar="PATH", default="", help="the conda, mamba or micromamba that solves")
    longest = f"for each run of a tool (default: {_SECONDS})"
    group.add_argument("--timeout", metavar="SECONDS", type=float, default=_SECONDS, help=longest)
    add_output_options(parser, ("terminal", "json"))


def run(options: SimpleNamespace) -> int:
    """Resolve, show, and return 1 when a new install would be another."""
    from envcheck.engine.check import open_case
    from envcheck.engine.locking.orders import Wish

    if not options.fresh:
        raise UserError("drift asks the index: say --fresh", "what is here is compared by envcheck --table")
    settings = settings_of(options, [options.path])
    case = open_case([options.path], settings, environ=os.environ, cwd=working_folder())
    wish = Wish(options.tool, solver=os.path.abspath(options.conda) if options.conda else "")
    found = _resolved(case, wish, options)
    stream = None if options.output else sys.stdout
    if options.format == "json":
        from envcheck.reporters.fresh import document
        from envcheck.reporters.json import document as as_json

        deliver(as_json(document(found)), options.output)
    else:
        from envcheck.reporters.fresh import render

        look = look_of(stream, environ=os.environ, color=options.color, verbosity=options.verbosity)
        deliver(render(found, look), options.output)
    return int(any(resolved.rows or resolved.failure for resolved in found))


def _resolved(case: Case, wish: Wish, options: SimpleNamespace) -> list[Resolved]:
    from envcheck.cli.listening import Listening
    from envcheck.engine.locking.choice import choose
    from envcheck.engine.locking.fresh import resolve_today
    from envcheck.lockers.base import Run

    listening = Listening(options.verbosity)
    try:
        run = Run(os.environ, options.timeout, listening.hear)
        return [resolve_today(case, locking, wish, run) for locking in choose(case, for_lock=False)]
    finally:
        listening.finish()
