"""Commands of a cell → the install lines in them, each at its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from envcheck.gather.documents import shell_installs
from envcheck.gather.documents.magics import Command
from envcheck.gather.documents.shell_installs import ShellInstall
from envcheck.model.places import Place
from envcheck.model.usage import InstallCommand

_SHELLS = frozenset(("sx", "system"))
_INSTALLERS = frozenset(("pip", "conda", "mamba", "micromamba", "uv"))
# "!pip" and "! pip"; what is assigned or stands deeper begins later, and a body of %%bash has no sign.
_AFTER_SIGN = (2, 3)
_INSTALLER = re.compile(r"(?:python3?\s+-m\s+)?(?:pip3?|uv\s+pip|conda|mamba|micromamba)\s+install\s+")
_INSTALLING = _SHELLS | _INSTALLERS


def may_install(command: Command) -> bool:
    """Tell whether a command is one of a shell, or of a magic that installs."""
    return command.sign == "!" or (command.sign == "%" and command.text.partition(" ")[0] in _INSTALLING)


def installs(command: Command, place: Place) -> Iterator[InstallCommand]:
    """Yield what a command installs, which :func:`may_install`; ``place`` is that of the first line of its cell."""
    text, offset = command.text, 0
    if command.sign == "%" and (name := text.partition(" ")[0]) in _SHELLS:
        offset = len(name) + 1
    for install in shell_installs.find(text[offset:]):
        start = install.offset + offset
        by_kernel = install.kernel or (command.sign == "%" and not offset and not _ends_command(text[:start]))
        position = _position(command, start, place)
        alone = not by_kernel and _is_alone(command, install, start)
        # What a cell says, not what we do: nothing is called with a shell.
        yield InstallCommand(install.tool, install.arguments, position, shell=not by_kernel, alone=alone)  # nosec B604


def _is_alone(command: Command, install: ShellInstall, start: int) -> bool:
    """Tell whether a command begins its cell's line, after the sign, and the installer the command."""
    begins = command.sign == "!" and command.column in _AFTER_SIGN
    ends = not command.text[start + len(install.arguments) :].strip()
    # IPython drops the quotes of this magic: what needs them cannot be written so.
    is_plain = install.tool != "conda" or not re.search(r"[\"'<>|&;]", install.arguments)
    return begins and ends and is_plain and _INSTALLER.fullmatch(command.text[:start]) is not None


def _ends_command(text: str) -> bool:
    """Tell whether a text before an install line holds another command: after ``&&`` a shell decides which pip."""
    return any(mark in text for mark in ("&&", ";", "|"))


def _position(command: Command, offset: int, place: Place) -> Place:
    """Return the place of an offset in a command, whose lines may go on."""
    before = command.text[:offset]
    lines = before.count("\n")
    column = len(before) - before.rfind("\n") if lines else command.column and command.column + offset
    return place._replace(line=place.line + command.line - 1 + lines, column=column)
