"""Write the first declaration of a project: what its code imports, pinned to the versions that are installed.

Into requirements.txt, environment.yml (where conda made the environment) or pyproject.toml (where there is one); a diff
unless --write is given. Nothing that is there is written over.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING

from envcheck.cli.arguments import add_color_option, add_reading_options, paths_of, settings_of, working_folder
from envcheck.cli.output import deliver, look_of, tell
from envcheck.judge.pins.styles import Style

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from envcheck.engine.starting.starting import Proposal
    from envcheck.engine.writing.plan import Rewriting

EXAMPLES = """\
examples:
  envcheck init                                 show what would be written
  envcheck init --write                         write it
  envcheck init --to pyproject.toml             the [project] table of PEP 621
  envcheck init nb --prefix ~/conda/envs/lab    for one folder, with the versions of this environment
  envcheck init --ci github --pre-commit        also the jobs that check it from now on

exit codes: 0 nothing to write, or all of it written; 1 something is left to do; 2 a bad request
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``init``."""
    from envcheck.engine.starting.jobs import SERVICES
    from envcheck.engine.starting.target import NAMES

    parser.add_argument(
        "paths", nargs="?", metavar="PATH", help="folder that gets the file, or one notebook in it (default: .)"
    )
    add_reading_options(parser)
    group = parser.add_argument_group("what is written")
    group.add_argument("--to", choices=NAMES, default="", metavar="FILE", help=f"{', '.join(NAMES[:2])} or {NAMES[2]}")
    styles = [style.value for style in Style]
    group.add_argument("--style", choices=styles, default=Style.EXACT.value, help="how tight (default: exact)")
    group.add_argument("--ci", choices=SERVICES, default="", help="also a job that runs envcheck in CI")
    group.add_argument("--pre-commit", action="store_true", help="also a hook of pre-commit that runs envcheck")
    group.add_argument("--write", action="store_true", help="write the files")
    add_color_option(group)


def run(options: SimpleNamespace) -> int:
    """Show or write the files, and return 1 when something is left to do."""
    from envcheck.engine.starting.starting import Request, Wish, propose, remaining, write

    paths = paths_of(SimpleNamespace(paths=[options.paths] if options.paths else []))
    request = Request(paths[0], settings_of(options, paths), os.environ, working_folder())
    proposal = propose(request, Wish(options.to, Style(options.style), options.ci, options.pre_commit))
    _introduce(proposal)
    if not options.write:
        _show(proposal, options)
        _conclude(proposal.files, proposal, "to write (--write)")
        return int(bool(proposal.files or proposal.left or proposal.present))
    written, failed = write(proposal)
    _say(f"envcheck: {reason}" for reason in failed)
    _conclude(written, proposal, "written")
    found = remaining(request, proposal) if any(file.made for file in written) else ()
    _say(found)
    return int(bool(failed or proposal.left or proposal.present or found))


def _introduce(proposal: Proposal) -> None:
    """Say where the versions come from, and what cannot be declared."""
    shown = proposal.opened.case.viewpoint.path
    for environment, how in proposal.environments:
        count = len(environment.distributions)
        _say([f"environment {shown(environment.prefix)}: Python {environment.python}, {count} distributions ({how})"])
    _say((*proposal.opened.apart, *proposal.remarks, *proposal.left))


def _show(proposal: Proposal, options: SimpleNamespace) -> None:
    from envcheck.reporters.diff import render

    look = look_of(sys.stdout, environ=os.environ, color=options.color)
    for file in proposal.files:
        shown = proposal.opened.case.viewpoint.path(file.path)
        deliver(render(shown, file.before if file.old else None, file.after, look))


def _conclude(files: Sequence[Rewriting], proposal: Proposal, verb: str) -> None:
    """Say what is or would be written, and what to add to files that are there."""
    shown = proposal.opened.case.viewpoint.path
    for file in files:
        what = f"{len(file.made)} requirement{'s' * (len(file.made) != 1)} " if file.made else ""
        _say([f"{shown(file.path)}: {what}{verb}"])
    for path, text in proposal.present:
        _say([f"{shown(path)}: is there already, and nothing is written over it; add this:", *text.splitlines()])
    if not proposal.files and not proposal.present:
        _say(["nothing to write" if proposal.left else "nothing to write: nothing is imported that must be installed"])


def _say(lines: Iterable[str]) -> None:
    """Say lines on standard error: standard output belongs to the diff."""
    from envcheck.reporters.sanitize import sanitize

    tell("".join(f"{sanitize(line)}\n" for line in lines))
