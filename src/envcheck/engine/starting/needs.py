"""Which installed distributions the code of a scope imports itself, and which of its imports that does not tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from envcheck.judge.evidence.dossier import Dossier, ModuleOrigin, Use
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.coverage.declared import asks_for
from envcheck.judge.rules.coverage.needs import is_brought_along, is_optional
from envcheck.model.places import Place
from envcheck.model.usage import ImportKind

_PIN = "run the cell in this environment first, or pin it by hand"


class Gap(Struct, frozen=True):
    """Something that is imported and that cannot be declared unasked: where, what to do, and the names it may have."""

    place: Place
    message: str
    keys: tuple[str, ...] = ()


class Need(Struct, frozen=True):
    """An installed distribution, and where it is imported first."""

    dossier: Dossier
    place: Place


class Needs(Struct, frozen=True):
    """What the code of a scope needs, sorted by name, and the gaps in that, in reading order."""

    found: tuple[Need, ...]
    gaps: tuple[Gap, ...]


def needs_of(evidence: Evidence) -> Needs:
    """Return what is to be declared for the sources of a scope.

    What is imported and not installed is a gap only where an install line in a cell speaks for it: otherwise COV002
    says it better. What is merely optional counts where it is installed.
    """
    found: dict[str, Need] = {}
    ambiguous: dict[tuple[str, ...], Use] = {}
    gaps = []
    for use in _uses(evidence):
        here = [key for key in use.keys if evidence.dossiers[key].is_installed]
        if len(here) == 1:
            found.setdefault(here[0], Need(evidence.dossiers[here[0]], use.imported.place))
        elif here:
            ambiguous.setdefault(tuple(here), use)
        elif not is_optional(use) and (line := _install_line(evidence.dossiers, use)):
            gaps.append(Gap(use.imported.place, f"{use.imported.top} comes from {line}, but is not installed; {_PIN}"))
    # `import google.cloud` may mean any of ten distributions: where one of them is found, that is said already.
    unsettled = {keys: use for keys, use in ambiguous.items() if not any(key in found for key in keys)}
    gaps += [_ambiguous(evidence, keys, use) for keys, use in unsettled.items()]
    return Needs(tuple(found[key] for key in sorted(found)), tuple(sorted(set(gaps), key=_order)))


def _uses(evidence: Evidence) -> Iterator[Use]:
    """Yield the uses of what others have made; types alone are needed by no run."""
    for use in evidence.uses:
        is_asked = use.origin is ModuleOrigin.THIRD_PARTY and use.imported.kind is not ImportKind.TYPE_ONLY
        if is_asked and not is_brought_along(use):
            yield use


def _install_line(dossiers: Mapping[str, Dossier], use: Use) -> str:
    asking = (r for key in use.keys for r in dossiers[key].requirements if asks_for(r, use))
    return next((f"an install line in {_in_file(r.place)}" for r in asking), "")


def _in_file(place: Place) -> str:
    return f"cell {place.cell}" if place.cell else f"line {place.line}"


def _ambiguous(evidence: Evidence, keys: tuple[str, ...], use: Use) -> Gap:
    names = sorted(evidence.dossiers[key].shown_name for key in keys)
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    message = f"{use.imported.module} is in {listed}, and all of them are installed; declare the one that is meant"
    return Gap(use.imported.place, message, keys)


def _order(gap: Gap) -> tuple[Place, str]:
    return gap.place, gap.message
