"""What code uses: imports, install lines in cells, and the kernel that a notebook claims."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from envcheck.model.places import Place
from envcheck.model.stamps import Stamp


class ImportKind(Enum):
    """How an import is written, and so how much its absence matters."""

    PLAIN = "plain"
    GUARDED = "guarded"
    """Inside ``try`` with ``except ImportError`` (or a parent of it): optional at this occurrence."""
    TYPE_ONLY = "type-only"
    DYNAMIC = "dynamic"
    EXTENSION = "extension"
    """An IPython extension: ``%load_ext x``."""


class Import(Struct, frozen=True):
    """One absolute use of a module.

    ``module`` is dotted and as written; ``names`` are what ``from module import names`` takes from it, any of
    which may itself be a submodule (``from google.cloud import storage``). Relative imports are not uses.
    """

    module: str
    place: Place
    kind: ImportKind = ImportKind.PLAIN
    names: tuple[str, ...] = ()

    @property
    def top(self) -> str:
        """The first component: what must be importable at all."""
        return self.module.partition(".")[0]


class InstallCommand(Struct, frozen=True):
    """An install line in a cell, before any dialect has read it.

    ``tool`` is ``pip``, ``conda`` (conda, mamba, micromamba) or ``uv``; ``arguments`` is all that follows ``install``,
    one logical line, quotes, ``{interpolation}`` and breaks as written; ``place`` is that of the arguments. ``shell``
    tells ``!pip`` and ``%%bash`` (a shell decides which pip) from ``%pip`` (the kernel does); a command that names the
    kernel's interpreter (``!{sys.executable} -m pip``) is not ``shell``.
    """

    tool: str
    arguments: str
    place: Place
    shell: bool = False
    alone: bool = False
    """Whether a shell's command is the whole line and nothing else, so that a magic can stand there instead."""

    @property
    def line(self) -> str:
        """The arguments on one line, for messages."""
        return " ".join(self.arguments.replace("\\\r\n", " ").replace("\\\n", " ").split())


class KernelClaim(Struct, frozen=True):
    """The kernel a notebook says it runs on (``metadata.kernelspec``, VS Code's and conda's hints), as text."""

    name: str
    display_name: str = ""
    interpreter_hash: str = ""
    """SHA-256 of the interpreter's path, as VS Code writes it; empty when absent."""


class SourceKind(Enum):
    """What sort of file holds the code."""

    NOTEBOOK = "notebook"
    SCRIPT = "script"


class Ignore(Struct, frozen=True):
    """An inline ``# envcheck: ignore[CODE, …]``: no codes means every code. It holds for its own line."""

    place: Place
    codes: tuple[str, ...] = ()


class InlineScript(Struct, frozen=True):
    """The block of a source that says what it needs itself (``# /// script``, PEP 723).

    ``text`` is its TOML without the comment marks, ``place`` that of its first line. With a ``fault``, which says why
    no tool reads the block, there is no text, and ``place`` is where the fault shows.
    """

    text: str
    place: Place
    fault: str = ""


class Source(Struct, frozen=True):
    """All that is known of one file with code, from its text alone.

    ``language`` is lower case (``python``, ``r``, ``julia`` …), ``python`` the version that last ran it
    (``language_info.version``, a hint and no proof), ``cells`` counts all cells of a notebook (0 for a script).
    ``writes`` are the files that ``%%writefile`` makes, relative to the folder of the source;
    ``search_paths`` the literal additions to ``sys.path``, relative likewise (or absolute);
    ``open_search_path`` is true when something that is not literal is added, so that resolution cannot be complete.
    """

    path: str
    kind: SourceKind
    language: str = "python"
    imports: tuple[Import, ...] = ()
    installs: tuple[InstallCommand, ...] = ()
    writes: tuple[str, ...] = ()
    search_paths: tuple[str, ...] = ()
    open_search_path: bool = False
    kernel: KernelClaim | None = None
    python: str = ""
    cells: int = 0
    ignores: tuple[Ignore, ...] = ()
    block: InlineScript | None = None
    lock: str = ""
    """The text of the uv.lock that juv keeps in a notebook."""
    stamp: Stamp | None = None
    stamp_leftovers: tuple[str, ...] = ()
    """What a merge has left in the stamp, or beside it, in a few words each."""
