"""The form of a snapshot: an environment in a file of its own, as JSON or in the shape of a pylock.toml."""

from __future__ import annotations

from msgspec import Struct

from envcheck.model.stamps import LOCAL

FORMAT = "envcheck-snapshot"
"""What the key ``format`` says in every snapshot: nothing else is taken for one."""
SCHEMA = 1
KINDS = ("url", "vcs", "path")


class Origin(Struct, frozen=True, omit_defaults=True, rename="kebab"):
    """Where a distribution came from when that was no index; ``kind`` is one of :data:`KINDS`.

    ``url`` is ``local`` for a folder or file of the machine that the snapshot was taken on.
    """

    kind: str
    url: str = LOCAL
    revision: str = ""
    commit: str = ""
    editable: bool = False
    subdirectory: str = ""
    hashes: tuple[str, ...] = ()
    tool: str = ""


class Installed(Struct, frozen=True, omit_defaults=True, rename="kebab"):
    """One distribution; ``name`` is as its metadata spells it."""

    name: str
    version: str = ""
    requires: tuple[str, ...] = ()
    requires_python: str = ""
    extras: tuple[str, ...] = ()
    source: Origin | None = None
    installer: str = ""
    conda: str = ""
    plugin: bool = False
    leaked: bool = False


class Package(Struct, frozen=True, omit_defaults=True, rename="kebab"):
    """One conda package."""

    name: str
    version: str
    build: str = ""
    channel: str = ""
    subdir: str = ""
    url: str = ""
    md5: str = ""
    sha256: str = ""
    depends: tuple[str, ...] = ()
    requested: bool = False
    provides: tuple[str, ...] = ()
    clobbered: dict[str, str] = {}


class Snapshot(Struct, frozen=True, rename="kebab"):
    """A whole environment; ``kind`` is that of the environment that it was taken of."""

    format: str
    schema: int
    kind: str = ""
    python: str = ""
    implementation: str = "cpython"
    externally_managed: bool = False
    markers: dict[str, str] = {}
    distributions: tuple[Installed, ...] = ()
    duplicates: tuple[Installed, ...] = ()
    conda: tuple[Package, ...] = ()
    modules: dict[str, tuple[str, ...]] = {}
