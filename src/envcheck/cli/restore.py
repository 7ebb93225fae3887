"""Make the environment again that a notebook was stamped in: a virtual environment with just those versions.

Shows the plan; --write carries it out, with pip or uv from the index that they are configured for, without resolving
anything, and compares the result with the stamp. What has no wheel is built, which runs its code.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType, SimpleNamespace
from typing import TYPE_CHECKING, NoReturn

from envcheck.cli.arguments import add_color_option, settings_of, working_folder
from envcheck.cli.output import deliver, look_of, tell

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from envcheck.engine.restoring.planning import Request
    from envcheck.model.restoring import Plan

EXAMPLES = """\
examples:
  envcheck restore eda.ipynb eda-env           show what would be made
  envcheck restore eda.ipynb eda-env --write   make it
  envcheck restore eda.ipynb eda-env --write --with uv --allow-sources

exit codes: 0 planned, or made and as stamped; 1 made, but not as stamped; 2 refused or failed, and nothing is left
"""
_SECONDS = 1800
_TOOLS = ("pip", "uv")


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``restore``."""
    parser.add_argument("notebook", metavar="NB", help="a stamped notebook")
    parser.add_argument("folder", metavar="DIR", help="a folder that does not exist yet, or is empty")
    parser.add_argument("--write", action="store_true", help="make it")
    parser.add_argument(
        "--with", choices=_TOOLS, default="", dest="tool", help="the installer (default: the first that can)"
    )
    parser.add_argument("--allow-sources", action="store_true", help="also from URLs and repositories in the stamp")
    longest = f"for each run of a tool (default: {_SECONDS})"
    parser.add_argument("--timeout", metavar="SECONDS", type=float, default=_SECONDS, help=longest)
    parser.add_argument("--config", metavar="FILE", default="", help="settings file, in place of the project's own")
    add_color_option(parser)
    loudness = parser.add_mutually_exclusive_group()
    said = (("-q", "--quiet", -1, "errors only"), ("-v", "--verbose", 1, "all that the installer says"))
    for short, long, value, meaning in said:
        loudness.add_argument(short, long, action="store_const", const=value, dest="verbosity", help=meaning)
    parser.set_defaults(verbosity=0, python=None, prefix=None, jobs=0, no_cache=False)


def run(options: SimpleNamespace) -> int:
    """Show the plan, carry it out if that is asked for, and return 1 when the result is not as stamped."""
    from envcheck.engine.check import names
    from envcheck.engine.recording.sides import Asking
    from envcheck.engine.restoring.planning import Request, plan, refuse_sources
    from envcheck.reporters import restoring as reporter

    asking = Asking(settings_of(options, [options.notebook]), os.environ, working_folder(), names())
    request = Request(options.notebook, options.folder, options.tool, asking)
    made = plan(request)
    look = look_of(sys.stdout, environ=os.environ, color=options.color, verbosity=options.verbosity)
    if options.verbosity >= 0:
        deliver(reporter.render(made, look, written=options.write))
    if not options.allow_sources:
        refuse_sources(made)
    if options.write:
        return _make(request, made, options)
    if options.verbosity >= 0:
        tell("envcheck: nothing is made yet; --write makes it\n")
    return 0


def _make(request: Request, made: Plan, options: SimpleNamespace) -> int:
    from envcheck.cli.listening import Listening
    from envcheck.engine.restoring.making import make, verify
    from envcheck.lockers.base import Run
    from envcheck.reporters import verdicts as reporter

    signal.signal(signal.SIGTERM, _interrupt)
    listening = Listening(options.verbosity, "installing")
    try:
        make(made, Run(os.environ, options.timeout, listening.hear))
    finally:
        listening.finish()
    verdict = verify(made, options.notebook, request.asking)
    look = look_of(sys.stdout, environ=os.environ, color=options.color, verbosity=options.verbosity)
    deliver(reporter.render((verdict,), look))
    return int(not verdict.is_ok)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    # Whoever is told to end takes the child along, and leaves no half environment.
    raise KeyboardInterrupt
