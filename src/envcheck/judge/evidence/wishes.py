"""Stamps as requirements: what notebooks ran with is the best that is known where nothing is installed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from envcheck.model.constraints import pep440
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.places import Place
from envcheck.model.requirements import Requirement, Role
from envcheck.model.usage import Source


def wishes_of_stamps(sources: Iterable[Source]) -> Mapping[NormalizedName, tuple[Requirement, ...]]:
    """Return the releases that stamped sources ran with, by name, as requirements that nobody has to meet.

    What came from a repository or a folder is no release, and a stamp that a merge has spoiled says nothing.
    """
    found: dict[NormalizedName, dict[Requirement, None]] = {}
    for source in sources:
        stamp = source.stamp
        if stamp and stamp.is_known and not source.stamp_leftovers:
            for name, version in stamp.versions.items():
                if name not in stamp.sources:
                    found.setdefault(name, {})[_wish(name, version, source)] = None
    return {name: tuple(wishes) for name, wishes in found.items()}


def _wish(name: NormalizedName, version: str, source: Source) -> Requirement:
    return Requirement(
        name,
        f"{name}=={version}",
        Ecosystem.PYPI,
        Place(source.path),
        pep440(f"=={version}"),
        Role.STAMPED,
        "stamp",
        shown_name=name,
    )
