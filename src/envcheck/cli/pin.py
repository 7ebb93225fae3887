"""Pin what is declared to the versions that are installed, in the files' own syntax; a diff unless --write is given.

Requirements that accept any version or a range, install lines in cells, and what is imported and not declared yet.
"""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

from msgspec.structs import replace

from envcheck.cli.arguments import (
    add_color_option,
    add_lock_options,
    add_paths,
    add_reading_options,
    paths_of,
    settings_of,
    working_folder,
)
from envcheck.cli.output import deliver, look_of, say_outcome
from envcheck.judge.pins.styles import Style

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from envcheck.engine.writing.fixing import Outcome

EXAMPLES = """\
examples:
  envcheck pin                                  show what would be written
  envcheck pin --write                          write it
  envcheck pin --style compatible nb/eda.ipynb  ~=2.1.4 in place of ==2.1.4
  envcheck pin | patch -p1                      the diff is a patch

exit codes: 0 nothing to pin, or all of it written; 1 something is left to do; 2 a bad request
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``pin``."""
    add_paths(parser)
    add_reading_options(parser)
    add_lock_options(parser)
    group = parser.add_argument_group("pins")
    styles = [style.value for style in Style]
    group.add_argument("--style", choices=styles, default=Style.EXACT.value, help="how tight (default: exact)")
    group.add_argument("--build", action="store_true", help="name conda's builds: numpy=1.26.4=py311h64a7726_0")
    group.add_argument("--all", action="store_true", help="also what the declared distributions need themselves")
    group.add_argument("--write", action="store_true", help="write the files")
    add_color_option(group)


def run(options: SimpleNamespace) -> int:
    """Show or write the pins, and return 1 when something is left to do."""
    from envcheck.engine.writing.fixing import Request, propose, write
    from envcheck.engine.writing.pinning import RULES, Pinning, refuse_locks

    paths = paths_of(options)
    settings = replace(settings_of(options, paths), select=RULES, extend_select=())
    request = Request(paths, settings, os.environ, working_folder())
    wanted = Pinning(Style(options.style), options.build, options.all)
    outcome = propose(request, wanted)
    refuse_locks(outcome.case)
    if options.write:
        outcome = write(request, outcome, wanted)
    else:
        _show(outcome, options)
    say_outcome(outcome, written=options.write, unread=outcome.unread)
    left = outcome.refusals or outcome.failed or outcome.undone or outcome.unread
    return int(bool(left or (outcome.changed and not options.write)))


def _show(outcome: Outcome, options: SimpleNamespace) -> None:
    from envcheck.reporters.diff import render

    look = look_of(sys.stdout, environ=os.environ, color=options.color)
    for rewriting in outcome.changed:
        path = outcome.case.viewpoint.path(rewriting.path)
        deliver(render(path, rewriting.before, rewriting.after, look))
