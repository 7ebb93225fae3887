"""A pixi.lock as py-rattler reads it and as we do, reduced to what both can say."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, TypeAlias

from rattler.lock import CondaLockedPackage, LockedPackage, LockFile

from envcheck.gather.declarations import pixi_lock
from envcheck.model.locks import Lock, Target
from envcheck.model.names import Ecosystem, normalize
from envcheck.model.readings import RawFile
from envcheck.model.requirements import DirectKind, Requirement

_UNKNOWN = ("<dynamic>", "0a0.dev0")
"""What py-rattler says of a folder's version, and of an entry that has none."""


class Locked(NamedTuple):
    """One package that is to be installed; ``source`` is empty for what comes from a channel or an index."""

    ecosystem: str
    name: str
    version: str
    build: str
    source: str
    hashes: tuple[str, ...]


Selections: TypeAlias = dict[tuple[str, str], list[Locked]]
"""What is installed for each environment on each platform."""


def by_rattler(path: Path) -> Selections:
    """Return the selections that py-rattler finds in a lock; a platform called by its subdir goes before others."""
    found: Selections = {}
    for name, environment in LockFile.from_path(path).environments():
        platforms = environment.packages_by_platform().items()
        for platform, packages in sorted(platforms, key=lambda pair: pair[0].name == str(pair[0].subdir)):
            found[name, str(platform.subdir)] = sorted(map(_theirs, packages))
    return found


def by_us(path: Path) -> Selections:
    """Return the selections that we make from a lock, for the environments and platforms that rattler sees."""
    lock = lock_at(path)
    found = {}
    for name, subdir in by_rattler(path):
        selection = lock.select(Target("", subdir, groups=() if name == "default" else (name,)), ())
        assert selection.uncovered == ""
        found[name, subdir] = sorted(map(_ours, selection.entries))
    return found


def lock_at(path: Path) -> Lock:
    """Return the lock of a file that has nothing wrong with it."""
    reading = pixi_lock.read(RawFile("pixi.lock", path.read_bytes()))
    assert reading.problems == ()
    assert reading.value.lock
    return reading.value.lock


def _theirs(package: LockedPackage) -> Locked:
    digests = package._package.hashes and package.hashes
    hashes = [(k, getattr(digests, k)) for k in ("md5", "sha256")] if digests else []
    told = tuple(f"{kind}:{value.hex()}" for kind, value in hashes if value)
    location = package.location
    if isinstance(package, CondaLockedPackage):
        record = package.package_record
        is_file = location.endswith((".conda", ".tar.bz2"))
        version, build = (str(record.version), str(record.build)) if record else ("", "")
        return Locked("conda", package.name.lower(), version, build, "" if is_file else _bare(location), told)
    version = "" if package.version in _UNKNOWN else package.version
    source = "" if location.startswith(("http:", "https:")) else _bare(location)
    return Locked("pypi", normalize(package.name), version, "", source, told)


def _bare(location: str) -> str:
    return location.removeprefix("direct+").removeprefix("git+").partition("?")[0].partition("#")[0]


def _ours(entry: Requirement) -> Locked:
    conda = entry.ecosystem is Ecosystem.CONDA
    build = entry.raw.split("=")[2] if conda and entry.raw.count("=") == 2 else ""
    source = entry.direct.url if entry.direct else ""
    if conda and entry.direct and entry.direct.kind is DirectKind.PATH and source.endswith((".conda", ".tar.bz2")):
        source = ""
    version = entry.constraint.exact or ""
    return Locked(
        entry.ecosystem.value, entry.name, version, build, source.partition("#")[0], tuple(sorted(entry.hashes))
    )
