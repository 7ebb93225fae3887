"""Conda package files as locks name them: a URL or path → name, version, build and channel, and the entry it makes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from envcheck.model.conda_order import parse_conda_version
from envcheck.model.constraints import ANY, Constraint, conda
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.places import Place
from envcheck.model.requirements import Requirement, Role

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_SUBDIR = re.compile(r"noarch|(?:linux|osx|win|emscripten|wasi|zos|freebsd)-[a-z0-9_]+")
_HASH = re.compile(r"(?:(?P<md5>[0-9a-f]{32})|(?:sha256:)?(?P<sha256>[0-9a-f]{64}))", re.IGNORECASE)
_ENDINGS = (".tar.bz2", ".conda")
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


@lru_cache(maxsize=8192)  # a package is in many locks, and in one for many questions
def package_file(location: str) -> PackageFile | None:
    """Return what the URL or path of a package file tells, or ``None`` when it is none (CEP 23, CEP 34)."""
    # What the expression of CEP 23 matches, read from the right end.
    cut = max(location.rfind("/"), location.rfind("\\"))
    file, mark, digest = location[cut + 1 :].partition("#")
    if cut == 0 or len(location) > _LONGEST or "\n" in location or not file.lower().endswith(_ENDINGS):
        return None
    found = _HASH.fullmatch(digest) if mark else None
    parts = file.removesuffix(".conda").removesuffix(".tar.bz2").rsplit("-", 2)
    if (mark and found is None) or len(parts) != 3 or not all(parts) or not _NAME.fullmatch(parts[0]):
        return None
    folder = location[: max(cut, 0)].replace("\\", "/")
    channel, _, subdir = folder.rpartition("/")
    if not _is_subdir(subdir):
        channel, subdir = folder, ""
    hashes = tuple(f"{kind}:{value.lower()}" for kind, value in found.groupdict().items() if value) if found else ()
    return PackageFile(parts[0].lower(), parts[1], parts[2], file, channel, subdir, hashes)


@lru_cache(maxsize=64)
def _is_subdir(folder: str) -> bool:
    return _SUBDIR.fullmatch(folder) is not None


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
