"""Compare any two records of versions: what is the same, what only one of them has, what is another version.

A record is the stamp of a notebook, an environment (its folder or interpreter), a lock, a snapshot, a requirements
file, or what pip freeze, pip list or conda list print; - is standard input. What one side cannot know (its Python, what
conda brings besides Python) is not held against it.
"""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

from envcheck.cli.arguments import add_lock_options, add_output_options, settings_of, working_folder
from envcheck.cli.output import deliver, look_of

if TYPE_CHECKING:
    from argparse import ArgumentParser

EXAMPLES = """\
examples:
  envcheck diff eda.ipynb .venv                 a stamp and an environment
  envcheck diff uv.lock .venv --group dev
  envcheck diff colleague.json .venv            a snapshot and an environment
  ssh lab pip freeze | envcheck diff - uv.lock
  envcheck diff old/pylock.toml pylock.toml --format json

exit codes: 0 the same; 1 different; 2 a bad request, or something that cannot be read
"""
_LARGEST = 64 << 20


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``diff``."""
    parser.add_argument("before", metavar="A", help="what was")
    parser.add_argument("after", metavar="B", help="what is")
    add_lock_options(parser)
    parser.add_argument("--config", metavar="FILE", default="", help="settings file, in place of the project's own")
    add_output_options(parser, ("terminal", "json"))
    parser.set_defaults(python=None, prefix=None, jobs=0, no_cache=False)


def run(options: SimpleNamespace) -> int:
    """Show what differs, and return 1 when something does."""
    from envcheck.engine.check import names
    from envcheck.engine.recording.comparing import compare_names
    from envcheck.engine.recording.sides import Asking
    from envcheck.reporters import comparison as reporter

    is_piped = "-" in (options.before, options.after)
    stdin = sys.stdin.buffer.read(_LARGEST + 1) if is_piped else b""
    asking = Asking(settings_of(options, ["."]), os.environ, working_folder(), names(), stdin)
    compared = compare_names(options.before, options.after, asking)
    if options.format == "json":
        from envcheck.reporters.json import document

        text = document(reporter.content(compared.comparison, compared.kinds, compared.remarks))
    else:
        stream = None if options.output else sys.stdout
        look = look_of(stream, environ=os.environ, color=options.color, verbosity=options.verbosity)
        text = reporter.render(compared.comparison, compared.kinds, compared.remarks, look)
    deliver(text, options.output)
    return int(not compared.is_same)
