"""Whether the sources of a conda-lock.yml are those that were locked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from envcheck.gather.declarations.conda_lock.departures import Wanted, departures, new_platforms
from envcheck.gather.documents.conda_channels import is_same_channel
from envcheck.gather.documents.conda_content_hash import Inputs, is_hash_of
from envcheck.gather.documents.conda_inputs import Channel, is_environment, read_source
from envcheck.model.locks import Departure, Freshness, State
from envcheck.model.names import Ecosystem
from envcheck.model.places import Place
from envcheck.model.readings import RawFile

if TYPE_CHECKING:
    from envcheck.gather.declarations.conda_lock.lock import CondaLock

# What a lock with CUDA holds tells which --with-cuda may have been given.
_CUDA_PACKAGES = ("cuda-version", "cudatoolkit")


def freshness_of(lock: CondaLock, files: Mapping[str, RawFile]) -> Freshness:
    """Return the state of a lock beside those of its sources that exist, by their paths."""
    found = [files[path] for path in lock.made_from if path in files]
    if not found:
        return Freshness(State.UNKNOWN)
    recorded = _recorded(lock, files)
    if recorded == ():
        return Freshness(State.FRESH)
    read = [read_source(file, lock.platforms) for file in found if is_environment(file.path)]
    wanted = Wanted.of(read, is_whole=len(read) == len(lock.made_from))
    # No content hash knows of platforms that were added.
    if not any(new_platforms(lock, wanted)) and _is_proven(lock, wanted):
        return Freshness(State.FRESH)
    differences = tuple(departures(lock, wanted))
    if differences:
        return Freshness(State.CHANGED, tuple(Departure(d.words, d.name, d.place) for d in differences))
    if recorded:
        return Freshness(State.CHANGED, recorded)
    return Freshness(State.UNKNOWN)


def _recorded(lock: CondaLock, files: Mapping[str, RawFile]) -> tuple[Departure, ...] | None:
    """Return the sources whose recorded hash is another one now; ``None`` when not all of them can be compared."""
    changed = []
    compared = 0
    for source in lock.sources:
        inputs, file = lock.inputs.get(source), files.get(lock.located(source))
        if inputs and file and (inputs.md5 or inputs.sha256):
            compared += 1
            if not _is_same(file.data, inputs.md5, inputs.sha256):
                changed.append(Departure(f"{source} has changed", place=Place(file.path)))
    return tuple(changed) if changed or (compared and compared == len(lock.sources)) else None


def _is_same(data: bytes, md5: str, sha256: str) -> bool:
    import hashlib

    # conda-lock reads text: line ends are those of Unix then.
    text = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if sha256:
        return hashlib.sha256(text).hexdigest() == sha256.lower()
    return hashlib.md5(text, usedforsecurity=False).hexdigest() == md5.lower()


def _is_proven(lock: CondaLock, wanted: Wanted) -> bool:
    """Tell whether the content hashes of all platforms are those of the sources."""
    if not (wanted.is_whole and wanted.is_plain and lock.platforms):
        return False
    channels = tuple(_as_recorded(url, lock.channels) for url in wanted.channels)
    return all(
        is_hash_of(lock.content_hash.get(platform, ""), inputs)
        for platform in lock.platforms
        for inputs in [Inputs(platform, channels, wanted.wishes[platform], wanted.repositories, _cuda(lock, platform))]
    )


def _as_recorded(url: str, recorded: tuple[Channel, ...]) -> Channel:
    """Return a channel as the lock names it: conda-lock puts variables in the place of credentials."""
    return next((channel for channel in recorded if is_same_channel(channel.url, url)), Channel(url))


def _cuda(lock: CondaLock, platform: str) -> tuple[str, ...]:
    held = lock.by_name(Ecosystem.CONDA, platform)
    entries = (held[name] for name in _CUDA_PACKAGES if name in held)
    return tuple(entry.constraint.exact for entry in entries if entry.constraint.exact)
