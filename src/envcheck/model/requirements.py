"""What is wanted: requirements and the files that hold them."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from envcheck.model.constraints import ANY, Constraint
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.places import Place
from envcheck.model.usage import Ignore


class Role(Enum):
    """What weight a requirement has."""

    DECLARED = "declared"
    LOCKED = "locked"
    CONSTRAINT = "constraint"
    STAMPED = "stamped"
    AD_HOC = "ad-hoc"
    """An install line in a cell."""


class DirectKind(Enum):
    """Where a distribution comes from when it does not come from an index."""

    URL = "url"
    VCS = "vcs"
    PATH = "path"


class DirectReference(Struct, frozen=True):
    """A direct reference: an archive URL, a version-control URL or a path, as wanted or as installed (PEP 610).

    ``url`` has credentials as written: redact before showing. ``revision`` is what was asked for (branch, tag, commit),
    ``commit`` the full commit when it is known. ``subdirectory`` is relative to the root of the reference.
    """

    kind: DirectKind
    url: str
    revision: str = ""
    commit: str = ""
    editable: bool = False
    subdirectory: str = ""
    hashes: tuple[str, ...] = ()


class Requirement(Struct, frozen=True):
    """One entry of a declaration.

    ``name`` is normalised for its ecosystem and empty when the text does not tell it (``-e .``); ``raw`` is the entry
    as written, without options, hashes and comments; ``place`` is where ``raw`` begins. ``group`` is empty for what
    everybody gets, else the extra, dependency group or suffix of the file name (``dev`` of ``requirements-dev.txt``).
    ``hashes`` are ``algorithm:hex``. ``channel`` and ``build`` speak of conda. ``template`` is true when the specifier
    is interpolated (``pandas=={version}``), so nothing may be concluded from it.
    """

    name: NormalizedName
    raw: str
    ecosystem: Ecosystem
    place: Place
    constraint: Constraint = ANY
    role: Role = Role.DECLARED
    dialect: str = ""
    group: str = ""
    marker: str = ""
    extras: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    direct: DirectReference | None = None
    channel: str = ""
    template: bool = False
    shown_name: str = ""
    """The name as written, for messages and pins."""


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
    """A file that says what is wanted, as one dialect reads it.

    ``governs`` is false for files that hold no requirements of their own (a pyproject.toml with tool settings only, a
    constraints file): they are read but do not make a scope. ``python`` are the demands on the interpreter itself
    (``requires-python``, ``python=3.11``), each a requirement named ``python``. ``project`` is the distribution that
    the file describes (``[project] name``), normalised, or empty. ``encoding`` is the codec that decoded the file.
    ``project_extras`` maps the project's own extras so that ``name[extra]`` can refer to itself.
    """

    path: str
    dialect: str
    requirements: tuple[Requirement, ...] = ()
    python: tuple[Requirement, ...] = ()
    links: tuple[Link, ...] = ()
    governs: bool = True
    project: str = ""
    encoding: str = "utf-8"
    unread: bool = False
    """True when the file, or a table of it, holds requirements that are not read (pixi.toml, setup.py)."""
    ignores: tuple[Ignore, ...] = ()
