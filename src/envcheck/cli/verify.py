"""Compare the stamps of notebooks with the environments that they run in now: what has drifted since.

A notebook without a stamp, or with one that cannot be judged, is never called right.
"""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

from envcheck.cli.arguments import (
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

    from envcheck.engine.stamping.notebooks import Notebooks

EXAMPLES = """\
examples:
  envcheck verify nb/eda.ipynb                  what has drifted since it was stamped
  envcheck verify . --format table              every version, stamped and here
  envcheck verify . --evidence                  saved outputs and others' records, where there is no stamp
  envcheck verify . --prefix ~/conda/envs/lab   in another environment

exit codes: 0 all as stamped; 1 drift, no stamp, or one that cannot be judged; 2 a bad request
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``verify``."""
    add_paths(parser)
    add_reading_options(parser)
    group = parser.add_argument_group("stamps")
    group.add_argument("--kernel", metavar="NAME", default="", help="this kernel in place of the notebooks' own")
    group.add_argument("--evidence", action="store_true", help="what notebooks tell otherwise, in place of stamps")
    add_output_options(parser, ("terminal", "table", "json"))


def run(options: SimpleNamespace) -> int:
    """Show what has drifted, and return 1 unless every notebook is as stamped."""
    from envcheck.engine.stamping.notebooks import find_notebooks
    from envcheck.engine.stamping.verifying import verdicts
    from envcheck.reporters import verdicts as reporter

    paths = paths_of(options)
    settings = settings_of(options, paths)
    notebooks = find_notebooks(paths, settings, environ=os.environ, cwd=working_folder(), kernel=options.kernel)
    if options.evidence:
        return _verify_evidence(notebooks, options)
    found = tuple(verdicts(notebooks))
    if options.format == "json":
        from envcheck.reporters.json import document

        deliver(document(reporter.content(found)), options.output)
    else:
        stream = None if options.output else sys.stdout
        look = look_of(stream, environ=os.environ, color=options.color, verbosity=options.verbosity)
        render = reporter.table if options.format == "table" else reporter.render
        deliver(render(found, look), options.output)
    return int(not all(verdict.is_ok for verdict in found))


def _verify_evidence(notebooks: Notebooks, options: SimpleNamespace) -> int:
    """Show how environments compare with what notebooks tell, and return 1 when something is not as told."""
    from envcheck.engine.testimony.verified import has_drifted, verified_rows

    content = verified_rows(notebooks)
    if options.format == "json":
        from envcheck.reporters.json import document

        deliver(document(content), options.output)
    else:
        from envcheck.reporters.evidence import render_verified

        stream = None if options.output else sys.stdout
        look = look_of(stream, environ=os.environ, color=options.color, verbosity=options.verbosity)
        deliver(render_verified(content, look), options.output)
    return int(has_drifted(content))
