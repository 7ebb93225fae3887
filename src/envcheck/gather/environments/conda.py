"""A conda prefix: its records, the Python distributions each of them owns, and what became of those."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from envcheck.gather.environments.conda_records import CondaRecord, parse_record
from envcheck.gather.environments.files import names_in, read_whole, reason
from envcheck.gather.environments.identities import broken, place_of
from envcheck.gather.environments.installed import CondaOwner, Ownership
from envcheck.gather.environments.metadata_folders import split_folder
from envcheck.gather.environments.records import listing_below, top_modules
from envcheck.model.environment import CondaPackage, Distribution
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.readings import Problem


class CondaPrefix(Struct, frozen=True):
    """The records of a prefix with the files they were read from, in the order of these files' names."""

    prefix: str
    records: tuple[tuple[str, CondaRecord], ...] = ()
    problems: tuple[Problem, ...] = ()

    def python(self) -> CondaRecord | None:
        """Return the record of the interpreter."""
        return next((record for _, record in self.records if record.name == "python"), None)

    def owners(self) -> dict[str, CondaOwner]:
        """Return the absolute paths of all metadata folders that records own."""
        return {
            f"{self.prefix}/{site}/{folder}": CondaOwner(record.name, record.files, site)
            for _, record in self.records
            for site, folder in record.metadata
        }


def read_conda_meta(prefix: str) -> CondaPrefix:
    """Return the records of a conda prefix; a record that cannot be read, or that there are two of, is a problem."""
    meta = f"{prefix}/conda-meta"
    records: list[tuple[str, CondaRecord]] = []
    problems = []
    seen: dict[str, str] = {}
    try:
        names = [name for name in names_in(meta) if name.endswith(".json") and not name.startswith("._")]
    except OSError as error:
        return CondaPrefix(prefix, problems=(broken(meta, f"conda-meta cannot be read ({reason(error)})", "allow it"),))
    for name in names:
        path = f"{meta}/{name}"
        try:
            record = parse_record(read_whole(path))
        except (OSError, ValueError) as error:
            why = reason(error) if isinstance(error, OSError) else str(error)
            problems.append(broken(path, f"{name}: the record cannot be read ({why})", "install the package again"))
            continue
        if record.name in seen:
            message = f"{record.name}: conda has two records of it, {seen[record.name]} and {name}"
            problems.append(broken(path, message, "install the package again"))
        seen.setdefault(record.name, name)
        records.append((path, record))
    return CondaPrefix(prefix, tuple(records), tuple(problems))


def packages_of(
    conda: CondaPrefix, sites: Iterable[str], distributions: Iterable[Distribution]
) -> tuple[CondaPackage, ...]:
    """Return the packages of a prefix, compared with the distributions that stand in its site folders."""
    standing: dict[str, dict[NormalizedName, Distribution]] = {site: {} for site in sites}
    for found in distributions:
        standing.setdefault(found.site, {})[found.name] = found
    return tuple(
        CondaPackage(
            name=NormalizedName(record.name),
            version=record.version,
            build=record.build,
            place=place_of(path),
            channel=record.channel,
            subdir=record.subdir,
            url=record.url,
            md5=record.md5,
            sha256=record.sha256,
            depends=record.depends,
            requested=record.requested,
            provides=tuple(dict.fromkeys(normalize(split_folder(folder).name) for _, folder in record.metadata)),
            clobbered=_clobbered(conda.prefix, record, standing),
        )
        for path, record in conda.records
    )


def _clobbered(
    prefix: str, record: CondaRecord, standing: Mapping[str, Mapping[NormalizedName, Distribution]]
) -> dict[str, str]:
    found = {}
    for site, folder in record.metadata:
        here = standing.get(f"{prefix}/{site}")
        # A site folder that is not on the path is that of a Python that was replaced.
        if here is None:
            continue
        path = f"{prefix}/{site}/{folder}"
        name = normalize(split_folder(folder).name)
        instead = here.get(name)
        if os.path.lexists(path) and not (instead and instead.place == place_of(path)):
            continue  # two of one name: ENV002
        # What another record owns is conda's own doing.
        if instead is None or not instead.conda:
            found[str(name)] = instead.version if instead else ""
    return found


def bare_modules(conda: CondaPrefix, sites: Iterable[str]) -> Iterator[Ownership]:
    """Yield the modules of packages that bring Python code without a distribution, owned by ``conda:name``."""
    for _, record in conda.records:
        if record.metadata:
            continue
        for site in sites:
            listing = listing_below(record.files, site.removeprefix(f"{conda.prefix}/"))
            tops = top_modules(listing)
            if tops:
                yield Ownership(NormalizedName(f"conda:{record.name}"), tops, listing)
