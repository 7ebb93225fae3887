"""Channels as people and tools spell them: by a name, or by a URL that may hold credentials."""

from __future__ import annotations

import re

_CREDENTIALS = r"(?<=://)[^/@]*@|/t/[^/]+(?=/)"
_KNOWN = frozenset({"conda-forge", "bioconda", "defaults", "nvidia", "pytorch"})
_SHARED = r"https?://[A-Za-z0-9][A-Za-z0-9._~:/-]*|[A-Za-z0-9][A-Za-z0-9._/-]*"


def is_plain_name(channel: str) -> bool:
    """Tell whether a channel is called by its name alone, wherever a tool is set up to look for it."""
    return "://" not in channel and not channel.startswith((".", "/"))


def is_same_channel(one: str, other: str) -> bool:
    """Tell whether two spellings mean one channel: a plain name is the one of that name on any host."""
    first, second = (re.sub(_CREDENTIALS, "", channel.strip()).rstrip("/") for channel in (one, other))
    if is_plain_name(first) is is_plain_name(second):
        return first == second
    name, url = (first, second) if is_plain_name(first) else (second, first)
    return url.endswith(f"/{name}")


def are_same_channels(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Tell whether two lists name the same channels in the same order."""
    return len(some) == len(others) and all(map(is_same_channel, some, others))


def public_spelling(channel: str, subdir: str = "") -> str:
    """Return a channel as a record names it (by its name, or a URL that may end in a subdir) as others can use it.

    Names that everybody's conda knows stand for themselves; other URLs lose their credentials. Empty for a folder of
    this machine and for what is no channel.
    """
    bare = re.sub(_CREDENTIALS, "", channel.strip()).rstrip("/")
    for ending in (subdir, "noarch"):
        bare = bare.removesuffix(f"/{ending}") if ending else bare
    if re.search(r"(?:^|/)pkgs/(?:main|r|msys2)$", bare):
        return "defaults"
    name = bare.rpartition("/")[2]
    if name in _KNOWN:
        return name
    return bare if re.fullmatch(_SHARED, bare) else ""
