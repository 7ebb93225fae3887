"""Take the stamps out of notebooks again: what is left are the bytes from before the first stamp."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import TYPE_CHECKING

from envcheck.cli.arguments import (
    add_color_option,
    add_loudness,
    add_paths,
    add_reading_options,
    paths_of,
    settings_of,
    working_folder,
)

if TYPE_CHECKING:
    from argparse import ArgumentParser

EXAMPLES = """\
examples:
  envcheck unstamp nb/eda.ipynb
  envcheck unstamp --diff .                     what would be taken away

exit codes: 0 no notebook has a stamp any more; 1 some has, or with --check would be written; 2 a bad request
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``unstamp``."""
    add_paths(parser)
    add_reading_options(parser)
    group = parser.add_argument_group("stamps")
    group.add_argument("--check", action="store_true", help="write nothing; 1 when something would be written")
    group.add_argument("--diff", action="store_true", help="write nothing; show what would be written")
    add_color_option(group)
    add_loudness(group)


def run(options: SimpleNamespace) -> int:
    """Take stamps away, or say what that would do."""
    from envcheck.cli.stamping import carry_out
    from envcheck.engine.stamping.notebooks import find_notebooks
    from envcheck.engine.stamping.writing import unstampings

    paths, cwd = paths_of(options), working_folder()
    notebooks = find_notebooks(paths, settings_of(options, paths), environ=os.environ, cwd=cwd)
    return carry_out(unstampings(notebooks), notebooks.project.root, options)
