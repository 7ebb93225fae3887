"""conda's versions and their order (CEP 33), in the standard library only."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import zip_longest
from typing import TypeAlias

from msgspec import Struct

Component: TypeAlias = tuple[int, int, str]
Segment: TypeAlias = tuple[Component, ...]

_ZERO: Component = (2, 0, "")
_WEIGHTS = {"dev": 0, "post": 3}  # any other string weighs 1, a number 2
_LONGEST = 64  # CEP 26
_VALID = re.compile(r"(?:([0-9]+)!)?([0-9a-z._]+)(?:\+([0-9a-z._]+))?")
_RUNS = re.compile(r"[0-9]+|[^0-9]+")


class CondaVersion(Struct, frozen=True, eq=False):
    """A version ordered by CEP 33; ``segments`` begin with the epoch, ``local`` is what follows ``+``."""

    segments: tuple[Segment, ...]
    local: tuple[Segment, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CondaVersion) and self._significant() == other._significant()

    def __hash__(self) -> int:
        return hash(self._significant())

    def __lt__(self, other: CondaVersion) -> bool:
        return self._order(other) < 0

    def __le__(self, other: CondaVersion) -> bool:
        return self._order(other) <= 0

    def __gt__(self, other: CondaVersion) -> bool:
        return self._order(other) > 0

    def __ge__(self, other: CondaVersion) -> bool:
        return self._order(other) >= 0

    def starts_with(self, prefix: CondaVersion) -> bool:
        """Tell whether ``prefix.*`` matches: ``1.2.*`` takes 1.2, 1.2.3 and 1.2a1, but not 1.20."""
        if prefix.local:
            return _compare(self.segments, prefix.segments) == 0 and _begins(self.local, prefix.local)
        return _begins(self.segments, prefix.segments)

    def _order(self, other: CondaVersion) -> int:
        return _compare(self.segments, other.segments) or _compare(self.local, other.local)

    def _significant(self) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
        return _without_zeros(self.segments), _without_zeros(self.local)


@lru_cache(maxsize=8192)
def parse_conda_version(text: str) -> CondaVersion | None:
    """Return the parsed version, or ``None`` when the text is no conda version."""
    # Dashes are "historically allowed and interpreted as underscores" (CEP 33).
    match = _VALID.fullmatch(text.strip().lower().replace("-", "_"))
    if match is None or len(text) > _LONGEST:
        return None
    epoch, main, local = _segments(match[1] or "0"), _segments(match[2]), _segments(match[3] or "0")
    if not (epoch and main and local):
        return None
    return CondaVersion(epoch + main, local if match[3] else ())


def _segments(text: str) -> tuple[Segment, ...]:
    """Return the segments of one part of a version, none when one of them is empty."""
    # One trailing underscore belongs to the string before it: openssl's 1.0.1_ < 1.0.1a.
    body, tail = (text[:-1], "_") if text.endswith("_") else (text, "")
    parts = body.replace("_", ".").split(".")
    parts[-1] += tail
    return tuple(map(_segment, parts)) if all(parts) and body else ()


def _segment(text: str) -> Segment:
    components = tuple(map(_component, _RUNS.findall(text)))
    return components if text[0].isdigit() else (_ZERO, *components)


def _component(run: str) -> Component:
    return (2, int(run), "") if run[0].isdigit() else (_WEIGHTS.get(run, 1), 0, run)


def _compare(left: tuple[Segment, ...], right: tuple[Segment, ...]) -> int:
    """Return -1, 0 or 1; what is missing on one side counts as 0."""
    for mine, theirs in zip_longest(left, right, fillvalue=()):
        for a, b in zip_longest(mine, theirs, fillvalue=_ZERO):
            if a != b:
                return -1 if a < b else 1
    return 0


def _begins(whole: tuple[Segment, ...], prefix: tuple[Segment, ...]) -> bool:
    head, last = prefix[:-1], prefix[-1]
    final = whole[len(head)] if len(whole) > len(head) else ()
    return _compare(whole[: len(head)], head) == 0 and _compare((final[: len(last)],), (last,)) == 0


def _without_zeros(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    kept = [_cut(segment) for segment in segments]
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def _cut(segment: Segment) -> Segment:
    length = len(segment)
    while length and segment[length - 1] == _ZERO:
        length -= 1
    return segment[:length]
