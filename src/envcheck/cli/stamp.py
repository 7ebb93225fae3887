"""Write into notebooks what they run with: the versions of what they import, and of what that requires.

The stamp is one key of the notebook's metadata; every other byte stays, and a notebook whose stamp is right is not
touched. Versions are those of the environment of the notebook's kernel, read from its files: run the notebook first.
"""

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
  envcheck stamp nb/eda.ipynb                   what it ran with, in the environment of its kernel
  envcheck stamp --check .                      in CI, or before a commit: is every stamp there and right
  envcheck stamp --kernel lab nb                as if all of them named the kernel lab
  envcheck stamp --env pylock.toml nb           refer to a lock in place of naming versions

exit codes: 0 all stamped; 1 some notebook is not, or with --check would be written; 2 a bad request
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``stamp``."""
    add_paths(parser)
    add_reading_options(parser)
    group = parser.add_argument_group("stamps")
    group.add_argument("--kernel", metavar="NAME", default="", help="this kernel in place of the notebooks' own")
    what = group.add_mutually_exclusive_group()
    what.add_argument("--direct", action="store_true", help="only what is imported, not what that requires")
    what.add_argument("--env", metavar="LOCK", default="", help="refer to this lock in place of naming versions")
    group.add_argument("--check", action="store_true", help="write nothing; 1 when something would be written")
    group.add_argument("--diff", action="store_true", help="write nothing; show what would be written")
    add_color_option(group)
    add_loudness(group)


def run(options: SimpleNamespace) -> int:
    """Stamp notebooks, or say what that would do."""
    from envcheck.cli.stamping import carry_out
    from envcheck.engine.stamping.notebooks import find_notebooks
    from envcheck.engine.stamping.references import reference_to
    from envcheck.engine.stamping.writing import Wish, stampings

    paths, cwd = paths_of(options), working_folder()
    settings = settings_of(options, paths)
    notebooks = find_notebooks(paths, settings, environ=os.environ, cwd=cwd, kernel=options.kernel)
    lock = reference_to(options.env, root=notebooks.project.root, cwd=cwd) if options.env else None
    return carry_out(stampings(notebooks, Wish(options.direct, lock)), notebooks.project.root, options)
