"""In what the sources of a conda-lock.yml ask for something else than it holds, by meaning."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from envcheck.gather.documents import matchspec
from envcheck.gather.documents.conda_channels import are_same_channels
from envcheck.gather.documents.conda_inputs import Source, Wish
from envcheck.gather.documents.reqentry import InvalidEntry, parse_entry
from envcheck.model.constraints import conda
from envcheck.model.names import Ecosystem, NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.requirements import DirectReference, Requirement
from envcheck.model.urls import normalize_url, redact

if TYPE_CHECKING:
    from envcheck.gather.declarations.conda_lock.lock import CondaLock

_PLAIN_CHANNEL = re.compile(r"[A-Za-z0-9_-]+")
# conda may add these to what Python needs (add_pip_as_python_dependency), and takes them back as silently.
_IMPLIED = frozenset(("pip", "setuptools", "wheel"))
_MOST = 100


class Difference(Struct, frozen=True):
    """One departure; ``is_sure`` when no other source can make it good.

    What one wants and the lock has not is missing, but a later one may ask for another version.
    """

    words: str
    name: str = ""
    place: Place | None = None
    is_sure: bool = False


class Wanted(Struct, frozen=True):
    """What all sources together ask for, as conda-lock puts them together.

    ``is_whole`` is false when one of them is missing or not read (pyproject.toml), ``is_plain`` when not all of it is
    understood.
    """

    channels: tuple[str, ...]
    platforms: tuple[tuple[str, str], ...]
    repositories: tuple[str, ...]
    wishes: Mapping[str, tuple[Wish, ...]]
    is_whole: bool
    is_plain: bool

    @classmethod
    def of(cls, sources: list[Source], *, is_whole: bool) -> Wanted:
        """Return what sources ask for together: of two specs of one name the later one counts."""
        unique: dict[str, dict[tuple[str, str], Wish]] = {}
        for source in sources:
            for platform, wishes in source.wishes.items():
                known = unique.setdefault(platform, {})
                known.update(((wish.manager, wish.name or wish.text), wish) for wish in wishes)
        platforms = {platform: source.path for source in reversed(sources) for platform in source.platforms}
        return cls(
            max((source.channels for source in sources), key=len, default=()),
            tuple(platforms.items()),
            max((source.repositories for source in sources), key=len, default=()),
            {platform: tuple(known.values()) for platform, known in unique.items()},
            is_whole=is_whole,
            is_plain=all(source.plain for source in sources),
        )


def departures(lock: CondaLock, wanted: Wanted) -> Iterator[Difference]:
    """Yield each departure once, whatever the number of platforms that it is met on."""
    yield from new_platforms(lock, wanted)
    yield from _of_channels(lock, wanted)
    seen: set[tuple[str, str]] = set()
    for platform in lock.platforms:
        wishes = wanted.wishes.get(platform, ())
        # A category that the lock knows nothing of was filtered out when it was made.
        known = {category for category in {wish.category for wish in wishes} if lock.has_category(category, platform)}
        for found in _of_platform(_Held.of(lock, platform), wanted, wishes, known):
            if (found.words, found.name) not in seen and len(seen) < _MOST:
                seen.add((found.words, found.name))
                yield found


def new_platforms(lock: CondaLock, wanted: Wanted) -> Iterator[Difference]:
    """Yield the platforms that are wanted and not locked."""
    for platform, path in wanted.platforms:
        if platform not in lock.platforms:
            yield Difference(f"{platform} is new", place=Place(path))


def _of_channels(lock: CondaLock, wanted: Wanted) -> Iterator[Difference]:
    # Without channels of their own the sources leave them to --channel.
    if not (wanted.is_whole and wanted.channels and lock.channels):
        return
    if not are_same_channels(wanted.channels, tuple(channel.url for channel in lock.channels)):
        yield Difference(
            f"the channels are {_listed(wanted.channels)} now, and were {_listed(c.url for c in lock.channels)}"
        )


def _listed(urls: Iterable[str]) -> str:
    return ", ".join(map(redact, urls))


class _Held(Struct):
    """What a lock holds for one platform, by name."""

    conda: Mapping[str, Requirement]
    pip: Mapping[str, Requirement]
    conda_needs: Mapping[str, tuple[NormalizedName, ...]]
    pip_needs: Mapping[str, tuple[NormalizedName, ...]]

    @classmethod
    def of(cls, lock: CondaLock, platform: str) -> _Held:
        """Return what a lock holds for a platform."""
        return cls(
            lock.by_name(Ecosystem.CONDA, platform),
            lock.by_name(Ecosystem.PYPI, platform),
            lock.needs_by_name(Ecosystem.CONDA, platform),
            lock.needs_by_name(Ecosystem.PYPI, platform),
        )


def _of_platform(
    held: _Held, wanted: Wanted, wishes: tuple[Wish, ...], categories: Container[str]
) -> Iterator[Difference]:
    for wish in wishes:
        if wish.category in categories:
            yield from _of_wish(held, wish, wanted)
    if wanted.is_whole and wanted.is_plain:
        roots = {wish.name for wish in wishes if wish.manager == "conda"} | _IMPLIED
        yield from _left_over(held.conda, _reachable(held.conda_needs, roots))
        roots = {wish.name for wish in wishes if wish.manager == "pip"}
        yield from _left_over(held.pip, _reachable(held.pip_needs, roots))


def _of_wish(held: _Held, wish: Wish, wanted: Wanted) -> Iterator[Difference]:
    found = _spec(held, wish) if wish.manager == "conda" else _requirement(held, wish)
    if found and (wanted.is_whole or found.is_sure):
        yield found


def _spec(held: _Held, wish: Wish) -> Difference | None:
    try:
        spec = matchspec.parse(wish.text)
        constraint = conda(spec.version, spec.build)
    except ValueError:
        return None
    if spec.name.startswith("__"):  # CEP 30: what the machine is
        return None
    entry = held.conda.get(spec.name)
    if entry is None:
        return Difference(f"{spec.name} is new", spec.name, wish.place, is_sure=True)
    version, build = entry.constraint.exact or "", getattr(entry.constraint, "build", "")
    if version and not constraint.allows(version, build):
        shown = f"{version} {build}" if constraint.allows(version) else version
        return Difference(f"{redact(wish.text)} is asked for now, and {shown} is locked", spec.name, wish.place)
    if _is_elsewhere(spec.channel, entry):
        words = f"{spec.name} is wanted from {spec.channel} now, and locked from {redact(entry.channel)}"
        return Difference(words, spec.name, wish.place)
    return None


def _is_elsewhere(channel: str, entry: Requirement) -> bool:
    """Tell whether an entry is not from the channel of a spec; only plain names are compared, and no collections."""
    if not _PLAIN_CHANNEL.fullmatch(channel) or channel == "defaults" or not entry.channel:
        return False
    return channel not in entry.channel.lower().split("/") and channel not in entry.channel.split("/")


def _requirement(held: _Held, wish: Wish) -> Difference | None:
    try:
        wanted = parse_entry(wish.text)
    except InvalidEntry:
        return None
    name = normalize(wish.name or wanted.name)
    if not name:
        return None
    entry = held.pip.get(name)
    if entry is None:
        return None if _may_be_held(held, name) else Difference(f"{name} is new", name, wish.place, is_sure=True)
    version = entry.constraint.exact
    if version and not wanted.direct and not wanted.constraint.allows(version):
        return Difference(f"{redact(wish.text)} is asked for now, and {version} is locked", name, wish.place)
    if _is_other_source(wanted.direct, entry.direct):
        words = f"{name} comes from {_source(wanted.direct)} now, and was locked from {_source(entry.direct)}"
        return Difference(words, name, wish.place)
    return None


def _may_be_held(held: _Held, name: NormalizedName) -> bool:
    """Tell whether a conda package may be that distribution: conda-lock then leaves it out, whatever it is called."""
    return any(name in other or other in name for other in map(normalize, held.conda))


def _is_other_source(now: DirectReference | None, then: DirectReference | None) -> bool:
    if now is None or then is None:
        return (now is None) is not (then is None)
    if normalize_url(now.url) != normalize_url(then.url):
        return True
    return bool(now.commit and then.commit and now.commit != then.commit)


def _source(reference: DirectReference | None) -> str:
    if reference is None:
        return "an index"
    return f"{redact(reference.url)}{reference.commit and '@'}{reference.commit[:12]}"


def _reachable(needs: Mapping[str, tuple[NormalizedName, ...]], roots: Iterable[str]) -> set[str]:
    """Return the names that the roots need, and what these need, and so on."""
    pending = [name for name in roots if name in needs]
    seen = set(pending)
    while pending:
        for needed in needs[pending.pop()]:
            if needed not in seen and needed in needs:
                seen.add(needed)
                pending.append(needed)
    return seen


def _left_over(entries: Mapping[str, Requirement], reachable: set[str]) -> Iterator[Difference]:
    """Yield the packages that nothing asks for any more; of a chain of needs the first, of a circle all."""
    left = {name: entries[name] for name in entries if name not in reachable}
    needed = {name for entry in left.values() for name in entry.needs if name != entry.name}
    for name, entry in left.items():
        if name not in needed or not left.keys() - needed:
            yield Difference(f"{name} is not asked for any more", name, entry.place)
