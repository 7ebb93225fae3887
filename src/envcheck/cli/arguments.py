"""Words → options: which command a line asks for, and the options that commands share."""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Protocol, cast

from msgspec.structs import replace

from envcheck.engine.settings.file import Wishes, load_settings
from envcheck.model.errors import UserError
from envcheck.model.findings import Severity
from envcheck.model.platforms import PLATFORMS
from envcheck.model.settings import Settings
from envcheck.reporters.catalogue import NAMES

if TYPE_CHECKING:
    from argparse import ArgumentParser, _ActionsContainer, _ArgumentGroup

COMMANDS = (
    "cache",
    "check",
    "diff",
    "doctor",
    "drift",
    "evidence",
    "explain",
    "init",
    "jupyter",
    "list",
    "lock",
    "pin",
    "restore",
    "sbom",
    "snapshot",
    "stamp",
    "unstamp",
    "verify",
)
"""The commands; the module that is named like one of them is it."""


class Command(Protocol):
    """What every module of a command offers; its docstring is the description in its help."""

    __doc__: str | None
    EXAMPLES: str

    def configure(self, parser: ArgumentParser) -> None:
        """Add the command's own arguments to its parser."""

    def run(self, options: SimpleNamespace) -> int:
        """Do it and return the exit code."""


def run(words: Sequence[str]) -> int:
    """Run the command that a command line asks for and return its exit code."""
    named = bool(words) and words[0] in COMMANDS
    if not named and not any(word.startswith("-") for word in words):
        from envcheck.cli import check

        return check.run(check.options_of_paths(words))
    # argparse is loaded for the command lines that say more than paths.
    from envcheck.cli.parser import parse

    command = _command(words[0] if named else "check")
    options = parse(command, words[named:], f"envcheck {words[0]}" if named else "envcheck")
    return command.run(options) if options else 0


def _command(name: str) -> Command:
    from importlib import import_module

    return cast("Command", import_module(f"envcheck.cli.{name}"))


def add_paths(parser: ArgumentParser) -> None:
    """Add the files and folders to read."""
    parser.add_argument("paths", nargs="*", default=[], metavar="PATH", help="files and folders to read (default: .)")


def add_reading_options(parser: ArgumentParser) -> None:
    """Add what decides which files are read and which environment is looked at."""
    group = parser.add_argument_group("what is looked at")
    environment = group.add_mutually_exclusive_group()
    environment.add_argument("--python", metavar="PATH", help="the environment of this interpreter")
    environment.add_argument("--prefix", metavar="DIR", help="the environment in this folder, or snapshot")
    group.add_argument("--exclude", metavar="GLOB", action="append", help="leave these files or folders out")
    group.add_argument("--jobs", metavar="N", type=int, default=0, help="processes that read (default: as many as pay)")
    group.add_argument("--no-cache", action="store_true", help="read every source, and keep nothing for the next run")
    group.add_argument("--config", metavar="FILE", default="", help="settings file, in place of the project's own")


def add_lock_options(parser: ArgumentParser) -> None:
    """Add what decides which part of a lock is to be installed."""
    group = parser.add_argument_group("locks (by default what their managers install by default)")
    group.add_argument("--extra", metavar="NAME,...", action="extend", type=names_given, help="with these extras")
    group.add_argument(
        "--group", metavar="NAME,...", action="extend", type=names_given, help="with these dependency groups"
    )
    group.add_argument("--no-default-groups", action="store_true", help="without the groups that come by themselves")
    group.add_argument(
        "--platform", metavar="PLATFORM", choices=PLATFORMS, default="", help="as on this platform: linux-64, osx-arm64"
    )


def add_rule_options(parser: ArgumentParser) -> _ArgumentGroup:
    """Add what decides which rules are heard and which make the run fail, and return their group."""
    group = parser.add_argument_group("rules (CODE may be a prefix: PIN, DRF00)")
    for option, meaning in (
        ("--select", "only these rules"),
        ("--extend-select", "these rules too"),
        ("--ignore", "not these rules"),
    ):
        group.add_argument(option, metavar="CODE,...", action="extend", type=names_given, help=meaning)
    words = [severity.word for severity in sorted(Severity, reverse=True)]
    group.add_argument("--fail-on", choices=words, help="least severity that makes the exit code 1 (default: warning)")
    return group


def add_adoption_options(parser: ArgumentParser) -> None:
    """Add what decides which findings are old news."""
    group = parser.add_argument_group("old findings")
    group.add_argument("--baseline", metavar="FILE", default="", help="only what this file of known findings lacks")
    group.add_argument(
        "--write-baseline",
        metavar="FILE",
        nargs="?",
        const="",
        help="write what is found to that file (default: the baseline, or envcheck-baseline.json)",
    )
    group.add_argument(
        "--diff-base", metavar="REV", default="", help="only what stands in lines changed since a git revision"
    )
    group.add_argument(
        "--since-stamp",
        action="store_true",
        help="only distributions that are not as the stamps of notebooks say, and notebooks without stamp",
    )


def add_output_options(parser: ArgumentParser, formats: Sequence[str] = ()) -> _ArgumentGroup:
    """Add what decides how results are shown, and where, and return their group.

    A command without ``formats`` of its own writes reports: in any format, and several at once.
    """
    group = parser.add_argument_group("output")
    if formats:
        group.add_argument("--format", choices=formats, default="terminal", help="for people (default) or machines")
    else:
        from envcheck.cli.reports import target

        group.add_argument(
            "--format",
            metavar="FORMAT[:FILE]",
            action="append",
            type=target,
            dest="targets",
            help=f"{', '.join(NAMES)} (default: {NAMES[0]}); may be repeated, each with a file: sarif:out.sarif",
        )
    group.add_argument("--output", metavar="FILE", default="", help="write to this file")
    add_color_option(group)
    add_loudness(group)
    return group


def add_loudness(group: _ArgumentGroup) -> None:
    """Add how much is said."""
    loudness = group.add_mutually_exclusive_group()
    loudness.add_argument("-q", "--quiet", action="store_const", const=-1, dest="verbosity", help="findings only")
    loudness.add_argument(
        "-v", "--verbose", action="store_const", const=1, dest="verbosity", help="everything that was read"
    )
    group.set_defaults(verbosity=0)


def add_color_option(group: _ActionsContainer) -> None:
    """Add the choice of colour."""
    choices = ("auto", "always", "never")
    group.add_argument("--color", choices=choices, default="auto", help="default: auto; NO_COLOR and FORCE_COLOR count")


def names_given(text: str) -> list[str]:
    """Return the names of a list with commas."""
    return [code for code in (part.strip() for part in text.split(",")) if code]


def working_folder() -> str:
    """Return the current folder. Raises ``UserError`` when it is gone."""
    try:
        return os.getcwd()
    except OSError as error:
        raise UserError(
            f"the current folder cannot be read: {error.strerror or error}", "change to another folder"
        ) from error


def paths_of(options: SimpleNamespace) -> list[str]:
    """Return the paths to read. Raises ``UserError`` for a command that stands where only a path can."""
    paths: list[str] = options.paths or ["."]
    for path in paths:
        if path in COMMANDS and not os.path.exists(path):
            raise UserError(f"no file or folder {path}", f"a command comes first: envcheck {path} ...")
    return paths


def settings_of(options: SimpleNamespace, paths: Sequence[str]) -> Settings:
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
        baseline=_absolute(getattr(options, "baseline", "")),
    )
    settings = load_settings(paths, cwd=working_folder(), explicit=options.config, wishes=wishes)
    return replace(settings, jobs=max(options.jobs, 0), cached=not options.no_cache)


def _absolute(path: str) -> str | None:
    return os.path.join(working_folder(), path) if path else None


def _given(options: SimpleNamespace, name: str) -> tuple[str, ...] | None:
    value: list[str] | None = getattr(options, name, None)
    return None if value is None else tuple(value)
