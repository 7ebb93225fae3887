"""What became of a request for a lock."""

from __future__ import annotations

from msgspec import Struct


class Moved(Struct, frozen=True):
    """A distribution that has one version here and another there; empty where it is not at all."""

    name: str
    before: str
    after: str


class Locked(Struct, frozen=True):
    """A lock as it was made: by which tool, for which Python and platform, and how it differs.

    ``state`` is ``new``, ``renewed`` or ``same``. ``moved`` are the versions that the lock before had, ``apart`` those
    that are installed here. ``unhashed`` are the entries that no hash can be given for, so that none has one.
    """

    path: str
    source: str
    tool: str
    state: str
    entries: int
    python: str = ""
    platform: str = ""
    hashed: bool = False
    moved: tuple[Moved, ...] = ()
    apart: tuple[Moved, ...] = ()
    unhashed: tuple[str, ...] = ()
    instead_of: str = ""
    """Why another tool than the usual one made it, empty when it did."""
