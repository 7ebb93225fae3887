"""Conda package files as locks name them: a URL or path → name, version, build and channel, and the entry it makes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from envcheck.model.conda_order import parse_conda_version
from envcheck.model.constraints import ANY, Constraint, conda
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.places import Place
from envcheck.model.requirements import Requirement, Role

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_SUBDIR = re.compile(r"noarch|(?:linux|osx|win|emscripten|wasi|zos|freebsd)-[a-z0-9_]+")
# The expression of CEP 23, read from its right end.
_FILE = re.compile(
    r"(?:(?P<folder>.+)[/\\])?(?P<file>[^/\\#]+(?:\.tar\.bz2|\.conda))"
    r"(?:#(?:(?P<md5>[0-9a-f]{32})|(?:sha256:)?(?P<sha256>[0-9a-f]{64})))?",
    re.IGNORECASE,
)
_LONGEST = 4000


class PackageFile(Struct, frozen=True):
    """A package file by its location; ``folder`` is the channel with its subdir, ``channel`` without.

    ``subdir`` is empty when the folder is called by no platform. ``hashes`` are ``algorithm:hex``.
    """

    name: str
    version: str
    build: str
    file: str
    channel: str = ""
    subdir: str = ""
    hashes: tuple[str, ...] = ()


def package_file(location: str) -> PackageFile | None:
    """Return what the URL or path of a package file tells, or ``None`` when it is none (CEP 23, CEP 34)."""
    if len(location) > _LONGEST:
        return None
    found = _FILE.fullmatch(location)
    if found is None:
        return None
    parts = found["file"].removesuffix(".conda").removesuffix(".tar.bz2").rsplit("-", 2)
    if len(parts) != 3 or not all(parts) or not _NAME.fullmatch(parts[0]):
        return None
    folder = (found["folder"] or "").replace("\\", "/")
    channel, _, subdir = folder.rpartition("/")
    if not _SUBDIR.fullmatch(subdir):
        channel, subdir = folder, ""
    hashes = tuple(f"{kind}:{found[kind].lower()}" for kind in ("md5", "sha256") if found[kind])
    return PackageFile(parts[0].lower(), parts[1], parts[2], found["file"], channel, subdir, hashes)


def exactly(version: str, build: str = "") -> Constraint:
    """Return the constraint of a locked version and build; what is no conda version cannot be compared."""
    if parse_conda_version(version) is None:
        return ANY
    try:
        return conda(f"=={version}", build, text=f"={version}={build}" if build else f"=={version}")
    except ValueError:
        return ANY


def locked_package(  # noqa: PLR0913 - an entry has this many parts, and each is named at the call
    name: str,
    version: str,
    build: str,
    place: Place,
    dialect: str,
    *,
    channel: str = "",
    platform: str = "",
    group: str = "",
    hashes: Iterable[str] = (),
    needs: Iterable[NormalizedName] = (),
) -> Requirement:
    """Return a locked entry of conda's world; its ``channel`` is as written, credentials included."""
    raw = "=".join(filter(None, (name, version, build)))
    return Requirement(
        NormalizedName(name.lower()),
        raw,
        Ecosystem.CONDA,
        place,
        exactly(version, build),
        Role.LOCKED,
        dialect,
        group,
        hashes=tuple(hashes),
        channel=channel,
        shown_name=name,
        needs=tuple(needs),
        platform=platform,
    )
