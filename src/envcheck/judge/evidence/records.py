"""Two records of environments, whoever wrote them, compared name by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.records import Comparison, Difference, PythonDifference, Record, Row
from envcheck.model.stamps import LOCAL
from envcheck.model.urls import normalize_url
from envcheck.model.versions import parse_version, public_version, same_version


def compare(before: Record, after: Record) -> Comparison:
    """Return how two records differ: every name of either, direct ones first."""
    rows = [*_distributions(before, after), *_conda_packages(before, after)]
    rows.sort(key=lambda row: (not row.is_direct, row.ecosystem is Ecosystem.CONDA, row.name))
    return Comparison(before, after, compare_pythons(before, after), tuple(rows))


def compare_pythons(before: Record, after: Record) -> PythonDifference:
    """Return how the interpreters differ; which of them has which version decides, not what it is called."""
    old, new = parse_version(before.python), parse_version(after.python)
    if old is None or new is None:
        return PythonDifference.UNKNOWN
    if before.implementation != after.implementation:
        return PythonDifference.IMPLEMENTATION
    if old.release[:2] != new.release[:2]:
        return PythonDifference.MINOR
    return PythonDifference.SAME if old == new else PythonDifference.PATCH


def _distributions(before: Record, after: Record) -> Iterator[Row]:
    direct = before.direct | after.direct
    for name in before.versions.keys() | after.versions.keys():
        sides = before.versions.get(name, ""), after.versions.get(name, "")
        sources = before.sources.get(name, ""), after.sources.get(name, "")
        difference = _difference(*sides)
        if difference is Difference.SAME and not same_source(*sources):
            difference = Difference.SOURCE
        builds = before.builds.get(name, ""), after.builds.get(name, "")
        yield Row(name, _of_build(difference, *builds), *sides, *sources, name in direct, Ecosystem.PYPI, *builds)


def _conda_packages(before: Record, after: Record) -> Iterator[Row]:
    for name in before.conda.keys() | after.conda.keys():
        sides = before.conda.get(name, ""), after.conda.get(name, "")
        is_direct = name in before.direct | after.direct
        builds = before.builds.get(name, ""), after.builds.get(name, "")
        difference = _of_build(_difference(*sides), *builds)
        yield Row(name, difference, *sides, "", "", is_direct, Ecosystem.CONDA, *builds)


def _of_build(difference: Difference, before: str, after: str) -> Difference:
    """Return how things of one name differ when their builds count too, where both are known."""
    is_other = difference is Difference.SAME and before and after and before != after
    return Difference.BUILD if is_other else difference


def _difference(before: str, after: str) -> Difference:
    if not before or not after:
        return Difference.MISSING if before else Difference.EXTRA
    if same_version(before, after):
        return Difference.SAME
    is_build = same_version(public_version(before), public_version(after))
    return Difference.BUILD if is_build else Difference.VERSION


def same_source(before: str, after: str) -> bool:
    """Tell whether two sources are the same as far as they tell: scheme, user and ``.git`` do not count."""
    if before == after or LOCAL in (before, after) or not (before and after):
        return before == after
    return _plain(before) == _plain(after)


def _plain(source: str) -> str:
    return normalize_url(re.sub(r"\.git(?=@|\Z)", "", source.partition("#")[0]))


def restricted(record: Mapping[NormalizedName, str], names: set[NormalizedName]) -> dict[NormalizedName, str]:
    """Return those entries of a record that are of these names."""
    return {name: version for name, version in record.items() if name in names}
