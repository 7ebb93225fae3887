"""Words → options: which command a line asks for, its parser, and the options that commands share."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn, Protocol

from envcheck import __version__
from envcheck.cli.output import columns
from envcheck.engine.settings.file import Wishes, load_settings
from envcheck.model.errors import UserError
from envcheck.model.findings import Severity
from envcheck.model.platforms import PLATFORMS
from envcheck.model.settings import Settings
from envcheck.reporters.catalogue import NAMES

COMMANDS = ("check", "list", "explain")
_USUAL_WIDTH = 80


class Command(Protocol):
    """What every module of a command offers; its docstring is the description in its help."""

    __doc__: str | None
    EXAMPLES: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own arguments to its parser."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it and return the exit code."""


class Parser(argparse.ArgumentParser):
    """A parser that raises ``UserError`` in place of leaving the process."""

    def error(self, message: str) -> NoReturn:
        """Raise argparse's complaint, with the nearest option where one is unknown."""
        raise UserError(message, f"{_nearest_option(self, message)}see {self.prog} --help")


class Help(argparse.RawDescriptionHelpFormatter):
    """Help as wide as reports; argparse would load shutil at every start to learn the width."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=columns(sys.stdout, os.environ) or _USUAL_WIDTH)


def run(words: Sequence[str]) -> int:
    """Run the command that a command line asks for and return its exit code."""
    named = bool(words) and words[0] in COMMANDS
    command = _command(words[0] if named else "check")
    parser = Parser(
        prog=f"envcheck {words[0]}" if named else "envcheck",
        description=command.__doc__,
        epilog=command.EXAMPLES,
        formatter_class=Help,
        allow_abbrev=False,
    )
    command.configure(parser)
    parser.add_argument("--version", action="version", version=f"envcheck {__version__}")
    try:
        options = parser.parse_intermixed_args(words[named:])
    except SystemExit:  # --help or --version, said
        sys.stdout.flush()
        return 0
    return command.run(options)


def _command(name: str) -> Command:
    match name:
        case "list":
            from envcheck.cli import list as command_list

            return command_list
        case "explain":
            from envcheck.cli import explain

            return explain
        case _:
            from envcheck.cli import check

            return check


def add_paths(parser: argparse.ArgumentParser) -> None:
    """Add the files and folders to read."""
    parser.add_argument("paths", nargs="*", default=[], metavar="PATH", help="files and folders to read (default: .)")


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """Add what decides which files are read and which environment is looked at."""
    group = parser.add_argument_group("what is looked at")
    environment = group.add_mutually_exclusive_group()
    environment.add_argument("--python", metavar="PATH", help="the environment of this interpreter (it is not started)")
    environment.add_argument("--prefix", metavar="DIR", help="the environment in this folder")
    group.add_argument("--exclude", metavar="GLOB", action="append", help="leave these files or folders out")
    group.add_argument("--config", metavar="FILE", default="", help="settings file, in place of the project's own")


def add_lock_options(parser: argparse.ArgumentParser) -> None:
    """Add what decides which part of a lock is to be installed."""
    group = parser.add_argument_group("locks (by default what their managers install by default)")
    group.add_argument("--extra", metavar="NAME,...", action="extend", type=_codes, help="with these extras")
    group.add_argument("--group", metavar="NAME,...", action="extend", type=_codes, help="with these dependency groups")
    group.add_argument("--no-default-groups", action="store_true", help="without the groups that come by themselves")
    group.add_argument(
        "--platform", metavar="PLATFORM", choices=PLATFORMS, default="", help="as on this platform: linux-64, osx-arm64"
    )


def add_rule_options(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add what decides which rules are heard and which make the run fail, and return their group."""
    group = parser.add_argument_group("rules (CODE may be a prefix: PIN, DRF00)")
    for option, meaning in (
        ("--select", "only these rules"),
        ("--extend-select", "these rules too"),
        ("--ignore", "not these rules"),
    ):
        group.add_argument(option, metavar="CODE,...", action="extend", type=_codes, help=meaning)
    words = [severity.word for severity in sorted(Severity, reverse=True)]
    group.add_argument("--fail-on", choices=words, help="least severity that makes the exit code 1 (default: warning)")
    return group


def add_output_options(parser: argparse.ArgumentParser, formats: Sequence[str] = NAMES) -> argparse._ArgumentGroup:
    """Add what decides how results are shown, and where, and return their group."""
    group = parser.add_argument_group("output")
    group.add_argument("--format", choices=formats, default="terminal", help="for people (default) or machines")
    group.add_argument("--output", metavar="FILE", default="", help="write to this file")
    add_color_option(group)
    loudness = group.add_mutually_exclusive_group()
    loudness.add_argument("-q", "--quiet", action="store_const", const=-1, dest="verbosity", help="findings only")
    loudness.add_argument(
        "-v", "--verbose", action="store_const", const=1, dest="verbosity", help="everything that was read"
    )
    parser.set_defaults(verbosity=0)
    return group


def add_color_option(group: argparse._ActionsContainer) -> None:
    """Add the choice of colour."""
    choices = ("auto", "always", "never")
    group.add_argument("--color", choices=choices, default="auto", help="default: auto; NO_COLOR and FORCE_COLOR count")


def _codes(text: str) -> list[str]:
    return [code for code in (part.strip() for part in text.split(",")) if code]


def working_folder() -> str:
    """Return the current folder. Raises ``UserError`` when it is gone."""
    try:
        return os.getcwd()
    except OSError as error:
        raise UserError(
            f"the current folder cannot be read: {error.strerror or error}", "change to another folder"
        ) from error


def paths_of(options: argparse.Namespace) -> list[str]:
    """Return the paths to read. Raises ``UserError`` for a command that stands where only a path can."""
    paths: list[str] = options.paths or ["."]
    for path in paths:
        if path in COMMANDS and not os.path.exists(path):
            raise UserError(f"no file or folder {path}", f"a command comes first: envcheck {path} ...")
    return paths


def settings_of(options: argparse.Namespace, paths: Sequence[str]) -> Settings:
    """Return the settings file's wishes, overruled by those of the command line."""
    severity: str | None = getattr(options, "fail_on", None)
    wishes = Wishes(
        select=_given(options, "select"),
        extend_select=_given(options, "extend_select"),
        ignore=_given(options, "ignore"),
        exclude=_given(options, "exclude"),
        fail_on=Severity[severity.upper()] if severity else None,
        python=options.python,
        prefix=options.prefix,
        extras=_given(options, "extra"),
        groups=_given(options, "group"),
        locked=getattr(options, "locked", False) or None,
        default_groups=False if getattr(options, "no_default_groups", False) else None,
        platform=getattr(options, "platform", "") or None,
    )
    return load_settings(paths, cwd=working_folder(), explicit=options.config, wishes=wishes)


def _given(options: argparse.Namespace, name: str) -> tuple[str, ...] | None:
    value: list[str] | None = getattr(options, name, None)
    return None if value is None else tuple(value)


def _nearest_option(parser: argparse.ArgumentParser, message: str) -> str:
    _, _, unknown = message.partition("unrecognized arguments: ")
    if not unknown.startswith("-"):
        return ""
    from difflib import get_close_matches

    known = [option for action in parser._actions for option in action.option_strings]  # noqa: SLF001
    close = get_close_matches(unknown.split()[0].partition("=")[0], known, n=1)
    return f"did you mean {close[0]}? " if close else ""
