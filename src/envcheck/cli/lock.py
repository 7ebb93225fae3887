"""Lock what is declared, with hashes, in the versions that are installed: the lock is the environment that works.

requirements.in, requirements.txt and pyproject.toml are resolved by pip-tools (or uv), environment.yml by conda-lock;
both run as programs of their own, ask the index that pip or conda is configured for, and may build what has no wheel.
"""

from __future__ import annotations

import os
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from envcheck.cli.arguments import add_color_option, add_reading_options, names_given, settings_of, working_folder
from envcheck.cli.output import tell
from envcheck.model.errors import UserError
from envcheck.reporters.sanitize import sanitize

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from envcheck.cli.arguments import Command
    from envcheck.engine.check import Case
    from envcheck.engine.locking.checking import Checked
    from envcheck.engine.locking.choice import Locking
    from envcheck.engine.locking.orders import Wish
    from envcheck.model.settings import Settings

EXAMPLES = """\
examples:
  envcheck lock                             requirements.in -> requirements.txt, or what else is declared here
  envcheck lock environment.yml             -> conda-lock.yml, by conda-lock
  envcheck lock --upgrade-package pandas    pandas may move, the rest stays
  envcheck lock --with uv --universal       for every platform
  envcheck lock --output pylock.toml
  envcheck lock --check                     in CI: would the lock change? from the files alone where they tell

exit codes: 0 locked, or up to date; 1 --check: the lock would change; 2 it cannot be made, and nothing is written
"""
_SECONDS = 1800
_TOOLS = ("pip-tools", "uv", "pip")


def configure(parser: ArgumentParser) -> None:
    """Add the arguments of ``lock``."""
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="a declaration, a lock, or a folder")
    add_reading_options(parser)
    group = parser.add_argument_group("locks")
    group.add_argument("--output", metavar="FILE", default="", help="where the lock goes (default: beside its source)")
    group.add_argument("--with", choices=_TOOLS, default="", dest="tool", help="the tool (default: pip-tools)")
    group.add_argument("--upgrade", action="store_true", help="the newest versions, not those that are installed")
    for option, dest, meaning in (
        ("--upgrade-package", "upgrade_package", "these may move"),
        ("--extra", "extra", "with these extras"),
        ("--group", "group", "with these dependency groups (uv)"),
        ("--platform", "platforms", "for these platforms (conda-lock)"),
    ):
        names: dict[str, Any] = {"metavar": "NAME,...", "action": "extend", "type": names_given, "default": []}
        group.add_argument(option, dest=dest, help=meaning, **names)
    group.add_argument("--universal", action="store_true", help="for every platform and Python (uv)")
    group.add_argument("--conda", metavar="PATH", default="", help="the conda, mamba or micromamba that solves")
    group.add_argument("--check", action="store_true", help="write nothing; 1 when the lock would change")
    longest = f"for each run of a tool (default: {_SECONDS})"
    group.add_argument("--timeout", metavar="SECONDS", type=float, default=_SECONDS, help=longest)
    _add_look(parser)


def _add_look(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("output")
    add_color_option(group)
    loudness = group.add_mutually_exclusive_group()
    said = (("-q", "--quiet", -1, "errors only"), ("-v", "--verbose", 1, "all that the tool says"))
    for short, long, value, meaning in said:
        loudness.add_argument(short, long, action="store_const", const=value, dest="verbosity", help=meaning)
    parser.set_defaults(verbosity=0)


def run(options: SimpleNamespace) -> int:
    """Write or check the locks, and return 1 when one would change."""
    from envcheck.engine.check import open_case
    from envcheck.engine.locking.choice import choose

    cwd = working_folder()
    settings = settings_of(options, [options.path])
    case = open_case([options.path], settings, environ=os.environ, cwd=cwd)
    output = os.path.relpath(os.path.join(cwd, options.output), case.project.root) if options.output else ""
    lockings = choose(case, output.replace(os.sep, "/"))
    results = [_one(case, locking, options, settings) for locking in lockings]
    return int(any(results))


def _wish(case: Case, locking: Locking, options: SimpleNamespace) -> Wish:
    """Return what is asked of a lock: by the command line, else by the header of the lock that is there."""
    from envcheck.engine.locking.orders import Wish

    shaping = options
    if not (options.tool or options.extra or options.group or options.universal):
        shaping = _recorded(case, locking) or options
    return Wish(
        shaping.tool,
        options.upgrade,
        tuple(options.upgrade_package),
        tuple(shaping.extra),
        tuple(shaping.group),
        tuple(options.platforms),
        shaping.universal,
        os.path.abspath(options.conda) if options.conda else "",
    )


def _recorded(case: Case, locking: Locking) -> SimpleNamespace | None:
    """Return the options that a lock was made with by us, ``None`` when it was not, or they are not ours any more."""
    import shlex

    from envcheck.cli.parser import parse

    there = case.facts.declarations.get(locking.output)
    words = there.lock.manager.renew.split() if there and there.lock else []
    if words[:2] != ["envcheck", "lock"] or any(word in ("-h", "--help", "--version") for word in words):
        return None
    try:
        return parse(cast("Command", sys.modules[__name__]), shlex.split(" ".join(words[2:])), "envcheck lock")
    except (UserError, ValueError):
        return None


def _one(case: Case, locking: Locking, options: SimpleNamespace, settings: Settings) -> bool:
    """Make, or ask about, one lock, and return whether something is left to do."""
    from envcheck.cli.listening import Listening
    from envcheck.engine.locking.checking import check
    from envcheck.engine.locking.locking import make, put
    from envcheck.lockers.base import Run
    from envcheck.reporters.locked import lines

    listening = Listening(options.verbosity)
    run = Run(os.environ, options.timeout, listening.hear)
    wish = _wish(case, locking, options)
    try:
        if options.check:
            checked = check(case, locking, wish, run, settings=settings)
        else:
            made = make(case, locking, wish, run, settings=settings)
            put(case, made)
    finally:
        listening.finish()
    if options.check:
        return _say_checked(checked, options)
    if options.verbosity >= 0:
        tell("".join(f"{line}\n" for line in lines(made.summary)))
    return False


def _say_checked(checked: Checked, options: SimpleNamespace) -> bool:
    from envcheck.engine.locking.checking import Answer

    if options.verbosity >= 0:
        how = ", resolved anew" if checked.on_trial else ""
        said = [f"{checked.path}: {checked.answer.value}{how}", *(f"  {reason}" for reason in checked.reasons)]
        tell("".join(f"{sanitize(line)}\n" for line in said))
    return checked.answer is not Answer.FRESH
