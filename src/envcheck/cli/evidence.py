"""List what notebooks themselves tell of the versions that they ran with, each with its cell.

Saved outputs (printed versions, watermark, session_info, pip and conda, paths in tracebacks) and the records of other
tools in the metadata; they are read, and never rewritten.
"""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

from envcheck.cli.arguments import add_output_options, add_paths, paths_of, settings_of, working_folder
from envcheck.cli.output import deliver, look_of

if TYPE_CHECKING:
    from argparse import ArgumentParser

EXAMPLES = """\
examples:
  envcheck evidence                             every notebook below this folder
  envcheck evidence nb/eda.ipynb -v             every trace, not only the best of each distribution
  envcheck evidence nb --format json

exit codes: 0 every notebook was read; 1 some could not be; 2 a bad request, or no notebook
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``evidence``."""
    add_paths(parser)
    group = parser.add_argument_group("what is looked at")
    group.add_argument("--exclude", metavar="GLOB", action="append", help="leave these files or folders out")
    group.add_argument("--config", metavar="FILE", default="", help="settings file, in place of the project's own")
    parser.set_defaults(python=None, prefix=None, jobs=0, no_cache=True)
    add_output_options(parser, ("terminal", "json"))


def run(options: SimpleNamespace) -> int:
    """Show what the notebooks tell, and return 1 when some notebook could not be read."""
    from envcheck.engine.testimony.notebooks import testimonies, trace_names
    from envcheck.engine.testimony.rows import evidence_rows

    paths = paths_of(options)
    settings = settings_of(options, paths)
    found = testimonies(paths, settings, cwd=working_folder())
    content = evidence_rows(found, trace_names(settings))
    deliver(_rendered(content, options), options.output)
    return int(found.is_incomplete)


def _rendered(content: dict[str, object], options: SimpleNamespace) -> str:
    if options.format == "json":
        from envcheck.reporters.json import document

        return document(content)
    from envcheck.reporters.evidence import render

    stream = None if options.output else sys.stdout
    look = look_of(stream, environ=os.environ, color=options.color, verbosity=options.verbosity)
    return render(content, look)
