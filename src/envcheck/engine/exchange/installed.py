"""An environment as a bill of materials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from envcheck.gather.documents.conda_channels import public_spelling
from envcheck.judge.evidence.requires import needs
from envcheck.judge.evidence.stamped import source_of
from envcheck.model.bills import Bill, BillKind, Part
from envcheck.model.environment import CondaPackage, Distribution, Environment
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.platforms import subdir_of

_ARCHIVES = ("conda", "tar.bz2")


def bill_of_environment(environment: Environment, name: str) -> Bill:
    """Return what is installed: conda packages, and Python distributions, those of conda inside of their packages."""
    installed = {distribution.name: distribution for distribution in reversed(environment.distributions)}
    packages = {package.name: package for package in environment.conda}
    extras = _extras_asked_for(installed, environment.markers)
    parts = [_package(package, packages) for package in packages.values()]
    for distribution in installed.values():
        wanted = needs(distribution, environment.markers, frozenset(extras.get(distribution.name, ())))
        keys = {_key(installed[needed.name]) for needed in wanted if needed.name in installed}
        parts.append(_distribution(distribution, keys, packages))
    return Bill(
        BillKind.ENVIRONMENT,
        name,
        python=environment.python,
        platform=subdir_of(environment.markers),
        parts=tuple(sorted(parts, key=lambda part: part.key)),
        problems=environment.problems,
    )


def _extras_asked_for(
    installed: Mapping[NormalizedName, Distribution], markers: Mapping[str, str]
) -> dict[NormalizedName, set[NormalizedName]]:
    """Return the extras of each distribution that others require: which a person asked for, stands nowhere."""
    asked: dict[NormalizedName, set[NormalizedName]] = {}
    pending = list(installed)
    while pending:
        name = pending.pop()
        for needed in needs(installed[name], markers, frozenset(asked.get(name, ()))):
            new = {NormalizedName(extra) for extra in needed.extras} - asked.get(needed.name, set())
            if new and needed.name in installed:
                asked.setdefault(needed.name, set()).update(new)
                pending.append(needed.name)
    return asked


def _key(distribution: Distribution) -> str:
    return f"pypi:{distribution.name}@{distribution.version}"


def _conda_key(package: CondaPackage) -> str:
    return f"conda:{package.name}@{package.version}={package.build}"


def _distribution(
    distribution: Distribution, needed: Iterable[str], packages: Mapping[NormalizedName, CondaPackage]
) -> Part:
    direct = distribution.direct
    package = packages.get(NormalizedName(distribution.conda))
    return Part(
        _key(distribution),
        distribution.shown_name,
        distribution.version,
        hashes=direct.hashes if direct else (),
        origin=source_of(direct) if direct else "",
        inside=_conda_key(package) if package else "",
        needs=tuple(sorted(set(needed) - {_key(distribution)})),
    )


def _package(package: CondaPackage, packages: Mapping[NormalizedName, CondaPackage]) -> Part:
    file = package.url.partition("#")[0]
    return Part(
        _conda_key(package),
        package.name,
        package.version,
        Ecosystem.CONDA,
        hashes=tuple(_hashes(package)),
        channel=public_spelling(package.channel, package.subdir),
        subdir=package.subdir,
        build=package.build,
        archive=next((ending for ending in _ARCHIVES if file.endswith(f".{ending}")), ""),
        needs=tuple(sorted({*_depends(package, packages)} - {_conda_key(package)})),
    )


def _hashes(package: CondaPackage) -> Iterator[str]:
    for algorithm, value in (("md5", package.md5), ("sha256", package.sha256)):
        if value:
            yield f"{algorithm}:{value}"


def _depends(package: CondaPackage, packages: Mapping[NormalizedName, CondaPackage]) -> Iterator[str]:
    for text in package.depends:
        # The name of a match spec ends at the first blank or comparison; a channel may stand before it.
        name = NormalizedName(text.split(" ")[0].rpartition("::")[2].lower())
        if name in packages:
            yield _conda_key(packages[name])
