"""Channels as people and tools spell them: by a name, or by a URL that may hold credentials."""

from __future__ import annotations

import re

_CREDENTIALS = r"(?<=://)[^/@]*@|/t/[^/]+(?=/)"


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
