"""Bills of materials: what is in an environment or in a lock, as auditors' tools want to be told."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from envcheck.model.names import Ecosystem
from envcheck.model.readings import Problem


class BillKind(Enum):
    """What a bill was made from."""

    ENVIRONMENT = "environment"
    LOCK = "lock"


class Part(Struct, frozen=True):
    """One distribution or conda package of a bill; what is not known is empty.

    ``key`` is its own in the bill, and ``needs`` are keys of the bill. ``hashes`` are ``algorithm:hex``: those of every
    artifact that may be installed. ``origin`` says of what comes from no index where it came from, as stamps do: a URL
    at its commit, or ``local``. ``index`` is the registry that a lock names. Both are without credentials. ``channel``,
    ``subdir``, ``build`` and ``archive`` (``conda`` or ``tar.bz2``) speak of conda; ``inside`` is the key of the conda
    package that a Python distribution came in.
    """

    key: str
    name: str
    version: str
    ecosystem: Ecosystem = Ecosystem.PYPI
    hashes: tuple[str, ...] = ()
    origin: str = ""
    index: str = ""
    channel: str = ""
    subdir: str = ""
    build: str = ""
    archive: str = ""
    inside: str = ""
    needs: tuple[str, ...] = ()


class Bill(Struct, frozen=True):
    """All parts of an environment or of what a lock wants for one target, sorted by key.

    ``name`` is that of the project, ``file`` the lock's. ``python`` and ``platform`` (a conda subdir) are those of the
    environment or target. ``problems`` say what is missing in the bill because it could not be read.
    """

    kind: BillKind
    name: str = ""
    file: str = ""
    python: str = ""
    platform: str = ""
    parts: tuple[Part, ...] = ()
    problems: tuple[Problem, ...] = ()
