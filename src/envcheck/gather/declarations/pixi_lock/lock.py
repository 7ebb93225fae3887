"""What a pixi.lock wants installed, and whether it still follows its manifest."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from msgspec import Struct, field
from msgspec.structs import replace

from envcheck.gather.declarations.pixi_lock.packages import Need, Package, asks_for_extra
from envcheck.gather.documents.pixi_platforms import Platform
from envcheck.gather.documents.pixi_tables import DEFAULT
from envcheck.model.locks import Freshness, Manager, Selection, Target
from envcheck.model.markers import marker_holds
from envcheck.model.names import NormalizedName
from envcheck.model.readings import RawFile
from envcheck.model.requirements import DirectKind, Requirement

RENEW = "pixi lock"
_MANAGER = Manager("pixi", "pixi install --locked", RENEW)
# In the order in which pixi looks for them (pixi_manifest ``discovery.rs``).
_MANIFESTS = ("pixi.toml", "pyproject.toml", "mojoproject.toml")


class LockedPlatform(Struct, frozen=True):
    """A platform of an environment, with the numbers of its packages."""

    platform: Platform
    packages: tuple[int, ...]


class LockedEnvironment(Struct, frozen=True):
    """An environment of a lock."""

    name: str
    channels: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    platforms: tuple[LockedPlatform, ...] = ()

    def for_subdir(self, subdir: str) -> LockedPlatform | None:
        """Return the platform that a machine of a subdir takes: the plain one, if it has several."""
        found = [locked for locked in self.platforms if locked.platform.subdir == subdir]
        return next((locked for locked in found if locked.platform.plain), found[0] if found else None)


class PixiLock(Struct, frozen=True):
    """A pixi.lock; a group that is wanted is an environment of pixi, and without one it is ``default``."""

    path: str
    packages: Sequence[Package]
    environments: tuple[LockedEnvironment, ...]

    @property
    def manager(self) -> Manager:
        """Return pixi."""
        return _MANAGER

    @property
    def made_from(self) -> tuple[str, ...]:
        """Return the manifests beside the lock, the first that exists being the one it is made from."""
        return tuple(posixpath.join(posixpath.dirname(self.path), name) for name in _MANIFESTS)

    @property
    def knows_needs(self) -> bool:
        """Return true: conda packages list what they depend on, PyPI packages what they require."""
        return True

    def select(self, target: Target, manifests: tuple[RawFile, ...]) -> Selection:
        """Return the packages of one environment: that of the first group which names one, else the default one."""
        from envcheck.gather.declarations.pixi_lock.wanted import editables, extras_wanted, manifest_in

        names = {environment.name: environment for environment in self.environments}
        name = next((group for group in target.groups if group in names), DEFAULT)
        environment = names.get(name)
        if environment is None:
            return Selection(uncovered=f"has no environment {name}")
        locked = environment.for_subdir(target.platform)
        if locked is None:
            return Selection(uncovered=_made_for(environment))
        packages = [self.packages[number] for number in locked.packages]
        manifest = manifest_in(manifests)
        extras = extras_wanted(manifest, name, locked.platform) if manifest else None
        editable = editables(manifest, name, locked.platform) if manifest else frozenset()
        entries = []
        for package, needs in _with_needs(packages, extras, target.markers):
            entry = replace(entry_of(package, environment, target.platform), needs=needs)
            if package.name in editable and entry.direct and entry.direct.kind is DirectKind.PATH:
                entry = replace(entry, direct=replace(entry.direct, editable=True))
            entries.append(entry)
        return Selection(tuple(entries), _own(packages))

    def freshness(self, manifests: tuple[RawFile, ...]) -> Freshness:
        """Tell by pixi's own test whether the lock satisfies its manifest (``lock_file/satisfiability``)."""
        from envcheck.gather.declarations.pixi_lock.satisfied import freshness_of

        return freshness_of(self, manifests)


def entry_of(package: Package, environment: LockedEnvironment, platform: str) -> Requirement:
    """Return the entry of a package in an environment, for a platform; the default environment is no group."""
    entry = package.entry
    group = "" if environment.name == DEFAULT else environment.name
    if package.is_conda:
        return replace(entry, platform=platform, group=group)
    index, direct = entry.index, entry.direct
    if direct is None:
        index = index or next(iter(environment.indexes), "")
    elif direct.kind is DirectKind.PATH:
        source = next((f for f in environment.find_links if _is_below(package.location, f)), "")
        index, direct = (source, None) if source else (index, direct)
    return replace(entry, platform=platform, group=group, index=index, direct=direct)


def _is_below(path: str, folder: str) -> bool:
    normal = posixpath.normpath(folder)
    return posixpath.normpath(path).startswith(f"{normal}/" if normal != "." else "")


def _made_for(environment: LockedEnvironment) -> str:
    names = sorted({locked.platform.subdir for locked in environment.platforms})
    if not names:
        return f"environment {environment.name} is locked for no platform"
    words = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return f"made for {words}"


def _own(packages: list[Package]) -> frozenset[NormalizedName]:
    """Return the names of what stands in the folder of the lock itself."""
    directs = ((package.name, package.entry.direct) for package in packages)
    return frozenset(
        name
        for name, direct in directs
        if direct and direct.kind is DirectKind.PATH and posixpath.normpath(direct.url) == "."
    )


def _with_needs(
    packages: list[Package],
    wanted: Mapping[NormalizedName, frozenset[str]] | None,
    markers: Mapping[str, str],
) -> Iterator[tuple[Package, tuple[NormalizedName, ...]]]:
    """Yield the packages with what they need here; all extras count when nothing tells which are wanted."""
    asked: dict[NormalizedName, set[str]] = {name: set(extras) for name, extras in (wanted or {}).items()}
    for need in chain.from_iterable(package.requires for package in packages):
        if need.extras:
            asked.setdefault(need.name, set()).update(need.extras)
    for package in packages:
        if not package.requires:
            yield package, package.needs
            continue
        extras = None if wanted is None else frozenset(asked.get(package.name, ()))
        needs = dict.fromkeys(need.name for need in package.requires if need_holds(need, extras, markers))
        yield package, tuple(needs)


def need_holds(need: Need, extras: frozenset[str] | None, markers: Mapping[str, str]) -> bool:
    """Tell whether a need holds with some extras (``None``: all of them) in an environment, as far as that is told."""
    if not need.marker:
        return True
    if asks_for_extra(need) and extras is not None:
        return any(_holds(need.marker, {**markers, "extra": extra}) for extra in extras)
    return asks_for_extra(need) or _holds(need.marker, markers)


def _holds(marker: str, environment: Mapping[str, str]) -> bool:
    try:
        return marker_holds(marker, environment)
    except (ValueError, KeyError, RecursionError):
        return True
