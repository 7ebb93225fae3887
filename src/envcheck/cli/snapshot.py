"""Write down an environment: all that is needed to check against it where it is not, and nothing of the machine.

envcheck --prefix FILE takes such a file for the environment: a colleague's, that of a server, that of last year.
"""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import TYPE_CHECKING

from envcheck.cli.arguments import COMMANDS, settings_of, working_folder
from envcheck.cli.output import deliver, tell
from envcheck.model.errors import UserError
from envcheck.reporters.sanitize import sanitize

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from envcheck.engine.recording.taking import Taken

EXAMPLES = """\
examples:
  envcheck snapshot --output lab.json         the environment of this project
  envcheck snapshot ~/conda/envs/lab          that of a folder, to standard output
  envcheck snapshot --output lab.toml         in the shape of a pylock.toml
  envcheck . --prefix lab.json                would it run there?

exit codes: 0 written; 2 a bad request, or no environment
"""
_FORMATS = ("json", "toml")


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``snapshot``."""
    parser.add_argument(
        "path", nargs="?", default=".", metavar="PATH", help="an environment, or a project (default: .)"
    )
    environment = parser.add_mutually_exclusive_group()
    environment.add_argument("--python", metavar="PATH", help="the environment of this interpreter")
    environment.add_argument("--prefix", metavar="DIR", help="the environment in this folder")
    parser.add_argument("--config", metavar="FILE", default="", help="settings file, in place of the project's own")
    parser.add_argument("--output", metavar="FILE", default="", help="write to this file, .json or .toml")
    parser.add_argument("--format", choices=_FORMATS, default="", help="default: by the ending of the file, else json")
    parser.add_argument("-q", "--quiet", action="store_true", help="errors only")
    parser.set_defaults(jobs=0, no_cache=False)


def run(options: SimpleNamespace) -> int:
    """Write the snapshot and say of what it was taken."""
    from envcheck.engine.recording.taking import take

    if options.path in COMMANDS and not os.path.exists(options.path):
        raise UserError(f"no file or folder {options.path}", f"a command comes first: envcheck {options.path} ...")
    form = options.format or _form_of(options.output)
    settings = settings_of(options, [options.path])
    taken = take(options.path, settings, form, environ=os.environ, cwd=working_folder())
    deliver(taken.text, options.output)
    if not options.quiet:
        _say(taken, options.output)
    return 0


def _form_of(output: str) -> str:
    ending = os.path.splitext(output)[1].lower().removeprefix(".")
    if output in ("", "-"):
        return "json"
    if ending not in _FORMATS:
        raise UserError(f"--output {output}: neither .json nor .toml", "name it like that, or say --format")
    return ending


def _say(taken: Taken, output: str) -> None:
    environment = taken.environment
    count = len(environment.distributions)
    what = f"Python {environment.python or 'unknown'}, {count} distributions"
    lines = [f"{output or 'snapshot'}: {what} of {environment.prefix} ({taken.how})"]
    if environment.problems:
        lines.append(f"  {len(environment.problems)} faults in its metadata are not in it: envcheck --select ENV003")
    tell("".join(f"{sanitize(line)}\n" for line in lines))
