"""The parser of a command: its usage, its help, and what it says of words that it does not know."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, NoReturn

from envcheck import __version__
from envcheck.cli.output import columns, deliver
from envcheck.model.errors import UserError

if TYPE_CHECKING:
    from envcheck.cli.arguments import Command

_USUAL_WIDTH = 80


class Parser(argparse.ArgumentParser):
    """A parser that raises ``UserError`` in place of leaving the process."""

    def error(self, message: str) -> NoReturn:
        """Raise argparse's complaint, with the nearest option where one is unknown."""
        raise UserError(message, f"{_nearest_option(self, message)}see {self.prog} --help")

    def _print_message(self, message: str, file: object = None) -> None:  # noqa: ARG002 - argparse's own signature
        """Say help or version as all else is said: argparse swallows it when the disk is full."""
        deliver(message)


class Help(argparse.RawDescriptionHelpFormatter):
    """Help as wide as reports; argparse would load shutil at every start to learn the width."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=columns(sys.stdout, os.environ) or _USUAL_WIDTH)


def parse(command: Command, words: Sequence[str], prog: str) -> SimpleNamespace | None:
    """Return the options that words give a command; ``None`` when they asked for help, which is said.

    Raises ``UserError`` for words that the command does not know.
    """
    parser = Parser(
        prog=prog, description=command.__doc__, epilog=command.EXAMPLES, formatter_class=Help, allow_abbrev=False
    )
    command.configure(parser)
    parser.add_argument("--version", action="version", version=f"envcheck {__version__}")
    try:
        return parser.parse_intermixed_args(_plain(words), SimpleNamespace())
    except SystemExit:  # --help or --version, said
        return None


def _plain(words: Sequence[str]) -> list[str]:
    """Return words in which nothing behind ``--`` looks like an option: argparse forgets it between its two passes."""
    if "--" not in words:
        return list(words)
    cut = list(words).index("--")
    return [*words[:cut], *(f"./{word}" if word.startswith("-") else word for word in words[cut + 1 :])]


def _nearest_option(parser: argparse.ArgumentParser, message: str) -> str:
    _, _, unknown = message.partition("unrecognized arguments: ")
    if not unknown.startswith("-"):
        return ""
    from difflib import get_close_matches

    known = [option for action in parser._actions for option in action.option_strings]  # noqa: SLF001
    close = get_close_matches(unknown.split()[0].partition("=")[0], known, n=1)
    return f"did you mean {close[0]}? " if close else ""
