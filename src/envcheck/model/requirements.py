"""What is wanted: one requirement, and where it comes from when that is no index."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from envcheck.model.constraints import ANY, Constraint
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.places import Place


class Role(Enum):
    """What weight a requirement has."""

    DECLARED = "declared"
    LOCKED = "locked"
    CONSTRAINT = "constraint"
    STAMPED = "stamped"
    AD_HOC = "ad-hoc"
    """An install line in a cell."""

    __hash__ = object.__hash__  # as that of ``Ecosystem``


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
    tool: str = ""
    """The program that keeps the repository (``git``), where what was read says so."""


class Requirement(Struct, frozen=True):
    """One entry of a declaration.

    ``name`` is normalised for its ecosystem and empty when the text does not tell it (``-e .``); ``raw`` is the entry
    as written, without options, hashes and comments; ``place`` is where ``raw`` begins. ``group`` is empty for what
    everybody gets, else the extra, dependency group or suffix of the file name (``dev`` of ``requirements-dev.txt``).
    ``hashes`` are ``algorithm:hex``. ``channel`` and ``build`` speak of conda. ``template`` is true when the specifier
    is interpolated (``pandas=={version}``), so nothing may be concluded from it.

    The last four speak of locked entries: ``needs`` are the names that it requires itself, wherever that may be (same
    ecosystem), ``index`` is the registry it comes from (credentials as written), ``platform`` the conda subdir it is
    for (empty: any), ``python`` the specifier of the Pythons it is for.
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
    needs: tuple[NormalizedName, ...] = ()
    index: str = ""
    platform: str = ""
    python: str = ""
