"""What a conda-lock.yml knows beyond its entries: platforms, sources, and hashes of what it was made from."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from envcheck.gather.declarations.conda_lock.blocks import UnifiedEntries
from envcheck.gather.documents.conda_inputs import Channel
from envcheck.model.locks import Freshness, Manager, Selection, Target
from envcheck.model.names import Ecosystem, NormalizedName, normalize
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement

_DEFAULT_NAME = "conda-lock.yml"
_DEFAULT_SOURCE = "environment.yml"
_PLAIN = re.compile(r"[\w./@%+=:,-]+")


class Inputs(Struct, frozen=True):
    """What a lock recorded of one of its sources (``--metadata input_sha``); empty when it did not."""

    md5: str = ""
    sha256: str = ""


class CondaLock(Struct, frozen=True):
    """A unified lock of conda-lock; ``path`` is its own, ``sources`` are relative to its folder, as written."""

    path: str
    entries: Sequence[Requirement] = ()
    platforms: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    content_hash: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, Inputs] = field(default_factory=dict)

    @property
    def manager(self) -> Manager:
        """conda-lock, with the words of its own header."""
        name = posixpath.basename(self.path)
        sources = " ".join(f"-f {quoted(source)}" for source in self.sources or (_DEFAULT_SOURCE,))
        lockfile = "" if name == _DEFAULT_NAME else f" --lockfile {quoted(name)}"
        return Manager(
            "conda-lock", f"conda-lock install --name YOURENV {quoted(name)}", f"conda-lock {sources}{lockfile}"
        )

    @property
    def made_from(self) -> tuple[str, ...]:
        """The sources that the lock names, else the environment.yml beside it."""
        return tuple(dict.fromkeys(self.located(source) for source in self.sources or (_DEFAULT_SOURCE,)))

    @property
    def knows_needs(self) -> bool:
        """True: every entry has its dependencies."""
        return True

    def located(self, source: str) -> str:
        """Return the path of a source relative to the project root; absolute ones stay as they are."""
        # Locked on Windows, a path on another drive has backslashes.
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.path), source.replace("\\", "/")))

    def select(self, target: Target, manifests: tuple[RawFile, ...]) -> Selection:  # noqa: ARG002 - it says all itself
        """Return what ``conda-lock install`` installs: categories main, dev and those that are asked for."""
        if target.platform not in self.platforms:
            return Selection(uncovered=uncovered(self.platforms))
        wanted = {"", *map(normalize, (*target.extras, *target.groups)), *(["dev"] if target.default_groups else [])}
        found: dict[tuple[Ecosystem, NormalizedName], Requirement] = {}
        chosen: dict[tuple[Ecosystem, NormalizedName], Requirement] = {}
        for entry in self._on(target.platform):
            # Entries of one package differ in their category alone: conda-lock takes the first for all of them.
            key = (entry.ecosystem, entry.name)
            first = found.setdefault(key, entry)
            if normalize(entry.group) in wanted:
                chosen[key] = first
        return Selection(tuple(chosen.values()))

    def by_name(self, ecosystem: Ecosystem, platform: str) -> Mapping[str, Requirement]:
        """Return the first entry of each name on a platform."""
        if isinstance(self.entries, UnifiedEntries):
            return self.entries.by_name(ecosystem, platform)
        found: dict[str, Requirement] = {}
        for entry in self._on(platform):
            if entry.ecosystem is ecosystem:
                found.setdefault(entry.name, entry)
        return found

    def needs_by_name(self, ecosystem: Ecosystem, platform: str) -> Mapping[str, tuple[NormalizedName, ...]]:
        """Return what the first entry of each name on a platform needs."""
        if isinstance(self.entries, UnifiedEntries):
            return self.entries.needs_by_name(ecosystem, platform)
        return {name: entry.needs for name, entry in self.by_name(ecosystem, platform).items()}

    def has_category(self, category: str, platform: str) -> bool:
        """Tell whether it holds something of a category on a platform."""
        return any((entry.group or "main") == category for entry in self._on(platform))

    def _on(self, platform: str) -> Iterable[Requirement]:
        if isinstance(self.entries, UnifiedEntries):
            return self.entries.on_platform(platform)
        return (entry for entry in self.entries if entry.platform == platform)

    def freshness(self, manifests: tuple[RawFile, ...]) -> Freshness:
        """Tell whether the sources are those that were locked: by their hashes, else by what they ask for."""
        from envcheck.gather.declarations.conda_lock.freshness import freshness_of

        return freshness_of(self, {file.path: file for file in manifests})


def uncovered(platforms: tuple[str, ...]) -> str:
    """Return in a few words for which platforms a lock was made."""
    if not platforms:
        return "made for no platform"
    *first, last = platforms
    return f"made for {', '.join(first)} and {last}" if first else f"made for {last}"


def quoted(word: str) -> str:
    """Return a word as a shell takes it for one."""
    return word if _PLAIN.fullmatch(word) else "'" + word.replace("'", "'\\''") + "'"
