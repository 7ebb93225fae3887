"""What is locked for one environment on one platform, held against what is wanted."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from functools import cached_property

from envcheck.gather.declarations.pixi_lock.directs import DOUBTFUL, MET, Match, match_direct
from envcheck.gather.declarations.pixi_lock.lock import need_holds
from envcheck.gather.declarations.pixi_lock.packages import Need, Package
from envcheck.gather.declarations.pixi_lock.wanted import Wish
from envcheck.gather.documents.pixi_entries import PixiEntry
from envcheck.gather.documents.pixi_platforms import environment_of
from envcheck.model.constraints import CondaConstraint
from envcheck.model.markers import marker_holds
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.requirements import DirectKind
from envcheck.model.urls import normalize_url


class Stock:
    """The packages of one platform of one environment, by their names; ``doubts`` when some cannot be judged."""

    def __init__(
        self,
        packages: list[Package],
        subdir: str,
        indexes: tuple[str, ...] = (),
        own: frozenset[tuple[str, str]] | None = None,
    ) -> None:
        self._own = own
        self._indexes = {index.rstrip("/") for index in indexes}
        self._conda = {package.name: package for package in packages if package.is_conda}
        self._pypi = {package.name: package for package in packages if not package.is_conda}
        self._reached: dict[frozenset[NormalizedName], set[NormalizedName]] = {}
        python = self._conda.get(NormalizedName("python"))
        self._markers = environment_of(subdir, python.version if python else "")
        # What is built on the spot may have changed; only pixi, which builds it, can tell.
        self.doubts = any(package.built for package in packages)

    @cached_property
    def _providers(self) -> dict[NormalizedName, Package]:
        """The conda packages by the PyPI names that they provide."""
        return {name: package for package in self._conda.values() for name in package.provides}

    @property
    def has_wheels_of_a_platform(self) -> bool:
        """Whether some wheels fit certain systems only."""
        files = [package.location.partition("#")[0] for package in self._pypi.values()]
        return any(file.endswith(".whl") and not file.endswith("-any.whl") for file in files)

    def match(self, wish: Wish) -> Match:
        """Return whether what is locked meets a wish."""
        entry = wish.entry
        if entry.odd:
            return DOUBTFUL
        if entry.name.startswith("__") and entry.ecosystem is Ecosystem.CONDA:
            return MET
        if entry.marker:
            holds = self._holds(entry.marker)
            if not holds:
                return DOUBTFUL if holds is None else MET
        if entry.ecosystem is Ecosystem.CONDA:
            return self._match_conda(wish, self._conda.get(entry.name))
        return self._match_pypi(entry)

    def _holds(self, marker: str) -> bool | None:
        try:
            return marker_holds(marker, self._markers)
        except (ValueError, KeyError, RecursionError):
            return None

    def _match_conda(self, wish: Wish, package: Package | None) -> Match:
        entry = wish.entry
        if package is None:
            return MET if wish.is_constraint else Match(f"{entry.shown_name} is not locked")
        if package.built != bool(entry.direct and entry.direct.kind is not DirectKind.URL):
            return Match(f"{entry.shown_name} is {'' if package.built else 'to be '}built from sources")
        if package.built:
            return DOUBTFUL
        if entry.direct:
            same = normalize_url(entry.direct.url) == normalize_url(package.location)
            return MET if same else Match(f"{entry.shown_name} is at {entry.direct.url}, not {package.location}")
        found = _match_version(entry, package.version, package.build)
        return _match_source(entry, package) if found is MET else found

    def _match_pypi(self, entry: PixiEntry) -> Match:
        provider, package = self._providers.get(entry.name), self._pypi.get(entry.name)
        if provider:
            # A conda package meets it, unless it is asked for from somewhere of its own.
            if entry.direct:
                return Match(f"{entry.shown_name} is asked for from {entry.direct.url}, and locked from conda")
            return _match_version(entry, provider.version)
        if package is None:
            return Match(f"{entry.shown_name} is not locked")
        missing = next(iter(self._missing(package, frozenset(entry.extras))), None)
        if missing:
            extras = f"[{','.join(entry.extras)}]" if entry.extras else ""
            return Match(f"{entry.shown_name}{extras} needs {missing.name}, which is not locked")
        if entry.direct or package.entry.direct:
            found = match_direct(entry, package)
            return MET if found.doubtful and self._is_unchanged(package) else found
        return self._match_index(entry, package)

    def _is_unchanged(self, package: Package) -> bool:
        """Tell whether a package is the project itself, and needs what it needed when it was locked."""
        direct = package.entry.direct
        is_own = direct is not None and direct.kind is DirectKind.PATH and posixpath.normpath(direct.url) == "."
        return is_own and self._own == frozenset((str(need.name), need.versions) for need in package.requires)

    def _match_index(self, entry: PixiEntry, package: Package) -> Match:
        if not package.version:
            return DOUBTFUL
        locked = package.entry.index.rstrip("/")
        accepted = {entry.index.rstrip("/")} if entry.index else self._indexes
        if locked and accepted and locked not in accepted:  # before version 7 a lock does not tell
            asked = entry.index or "the default index"
            return Match(f"{entry.shown_name} is asked for from {asked}, and locked from {locked}")
        return _match_version(entry, package.version)

    def _missing(self, package: Package, extras: frozenset[str]) -> Iterator[Need]:
        for need in package.requires:
            if need_holds(need, extras, self._markers) and not self._has_pypi(need.name):
                yield need

    def _has_pypi(self, name: NormalizedName) -> bool:
        return name in self._pypi or name in self._providers

    def has_surplus(self, wishes: list[Wish]) -> bool:
        """Tell whether something is locked that nothing wanted leads to."""
        wanted = [wish.entry for wish in wishes if not wish.is_constraint]
        reached = self._reached_conda(e.name for e in wanted if e.ecosystem is Ecosystem.CONDA)
        if len(reached) < len(self._conda):
            return True
        roots = [Need(e.name, e.extras) for e in wanted if e.ecosystem is Ecosystem.PYPI]
        return len(self._reached_pypi(roots)) < len(self._pypi)

    def unmet(self, wishes: list[Wish]) -> str:
        """Return what a wanted conda package needs that is not locked, as words; empty when nothing is missing."""
        for name in sorted(self._reached_conda(w.entry.name for w in wishes if w.entry.ecosystem is Ecosystem.CONDA)):
            package = self._conda[name]
            for need in package.needs:
                if need not in self._conda and not package.built:
                    return f"{name} needs {need}, which is not locked"
        return ""

    def _reached_conda(self, roots: Iterable[NormalizedName]) -> set[NormalizedName]:
        wanted = frozenset(roots)
        if wanted not in self._reached:
            pending = [name for name in wanted if name in self._conda]
            reached = set(pending)
            while pending:
                new = [n for n in self._conda[pending.pop()].needs if n in self._conda and n not in reached]
                reached.update(new)
                pending += new
            self._reached[wanted] = reached
        return self._reached[wanted]

    def _reached_pypi(self, roots: list[Need]) -> set[NormalizedName]:
        pending = list(roots)
        followed: dict[NormalizedName, set[str]] = {}
        while pending:
            asked = pending.pop()
            package = self._pypi.get(asked.name)
            known = followed.get(asked.name)
            if package is None or (known is not None and known.issuperset(asked.extras)):
                continue
            followed.setdefault(asked.name, set()).update(asked.extras)
            extras = frozenset(followed[asked.name])
            pending.extend(need for need in package.requires if need_holds(need, extras, self._markers))
        return set(followed)


def _match_version(entry: PixiEntry, version: str, build: str = "") -> Match:
    if entry.constraint.allows(version, build):
        return MET
    asked = entry.constraint.text or "*"
    if isinstance(entry.constraint, CondaConstraint) and entry.constraint.build:
        asked = f"{asked} {entry.constraint.build}"
    return Match(f"{entry.shown_name} is asked for as {asked}, and locked is {f'{version} {build}'.rstrip()}")


def _match_source(entry: PixiEntry, package: Package) -> Match:
    """Return whether channel, subdir and hashes of a conda package are those that are asked for."""
    channel = entry.channel.rstrip("/")
    if channel and channel != package.entry.channel and channel != package.entry.channel.rpartition("/")[2]:
        return Match(f"{entry.shown_name} is asked for from {channel}, and locked from {package.entry.channel}")
    if entry.subdir and entry.subdir != package.subdir:
        return Match(f"{entry.shown_name} is asked for in {entry.subdir}, and locked in {package.subdir}")
    other = [wanted for wanted in entry.hashes if package.entry.hashes and wanted not in package.entry.hashes]
    return Match(f"{entry.shown_name} is asked for as {other[0]}") if other else MET
