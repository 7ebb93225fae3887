"""What the commands of a cell use: extensions, other files, install lines."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.gather.documents import install_lines, magics
from envcheck.gather.documents.magics import Command, Fragment
from envcheck.gather.sources.facts import Fact, is_module_name
from envcheck.model.places import Place
from envcheck.model.readings import Reference, ReferenceKind
from envcheck.model.usage import Import, ImportKind

_STATEMENTS = frozenset(("time", "timeit", "prun", "memit", "mprun", "lprun", "debug", "px"))
# What IPython itself loads by these names, now or before it gave them away (IPython.core.extensions).
_FORMER_EXTENSIONS = ("cythonmagic", "octavemagic", "parallelmagic", "rmagic", "sympyprinting")
_OWN_EXTENSIONS = frozenset(("autoreload", "storemagic", *_FORMER_EXTENSIONS))


def read(command: Command, place: Place) -> Iterator[Fact]:
    """Yield what a command uses; ``place`` is that of the first line of its cell."""
    name, _, rest = command.text.partition(" ")
    here = place._replace(line=place.line + command.line - 1)
    if install_lines.may_install(command):
        yield from install_lines.installs(command, place)
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
