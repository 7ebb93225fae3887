"""What the commands of a cell use: extensions, other files, install lines."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.gather.documents import magics, shell_installs
from envcheck.gather.documents.magics import Command, Fragment
from envcheck.gather.sources.facts import Fact, is_module_name
from envcheck.model.places import Place
from envcheck.model.readings import Reference, ReferenceKind
from envcheck.model.usage import Import, ImportKind, InstallCommand

_STATEMENTS = frozenset(("time", "timeit", "prun", "memit", "mprun", "lprun", "debug", "px"))
_SHELLS = frozenset(("sx", "system"))
_INSTALLERS = frozenset(("pip", "conda", "mamba", "micromamba", "uv"))
_INSTALLING = _SHELLS | _INSTALLERS
# What IPython itself loads by these names, now or before it gave them away (IPython.core.extensions).
_FORMER_EXTENSIONS = ("cythonmagic", "octavemagic", "parallelmagic", "rmagic", "sympyprinting")
_OWN_EXTENSIONS = frozenset(("autoreload", "storemagic", *_FORMER_EXTENSIONS))


def read(command: Command, place: Place) -> Iterator[Fact]:
    """Yield what a command uses; ``place`` is that of the first line of its cell."""
    name, _, rest = command.text.partition(" ")
    here = place._replace(line=place.line + command.line - 1)
    if command.sign == "!" or (command.sign == "%" and name in _INSTALLING):
        yield from _installs(command, place)
    elif command.sign == "%" and name in ("load_ext", "reload_ext"):
        module = magics.first_argument(rest)
        if module not in _OWN_EXTENSIONS and is_module_name(module):
            yield Import(module, here, ImportKind.EXTENSION)
    elif command.sign == "%" and name == "run":
        target = magics.first_argument(rest).rstrip(";")
        if target:
            yield Reference(ReferenceKind.RUN, target, here)


def statement(command: Command) -> Fragment | None:
    """Return the Python statement that ``%time`` and its like run."""
    name, _, rest = command.text.partition(" ")
    if command.sign == "%" and name in _STATEMENTS:
        return Fragment(magics.without_options(rest), command.line)
    return None


def _installs(command: Command, place: Place) -> Iterator[InstallCommand]:
    text, offset = command.text, 0
    if command.sign == "%" and (name := text.partition(" ")[0]) in _SHELLS:
        offset = len(name) + 1
    for install in shell_installs.find(text[offset:]):
        start = install.offset + offset
        by_kernel = install.kernel or (command.sign == "%" and not offset and not _ends_command(text[:start]))
        yield InstallCommand(install.tool, install.arguments, _position(command, start, place), shell=not by_kernel)


def _ends_command(text: str) -> bool:
    """Tell whether a text before an install line holds another command: after ``&&`` a shell decides which pip."""
    return any(mark in text for mark in ("&&", ";", "|"))


def _position(command: Command, offset: int, place: Place) -> Place:
    """Return the place of an offset in a command, whose lines may go on."""
    before = command.text[:offset]
    lines = before.count("\n")
    column = len(before) - before.rfind("\n") if lines else command.column and command.column + offset
    return place._replace(line=place.line + command.line - 1 + lines, column=column)
