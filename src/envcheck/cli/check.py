"""Say, line by line, where notebooks and scripts, declarations and the installed environment disagree.

envcheck [PATH ...]      is envcheck check [PATH ...]; a path that is named like a command: ./list
envcheck list --help     the bare facts: imports, requirements, distributions
envcheck stamp --help    what a notebook ran with, kept inside of it; verify: what has drifted since
envcheck diff --help     any two records of versions side by side; snapshot, restore: environments as files
envcheck explain [RULE]  what a rule means; all rules
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING

from envcheck.cli.arguments import (
    add_adoption_options,
    add_lock_options,
    add_output_options,
    add_paths,
    add_reading_options,
    add_rule_options,
    paths_of,
    settings_of,
    working_folder,
)
from envcheck.cli.reports import Target, show, targets_of

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from envcheck.cli.progress import PatientProgress
    from envcheck.model.settings import Settings

EXAMPLES = """\
examples:
  envcheck                                      this folder, in the environment that is active
  envcheck nb/eda.ipynb --prefix ~/conda/envs/lab
  envcheck --select DRF,COV --fail-on error     only drift and coverage; warnings do not fail
  envcheck --locked                             in CI: environment = lock = declarations
  envcheck --table                              declared, locked, installed and used, side by side
  envcheck --format github --format sarif:envcheck.sarif --format html:envcheck.html

exit codes: 0 all read, nothing found; 1 findings; 2 a bad request; 3 a bug in envcheck
nothing that is checked is run, and nothing is downloaded
"""


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``check``."""
    add_paths(parser)
    add_reading_options(parser)
    add_lock_options(parser)
    rules = add_rule_options(parser)
    rules.add_argument("--locked", action="store_true", help="only drift and locks; no lock at all is an error")
    rules.add_argument("--fix", action="store_true", help="write the fixes that are safe, then report the rest")
    rules.add_argument("--unsafe-fixes", action="store_true", help="with --fix: also remove and replace")
    add_adoption_options(parser)
    output = add_output_options(parser)
    output.add_argument(
        "--table", action="append_const", const=Target("table"), dest="targets", help="is --format table"
    )


def options_of_paths(paths: Sequence[str]) -> SimpleNamespace:
    """Return what the parser makes of paths alone, without a parser: nearly every command line is such a one."""
    lists = dict.fromkeys(("exclude", "extra", "group", "select", "extend_select", "ignore", "targets"))
    nothing = dict.fromkeys(("python", "prefix", "fail_on", "write_baseline"))
    no = dict.fromkeys(("no_default_groups", "locked", "fix", "unsafe_fixes", "no_cache", "since_stamp"), False)
    said = dict.fromkeys(("config", "platform", "output", "baseline", "diff_base"), "")
    return SimpleNamespace(**lists, **nothing, **no, **said, paths=list(paths), jobs=0, color="auto", verbosity=0)


def run(options: SimpleNamespace) -> int:
    """Check, show the report, and return 1 when a finding is severe enough to fail."""
    paths = paths_of(options)
    targets = targets_of(options)
    settings = settings_of(options, paths)
    if options.fix:
        _fix(options, settings, paths)
    from envcheck.engine.check import run_check

    progress = _progress(options)
    try:
        report = run_check(paths, settings, environ=os.environ, cwd=working_folder(), progress=progress)
    finally:
        if progress:
            progress.finish()
    if options.write_baseline is not None:
        from envcheck.cli.adoption import write_baseline

        return write_baseline(report, settings, options.write_baseline)
    if settings.baseline or options.diff_base or options.since_stamp:
        from envcheck.cli.adoption import adopted

        report = adopted(report, settings, options)
    show(report, targets, options)
    return int(report.fails(settings.fail_on))


def _fix(options: SimpleNamespace, settings: Settings, paths: Sequence[str]) -> None:
    """Write the fixes, and say on standard error what was written and what not."""
    from envcheck.cli.output import say_outcome
    from envcheck.engine.writing.fixes import Fixing
    from envcheck.engine.writing.fixing import Request, propose, write

    request = Request(paths, settings, os.environ, working_folder())
    wanted = Fixing(options.unsafe_fixes)
    say_outcome(write(request, propose(request, wanted), wanted), written=True)


def _progress(options: SimpleNamespace) -> PatientProgress | None:
    if options.verbosity < 0 or sys.stderr is None or not sys.stderr.isatty():
        return None
    from envcheck.cli.progress import PatientProgress

    return PatientProgress()
