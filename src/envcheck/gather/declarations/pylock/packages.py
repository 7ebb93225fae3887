"""One entry of a lock → what it installs, and what of it an installer would refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from envcheck.gather.declarations.pylock import NAME
from envcheck.gather.declarations.pylock.faults import faults_of
from envcheck.gather.declarations.pylock.lock import Package
from envcheck.gather.declarations.pylock.tables import DIRECT, Table, entries, file_name, files, hashes, text
from envcheck.gather.documents.lock_texts import locked
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.requirements import DirectKind, DirectReference

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


class ReadPackage(NamedTuple):
    """An entry as far as it can be used, with the reasons why an installer would refuse it."""

    package: Package | None
    faults: tuple[str, ...]


def read_package(table: object, place: Place) -> ReadPackage:
    """Return an entry of ``[[packages]]``; without a name there is none."""
    name = text(table, "name") if isinstance(table, Mapping) else ""
    if not isinstance(table, Mapping) or not _NAME.fullmatch(name):
        return ReadPackage(None, ("an entry without a name",))
    found = tuple(files(table))
    requirement = locked(
        name,
        text(table, "version"),
        place,
        NAME,
        marker=text(table, "marker"),
        hashes=dict.fromkeys(digest for file in found for digest in hashes(file)),
        direct=_direct(table),
        needs=dict.fromkeys(_needs(table)),
        index=text(table, "index"),
        python=text(table, "requires-python"),
    )
    # The source archive is taken where no wheel fits.
    only_wheels = not (table.get("sdist") or requirement.direct)
    wheels = tuple(filter(None, map(file_name, found))) if only_wheels else ()
    return ReadPackage(Package(requirement, wheels), tuple(f"{name}: {fault}" for fault in faults_of(table)))


def _direct(table: Table) -> DirectReference | None:
    for key in DIRECT:
        source = table.get(key)
        if not isinstance(source, Mapping):
            continue
        url, path, subdirectory = text(source, "url"), text(source, "path"), text(source, "subdirectory")
        if key == "directory":
            editable = source.get("editable") is True
            return DirectReference(DirectKind.PATH, path, editable=editable, subdirectory=subdirectory)
        if key == "archive":
            kind = DirectKind.URL if url and not url.startswith("file:") else DirectKind.PATH
            return DirectReference(kind, url or path, subdirectory=subdirectory, hashes=tuple(hashes(source)))
        return DirectReference(
            DirectKind.VCS,
            (url or path).removeprefix("git+").partition("#")[0],
            revision=text(source, "requested-revision"),
            commit=text(source, "commit-id"),
            subdirectory=subdirectory,
        )
    return None


def _needs(table: Table) -> Iterator[NormalizedName]:
    """Yield the names that an entry depends on: the standard's own list, and pdm's in PEP 508."""
    for entry in entries(table, "dependencies"):
        if isinstance(entry, Mapping) and text(entry, "name"):
            yield normalize(text(entry, "name"))
    for written in pdm_dependencies(table) or ():
        found = _NAME.match(written) if isinstance(written, str) else None
        if found:
            yield normalize(found[0])


def pdm_dependencies(table: Table) -> list[object] | None:
    """Return what pdm notes of the dependencies of an entry, ``None`` when it notes nothing."""
    found: object = table
    for key in ("tool", "pdm", "dependencies"):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, list) else None
