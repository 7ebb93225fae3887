"""What installed distributions require of each other, in this environment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from envcheck.model import markers as pep508
from envcheck.model.environment import Distribution, Environment
from envcheck.model.names import NormalizedName, normalize

if TYPE_CHECKING:
    from packaging.requirements import Requirement as Pep508Requirement

# Most Requires-Dist lines are a name and plain specifiers: packaging needs ten times as long for them.
_PLAIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*\(?((?:[<>=!~]=?=?[^;()@\[\]]*)?)\)?\s*\Z")
_EXTRA_ONLY = re.compile(r";\s*extra\s*==\s*['\"][^'\"]*['\"]\s*\Z")


class Needed(Struct, frozen=True):
    """One requirement of an installed distribution that holds here: PyPI name and specifier text."""

    name: NormalizedName
    specifier: str
    extras: frozenset[str] = frozenset()


def needs(
    distribution: Distribution, markers: Mapping[str, str], extras: frozenset[str] = frozenset()
) -> Iterator[Needed]:
    """Yield what a distribution requires here, with what these of its extras add; unreadable lines are skipped.

    Without extras that is what ``pip check`` reads.
    """
    for text in distribution.requires:
        if not extras and _EXTRA_ONLY.search(text):
            continue
        head, _, marker = text.partition(";")
        plain = _PLAIN.match(head)
        if plain:
            if not marker or _holds(marker.strip(), markers, extras):
                yield Needed(normalize(plain[1]), plain[2].strip())
            continue
        parsed = _parse(text)
        if parsed and (parsed.marker is None or _holds(str(parsed.marker), markers, extras)):
            wanted = frozenset(map(normalize, parsed.extras))
            yield Needed(normalize(parsed.name), str(parsed.specifier), wanted)


def _holds(marker: str, markers: Mapping[str, str], extras: frozenset[str]) -> bool:
    """Tell whether the marker of a requirement holds; a line with one that is unreadable is left out."""
    try:
        return any(pep508.marker_holds(marker, {**markers, "extra": extra}) for extra in ("", *extras))
    except (ValueError, KeyError):
        return False


@lru_cache(maxsize=4096)
def _parse(text: str) -> Pep508Requirement | None:
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Pep508Requirement

    try:
        return Pep508Requirement(text)
    except InvalidRequirement:
        return None


@lru_cache(maxsize=1024)
def marker_holds(marker: str, environment: tuple[tuple[str, str], ...]) -> bool:
    """Tell whether a marker text holds in an environment given as sorted items; what cannot be evaluated holds."""
    try:
        return pep508.marker_holds(marker, dict(environment))
    except (ValueError, KeyError):
        return True


def closure(environment: Environment, roots: Iterable[NormalizedName]) -> set[NormalizedName]:
    """Return the installed distributions among ``roots``, with all installed ones that they require, and so on.

    Extras count that a requirement asks for; which ones a person once asked for stands nowhere in an environment.
    """
    installed = {distribution.name: distribution for distribution in reversed(environment.distributions)}
    pending = [Needed(root, "") for root in roots]
    reached: set[tuple[NormalizedName, frozenset[str]]] = set()
    while pending:
        needed = pending.pop()
        if needed.name in installed and (needed.name, needed.extras) not in reached:
            reached.add((needed.name, needed.extras))
            pending += needs(installed[needed.name], environment.markers, needed.extras)
    return {name for name, _ in reached}


def dependents(environment: Environment) -> dict[NormalizedName, tuple[str, ...]]:
    """Return for every name which installed distributions require it, sorted, extras left out."""
    found: dict[NormalizedName, set[str]] = {}
    for distribution in environment.distributions:
        for needed in needs(distribution, environment.markers):
            found.setdefault(needed.name, set()).add(distribution.name)
    return {name: tuple(sorted(names)) for name, names in found.items()}
