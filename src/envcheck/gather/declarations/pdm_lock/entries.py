"""The ``[[package]]`` tables of a pdm.lock → locked entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from envcheck.gather.declarations.pdm_lock import NAME
from envcheck.gather.documents.lock_texts import locked, tables_in, text_in, texts_in
from envcheck.gather.documents.vcs_urls import scheme_of
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.requirements import DirectKind, DirectReference, Requirement

ROOT = "file:///${PROJECT_ROOT}"
"""How pdm writes the folder of pyproject.toml in URLs (``pdm.models.backends``)."""
DEFAULT = "default"
"""The group of ``[project] dependencies``."""

_VCS = ("git", "hg", "svn", "bzr")
_ARCHIVES = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
_NEEDED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Entry(Struct, frozen=True):
    """One ``[[package]]``: pdm gives a distribution one for itself and one for each set of extras that is wanted of it.

    Without ``groups`` it is for all of them, or its lock does not say (pdm before 2.11).
    """

    requirement: Requirement
    groups: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()

    @property
    def name(self) -> NormalizedName:
        """The normalised name of the distribution."""
        return self.requirement.name


def read_entry(table: Mapping[str, object], place: Place, files: Mapping[str, object]) -> Entry | None:
    """Return the entry of a table, or ``None`` for one without a name; ``files`` are those of locks before 4.3."""
    name, version = text_in(table, "name"), text_in(table, "version")
    if not normalize(name):
        return None
    dependencies = texts_in(table, "dependencies")
    listed = tables_in(table, "files") or tables_in(files, f"{name} {version}")
    hashes = tuple(filter(None, (text_in(one, "hash") for one in listed)))
    groups = tuple(map(normalize, texts_in(table, "groups")))
    direct = _direct(table, hashes)
    requirement = locked(
        name,
        # What lies in a folder may have a new version at any time: pdm installs it all the same.
        "" if direct and direct.kind is DirectKind.PATH and not is_archive(direct.url) else version,
        place,
        NAME,
        marker=text_in(table, "marker"),
        group="" if DEFAULT in groups else next(iter(groups), ""),
        extras=texts_in(table, "extras"),
        hashes=hashes,
        direct=direct,
        needs=_needs(dependencies, normalize(name)),
        python=text_in(table, "requires_python"),
    )
    return Entry(requirement, groups, dependencies)


def is_archive(path: str) -> bool:
    """Tell whether a path is that of a wheel or a source archive, and not that of a folder."""
    return path.lower().endswith(_ARCHIVES)


def from_root(url: str) -> str:
    """Return a URL below the project's folder as a relative path, any other as it is."""
    return "." + url[len(ROOT) :] if url.startswith(ROOT) else url


def _direct(table: Mapping[str, object], hashes: tuple[str, ...]) -> DirectReference | None:
    editable, subdirectory = table.get("editable") is True, text_in(table, "subdirectory")
    for tool in _VCS:
        url = text_in(table, tool)
        if url:
            revision, commit = text_in(table, "ref"), text_in(table, "revision").lower()
            return DirectReference(
                DirectKind.VCS,
                url.partition("#")[0],
                revision=revision or commit,
                commit=commit if _COMMIT.fullmatch(commit) else "",
                editable=editable,
                subdirectory=subdirectory,
            )
    location = text_in(table, "path") or from_root(text_in(table, "url").partition("#")[0])
    if not location:
        return None
    is_remote = scheme_of(location) in ("http", "https", "ftp")
    kind = DirectKind.URL if is_remote else DirectKind.PATH
    return DirectReference(kind, location, editable=editable, subdirectory=subdirectory, hashes=hashes)


def _needs(dependencies: Iterable[str], own: NormalizedName) -> tuple[NormalizedName, ...]:
    """Return the names that lines of PEP 508 begin with; an entry for extras depends on the one without."""
    found = (_NEEDED.match(line) for line in dependencies if not line.startswith("-"))
    names = dict.fromkeys(normalize(match[0]) for match in found if match)
    return tuple(name for name in names if name != own)


def merged(entries: Iterable[Entry]) -> tuple[Requirement, ...]:
    """Return one requirement for all entries of the same version from the same source, in order."""
    together: dict[tuple[object, ...], list[Requirement]] = {}
    for entry in entries:
        found = entry.requirement
        together.setdefault((found.name, found.raw, found.direct), []).append(found)
    return tuple(map(_merge, together.values()))


def _merge(alike: list[Requirement]) -> Requirement:
    first = min(alike, key=lambda found: len(found.extras))
    if len(alike) == 1:
        return first
    markers = dict.fromkeys(found.marker for found in alike)
    together = first.marker if len(markers) == 1 else " or ".join(f"({marker})" for marker in markers)
    return replace(
        first,
        marker="" if "" in markers else together,
        group="" if any(not found.group for found in alike) else first.group,
        extras=tuple(sorted({extra for found in alike for extra in found.extras})),
        hashes=tuple(dict.fromkeys(digest for found in alike for digest in found.hashes)),
        needs=tuple(dict.fromkeys(name for found in alike for name in found.needs)),
    )
