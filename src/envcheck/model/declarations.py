"""The files that say what is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from msgspec import Struct

from envcheck.model.locks import IndexedEntries, Lock
from envcheck.model.places import Place
from envcheck.model.requirements import Requirement
from envcheck.model.usage import Ignore


class LinkKind(Enum):
    """What a URL or path in a declaration is for."""

    INDEX = "index"
    FIND_LINKS = "find-links"
    CHANNEL = "channel"
    PREFIX = "prefix"
    """environment.yml's ``prefix:``, the folder of somebody's machine."""


class Link(Struct, frozen=True):
    """A URL or path that a declaration names apart from its requirements; credentials as written."""

    kind: LinkKind
    target: str
    place: Place


class Declaration(Struct, frozen=True):
    """A file that says what is wanted, as one dialect reads it; ``requirements`` is a tuple but for large locks.

    ``governs`` is false for files that hold no requirements of their own (a pyproject.toml with tool settings only, a
    constraints file): they are read but do not make a scope. ``python`` are the demands on the interpreter itself
    (``requires-python``, ``python=3.11``), each a requirement named ``python``. ``project`` is the distribution that
    the file describes (``[project] name``), normalised, or empty. ``encoding`` is the codec that decoded the file.
    ``project_extras`` maps the project's own extras so that ``name[extra]`` can refer to itself.
    """

    path: str
    dialect: str
    requirements: Sequence[Requirement] = ()
    python: tuple[Requirement, ...] = ()
    links: tuple[Link, ...] = ()
    governs: bool = True
    project: str = ""
    encoding: str = "utf-8"
    unread: bool = False
    """True when the file, or a table of it, holds requirements that are not read (setup.py)."""
    lock: Lock | None = None
    """Set for lock files, whose ``requirements`` are all they hold, for whatever platform, with role LOCKED."""
    ignores: tuple[Ignore, ...] = ()
    requires_hashes: bool | None = None
    """Whether it says that every requirement must have a hash (``--require-hashes``) or need not; mostly nothing."""
    includes: tuple[str, ...] = ()
    """The files that a requirements file takes in by ``-r`` and ``-c``, as paths like its own."""

    def with_sources(self) -> Iterable[Requirement]:
        """Return the requirements that come from a URL, a repository or a path."""
        if isinstance(self.requirements, IndexedEntries):
            return self.requirements.with_sources()
        return (requirement for requirement in self.requirements if requirement.direct)
