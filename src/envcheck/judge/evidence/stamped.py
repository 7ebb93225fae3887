"""What a notebook ran with: the stamp of a source in its environment, and stamps and environments as records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from envcheck.judge.evidence.dossier import Certainty, ModuleOrigin, Use
from envcheck.judge.evidence.records import compare, restricted
from envcheck.judge.evidence.requires import closure
from envcheck.model.conda_order import parse_conda_version
from envcheck.model.environment import CondaPackage, Distribution, Environment
from envcheck.model.names import NormalizedName
from envcheck.model.records import Comparison, Record
from envcheck.model.requirements import DirectKind, DirectReference
from envcheck.model.stamps import LOCAL, Stamp
from envcheck.model.urls import has_credentials, redact, without_user
from envcheck.model.usage import ImportKind
from envcheck.model.versions import parse_version

if TYPE_CHECKING:
    from collections.abc import Mapping

CONDA = "conda:"
_OPTIONAL = (ImportKind.GUARDED, ImportKind.TYPE_ONLY)
_GCC = frozenset({"_libgcc_mutex", "_openmp_mutex", "libgcc", "libgcc-ng", "libgomp", "libstdcxx", "libstdcxx-ng"})
_OTHERS = frozenset({"libcxx", "ucrt", "vc", "vc14_runtime", "vs2015_runtime", "ca-certificates", "openssl", "tzdata"})
# What exists on one platform only would be written anew by whoever works on another, and no notebook asks for it.
_RUNTIMES = _GCC | _OTHERS | {"python", "python_abi", "pypy"}


def stamp_of(uses: Iterable[Use], environment: Environment, *, direct_only: bool = False) -> Stamp:
    """Return the stamp of a source whose imports mean ``uses`` in an environment.

    A distribution without a version that could be installed again is left out.
    """
    used = tuple(uses)
    installed = _installed(environment)
    conda = {package.name: package for package in environment.conda}
    imported = {NormalizedName(key) for use in used for key in use.keys if key in installed}
    needed = set[NormalizedName]() if direct_only else closure(environment, imported) - imported
    named = {use_key.removeprefix(CONDA) for use in used for use_key in use.keys if use_key.startswith(CONDA)}
    packages = {name for name in map(NormalizedName, named) if name in conda}
    if not direct_only:
        packages.update(_libraries((installed[name] for name in imported | needed), conda))
    return Stamp(
        python=environment.python,
        packages=_versions(imported, installed),
        requires=_versions(needed, installed),
        sources=_sources(imported | needed, installed),
        implementation="" if environment.implementation == "cpython" else environment.implementation,
        conda={name: conda[name].version for name in sorted(packages) if parse_conda_version(conda[name].version)},
        missing=tuple(sorted(_missing(used, installed, conda))),
    )


def record_of_stamp(stamp: Stamp, title: str = "stamp") -> Record:
    """Return a stamp as a record; of one that refers to a lock the lock has the versions."""
    return Record(
        title,
        stamp.python,
        stamp.implementation,
        stamp.versions,
        stamp.sources,
        stamp.conda,
        frozenset(stamp.packages),
    )


def record_of_environment(environment: Environment, title: str = "environment") -> Record:
    """Return all that is installed as a record, as a stamp would have it; nobody says what of it is direct."""
    installed = _installed(environment)
    return Record(
        title,
        environment.python,
        "" if environment.implementation == "cpython" else environment.implementation,
        {name: installed[name].version for name in sorted(installed)},
        _sources(installed, installed),
        {package.name: package.version for package in environment.conda if not package.provides},
        builds=dict(_builds(environment, installed)),
    )


def _builds(
    environment: Environment, installed: Mapping[NormalizedName, Distribution]
) -> Iterator[tuple[NormalizedName, str]]:
    """Yield conda's builds of what it has installed and nobody has replaced."""
    packages = {package.name: package for package in environment.conda}
    for package in environment.conda:
        if package.build and not package.provides:
            yield package.name, package.build
    for name, distribution in installed.items():
        owner = packages.get(NormalizedName(distribution.conda))
        if owner and owner.build:
            yield name, owner.build


def since(record: Record, there: Record, fresh: Stamp | None = None) -> Comparison:
    """Return what has become of a record in an environment, whose own record is ``there``.

    Of the environment counts what the record names, and what ``fresh``, a stamp made now, has besides. A record that
    holds only what is direct is not told what that requires.
    """
    more = Stamp() if fresh is None else fresh
    is_direct_only = set(record.versions) <= record.direct
    names = set(record.versions) | set(more.packages if is_direct_only else more.versions)
    packages = set(record.conda) | set({} if is_direct_only else more.conda)
    after = replace(
        there,
        versions=restricted(there.versions, names),
        sources=restricted(there.sources, names),
        conda=restricted(there.conda, packages),
        direct=frozenset(more.packages),
    )
    return compare(record, after)


def source_of(direct: DirectReference) -> str:
    """Return where a distribution came from as a stamp says it: a URL at its commit, without secrets, or ``local``."""
    if direct.kind is DirectKind.PATH or direct.editable or direct.url.startswith("file:"):
        return LOCAL
    url = without_user(direct.url)
    if direct.kind is DirectKind.VCS:
        revision = direct.commit or direct.revision
        at, subdirectory = f"@{revision}" if revision else "", direct.subdirectory
        url = f"{direct.tool or 'git'}+{url}{at}" + (f"#subdirectory={subdirectory}" if subdirectory else "")
    else:
        hashed = next((text for text in direct.hashes if text.startswith("sha256:")), "").replace(":", "=")
        url = url.partition("#")[0] + (f"#{hashed}" if hashed else "")
    return redact(url) if has_credentials(url) else url


def _installed(environment: Environment) -> dict[NormalizedName, Distribution]:
    return {distribution.name: distribution for distribution in reversed(environment.distributions)}


def _versions(
    names: Iterable[NormalizedName], installed: Mapping[NormalizedName, Distribution]
) -> dict[NormalizedName, str]:
    return {name: installed[name].version for name in sorted(names) if parse_version(installed[name].version)}


def _sources(
    names: Iterable[NormalizedName], installed: Mapping[NormalizedName, Distribution]
) -> dict[NormalizedName, str]:
    found = ((name, installed[name].direct) for name in sorted(names))
    return {name: source_of(direct) for name, direct in found if direct}


def _libraries(
    distributions: Iterable[Distribution], conda: Mapping[NormalizedName, CondaPackage]
) -> Iterator[NormalizedName]:
    """Yield the conda packages without Python in them that those of some distributions depend on."""
    owners = (conda.get(NormalizedName(distribution.conda)) for distribution in distributions)
    for owner in filter(None, owners):
        for text in owner.depends:
            package = conda.get(NormalizedName(text.split(" ")[0].lower()))
            if package and not package.provides and package.name not in _RUNTIMES:
                yield package.name


def _missing(
    uses: Iterable[Use],
    installed: Mapping[NormalizedName, Distribution],
    conda: Mapping[NormalizedName, CondaPackage],
) -> Iterator[str]:
    """Yield the modules that are imported for certain and that nothing provides."""
    for use in uses:
        is_there = any(key in installed or key.removeprefix(CONDA) in conda for key in use.keys)
        is_asked_for = use.origin is ModuleOrigin.THIRD_PARTY and use.imported.kind not in _OPTIONAL
        if is_asked_for and not (is_there or use.elsewhere or use.certainty is Certainty.RECORD):
            yield use.imported.top
