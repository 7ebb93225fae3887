"""Whether a pixi.lock satisfies its manifest, environment by environment (pixi_core ``lock_file/satisfiability``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from envcheck.gather.declarations.pixi_lock.directs import Match
from envcheck.gather.declarations.pixi_lock.lock import LockedEnvironment, LockedPlatform, PixiLock
from envcheck.gather.declarations.pixi_lock.matches import Stock
from envcheck.gather.declarations.pixi_lock.wanted import Source, Wish, manifest_in, own_needs, wishes
from envcheck.gather.documents.conda_channels import are_same_channels, is_plain_name
from envcheck.gather.documents.pixi_platforms import Platform
from envcheck.gather.documents.pixi_tables import PixiEnvironment, positions, workspace_table
from envcheck.gather.documents.toml_tables import Path
from envcheck.model.locks import Departure, Freshness, State
from envcheck.model.places import Place
from envcheck.model.readings import RawFile
from envcheck.model.urls import redact

_MOST = 1_000_000
"""Entries looked at: environments times platforms times what is written, which a hostile file makes endless."""
_PRERELEASES = "if-necessary-or-explicit"
_DEFAULTS = {"channel-priority": "strict", "strategy": "highest"}


def freshness_of(lock: PixiLock, manifests: tuple[RawFile, ...]) -> Freshness:
    """Return whether a lock satisfies its manifest, and all that departs from it."""
    source = manifest_in(manifests)
    if source is None or not lock.environments:
        return Freshness(State.UNKNOWN)
    written = sum(len(feature.written) + 1 for feature in source.manifest.features.values())
    if len(source.manifest.environments) * len(source.manifest.platforms) * written > _MOST:
        return Freshness(State.UNKNOWN)
    test = _Test(lock, source)
    test.run()
    if test.departures:
        return Freshness(State.CHANGED, tuple(test.located()))
    if test.doubts:
        return Freshness(State.UNKNOWN)
    return Freshness(State.CHANGED if test.surplus else State.FRESH)


class _Test(Struct):
    """One comparison; ``departures`` are told once each, with the environments and platforms that they are seen in."""

    lock: PixiLock
    source: Source
    departures: dict[tuple[str, str, Path], list[str]] = field(default_factory=dict)
    doubts: bool = False
    surplus: bool = False
    own: frozenset[tuple[str, str]] | None = None

    def run(self) -> None:
        """Compare all environments."""
        manifest = self.source.manifest
        locked = {environment.name: environment for environment in self.lock.environments}
        self.doubts = bool(manifest.odd)
        self.own = own_needs(self.source)
        for name, environment in manifest.environments.items():
            if name in locked:
                self._environment(environment, locked[name])
            else:
                self._depart(f"environment {name} is new", "", self._root("environments", name))
        for name in locked:
            if name not in manifest.environments:
                self._depart(f"environment {name} is gone", "", ())

    def _root(self, *keys: str) -> Path:
        return (*self.source.root, *keys)

    @property
    def _workspace(self) -> Path:
        return self._root(workspace_table(self.source.document, self.source.root))

    def _depart(self, words: str, name: str, where: Path, seen: str = "") -> None:
        found = self.departures.setdefault((redact(words), name, where), [])
        if seen and seen not in found:
            found.append(seen)

    def _environment(self, environment: PixiEnvironment, locked: LockedEnvironment) -> None:
        self.doubts = self.doubts or any(feature.odd for feature in environment.features)
        self._channels(environment, locked)
        self._options(environment, locked)
        platforms = self.source.manifest.platforms_of(environment)
        subdirs = {platform.subdir for platform in platforms}
        for each in locked.platforms:
            if each.platform.subdir not in subdirs:
                words = f"platform {each.platform.subdir} is gone"
                self._depart(words, "", (*self._workspace, "platforms"), environment.name)
        for platform in platforms:
            self._platform(environment, platform, locked)

    def _channels(self, environment: PixiEnvironment, locked: LockedEnvironment) -> None:
        wanted, found = tuple(self.source.manifest.channels_of(environment)), locked.channels
        if are_same_channels(wanted, found):
            return
        # Environments that are solved together share their channels, and pixi's configuration may say where a channel
        # is that has no URL here.
        if set(map(_last, wanted)) <= set(map(_last, found)) and (
            environment.solve_group or any(map(is_plain_name, wanted))
        ):
            self.doubts = True
            return
        words = f"channels are {_listed(wanted)}, locked are {_listed(found)}"
        self._depart(words, "", (*self._workspace, "channels"), environment.name)

    def _options(self, environment: PixiEnvironment, locked: LockedEnvironment) -> None:
        features = environment.features
        wanted = {
            "channel-priority": next((f.channel_priority for f in features if f.channel_priority), ""),
            "strategy": next((f.solve_strategy for f in features if f.solve_strategy), ""),
        }
        for option, default in _DEFAULTS.items():
            asked, found = wanted[option] or default, locked.options.get(option, default)
            if asked != found:
                words = f"{'solve-' if option == 'strategy' else ''}{option} is {asked}, locked with {found}"
                self._depart(words, "", self._workspace, environment.name)
        prereleases = locked.options.get("pypi-prerelease-mode", _PRERELEASES)
        self.doubts = self.doubts or "exclude-newer" in locked.options or prereleases != _PRERELEASES
        self._indexes(environment, locked)

    def _indexes(self, environment: PixiEnvironment, locked: LockedEnvironment) -> None:
        indexes = [index for feature in environment.features for index in feature.indexes]
        # The lock names the default index too, and none at all when nothing of PyPI is locked.
        missing = {i.rstrip("/") for i in indexes} - {i.rstrip("/") for i in locked.indexes}
        if missing and locked.indexes:
            words = f"indexes are {', '.join(indexes)}, locked are {', '.join(locked.indexes)}"
            self._depart(words, "", self._root("pypi-options"), environment.name)
        elif missing:
            self.doubts = True

    def _platform(self, environment: PixiEnvironment, platform: Platform, locked: LockedEnvironment) -> None:
        seen = f"{environment.name}, {platform.name}"
        try:
            wanted = list(wishes(self.source, environment, platform))
        except ValueError:  # an entry that pixi refuses: the manifest's own reader says which
            self.doubts = True
            return
        found = _platform_of(locked, platform)
        if found is None:
            if any(not wish.is_constraint for wish in wanted):
                words = f"platform {platform.name} is new"
                self._depart(words, "", (*self._workspace, "platforms"), environment.name)
            return
        self.doubts = self.doubts or not platform.plain
        packages = [self.lock.packages[number] for number in found.packages]
        indexes = (*locked.indexes, *locked.find_links)
        stock = Stock(packages, platform.subdir, indexes, self.own)
        for wish in wanted:
            self._wish(wish, stock, seen)
        has_limits = any(feature.limits_wheels for feature in environment.features)
        self.doubts = self.doubts or stock.doubts or (has_limits and stock.has_wheels_of_a_platform)
        unmet = stock.unmet(wanted)
        if unmet:
            self._depart(unmet, "", (), seen)
        # What is solved together with others may hold what only they want.
        self.surplus = self.surplus or (not environment.solve_group and stock.has_surplus(wanted))

    def _wish(self, wish: Wish, stock: Stock, seen: str) -> None:
        match stock.match(wish):
            case Match(words=words) if words:
                self._depart(words, wish.entry.shown_name, wish.where, seen)
            case Match(doubtful=True):
                self.doubts = True

    def located(self) -> Iterator[Departure]:
        """Yield the departures with their places, at which their text or the first one in their table stands."""
        at = positions(self.source.text)
        everywhere = sum(len(environment.platforms) for environment in self.lock.environments)
        for (words, name, where), seen in self.departures.items():
            place = Place(self.source.path, 0, *at.get(where, (0, 0)))
            told = f"{words} ({'; '.join(seen[:3])}{'; …' if len(seen) > 3 else ''})" if seen else words
            yield Departure(words if len(seen) == everywhere else told, name, place)


def _platform_of(locked: LockedEnvironment, platform: Platform) -> LockedPlatform | None:
    named = next((each for each in locked.platforms if each.platform.name == platform.name), None)
    return named or locked.for_subdir(platform.subdir)


def _listed(channels: Iterable[str]) -> str:
    return ", ".join(channel.rstrip("/") for channel in channels) or "none"


def _last(channel: str) -> str:
    return channel.rstrip("/").rpartition("/")[2]
