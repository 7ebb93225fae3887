"""Two sides of whatever kind → two records that speak of the same things, compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from envcheck.judge.evidence.records import compare
from envcheck.judge.names.table import NameTable
from envcheck.model.constraints import Constraint
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.records import Comparison, Record
from envcheck.model.sides import Package, Side

# conda-build names builds after what they are for: py311h64a7726_0, pyhd8ed1ab_0, cuda12_py310h64a7726_0
_PYTHON_BUILD = re.compile(r"(?:.*_)?py(?:h[0-9a-z]|\d)")
_NOT_PACKAGES = frozenset({"python", "python_abi"})
ANY = "any version"
"""What stands in the place of a version where all are accepted."""


def contrast(before: Side, after: Side, table: NameTable) -> Comparison:
    """Return how two sides differ, as far as both can know of it."""
    sides = _placed(before, after, table), _placed(after, before, table)
    settled = _settled(sides[0], sides[1]), _settled(sides[1], sides[0])
    return compare(_audible(settled[0], settled[1]), _audible(settled[1], settled[0]))


def _placed(side: Side, other: Side, table: NameTable) -> Side:
    """Return a side whose conda packages are distributions or not, as the other side has them."""
    versions, conda, builds = dict(side.record.versions), dict(side.record.conda), dict(side.record.builds)
    for name, package in side.packages.items():
        keys = tuple(_distributions(name, package, other, table))
        for key in keys:
            versions.setdefault(key, package.version)
        if not keys:
            conda[name] = package.version
        for key in keys or (name,):
            builds.setdefault(key, package.build)
    kept = {name: version for name, version in conda.items() if name not in _NOT_PACKAGES}
    return replace(side, record=replace(side.record, versions=versions, conda=kept, builds=builds))


def _distributions(name: NormalizedName, package: Package, other: Side, table: NameTable) -> Iterator[NormalizedName]:
    """Yield the distributions in a conda package, none when it seems to have none."""
    if name in other.packages or name in other.record.conda:
        return
    likely = normalize(table.pypi_of(name))
    known = other.provides.get(name) or tuple(dict.fromkeys((likely, normalize(name))))
    there = [key for key in known if key in other.record.versions or key in other.open]
    if there:
        yield from there if name in other.provides else there[:1]
    elif _PYTHON_BUILD.match(package.build) and name not in _NOT_PACKAGES:
        yield likely


def _settled(side: Side, other: Side) -> Side:
    """Return a side in which each name has a version: that of the other side, where it is allowed."""
    found = {name: _version(name, constraint, other) for name, constraint in side.open.items()}
    return replace(side, record=replace(side.record, versions={**side.record.versions, **found}))


def _version(name: NormalizedName, constraint: Constraint, other: Side) -> str:
    there = other.record.versions.get(name, "")
    is_settled = there and name not in other.open and constraint.allows(there)
    # Clauses have no order.
    return there if is_settled else ",".join(sorted(text.strip() for text in constraint.text.split(","))) or ANY


def _audible(side: Side, other: Side) -> Record:
    """Return what a side says, without that of which the other could not know."""
    record = side.record
    unheard = other.spared - set(other.record.versions)
    knows_sources = side.knows_sources and other.knows_sources
    versions = {name: version for name, version in record.versions.items() if name not in unheard}
    return replace(
        record,
        versions=versions,
        sources=_of(versions, record.sources) if knows_sources else {},
        conda=record.conda if other.knows_conda else {},
    )


def _of(names: Mapping[NormalizedName, str], sources: Mapping[NormalizedName, str]) -> dict[NormalizedName, str]:
    return {name: source for name, source in sources.items() if name in names}
