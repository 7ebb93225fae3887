"""A ``[[package]]`` table of a poetry.lock → an entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from envcheck.gather.declarations.poetry_lock import NAME
from envcheck.gather.declarations.poetry_lock.locked import Locked, added_by
from envcheck.gather.documents.lock_texts import locked
from envcheck.gather.documents.poetry_project import MAIN
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.requirements import DirectKind, DirectReference

Table = Mapping[str, object]

_KINDS = {
    "git": DirectKind.VCS,
    "url": DirectKind.URL,
    "file": DirectKind.PATH,
    "directory": DirectKind.PATH,
}


def read_locked(package: Table, place: Place, files: Table, *, walks: bool) -> Locked:
    """Return the entry of a package; ``walks`` for locks before 2.1, where what others need decides."""
    name, version = _text(package, "name"), _text(package, "version")
    source = _table(package, "source")
    direct = _direct(source, editable=package.get("develop") is True)
    markers = () if walks else tuple(_markers(package))
    needs = _table(package, "dependencies")
    hashes = tuple(_hashes(package["files"] if "files" in package else files.get(name)))
    requirement = locked(
        name,
        version,
        place,
        NAME,
        marker=_any_of([marker for _, marker in markers]),
        group=_group(package, markers),
        hashes=hashes,
        direct=direct,
        needs=dict.fromkeys(map(normalize, needs)),
        index=_text(source, "url") if source.get("type") == "legacy" else "",
        python=_text(package, "python-versions").removeprefix("*"),
    )
    optional = package.get("optional") is True
    if not walks:
        return Locked(requirement, markers, optional)
    extras = added_by(_table(package, "extras"), name)
    return Locked(requirement, (), optional, needs, tuple(extras.items()))


def _text(table: Table, key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) else ""


def _table(table: Table, key: str) -> Table:
    value = table.get(key)
    return value if isinstance(value, Mapping) else {}


def _markers(package: Table) -> Iterator[tuple[NormalizedName, str]]:
    groups, markers = package.get("groups"), package.get("markers", "")
    for group in groups if isinstance(groups, list) else ():
        if isinstance(group, str):
            marker = markers.get(group, "") if isinstance(markers, Mapping) else markers
            yield normalize(group), marker if isinstance(marker, str) else ""


def _any_of(markers: list[str]) -> str:
    """Return the marker that holds where one of several does."""
    alternatives = list(dict.fromkeys(markers))
    if not all(alternatives):
        return ""
    return alternatives[0] if len(alternatives) == 1 else " or ".join(f"({marker})" for marker in alternatives)


def _group(package: Table, markers: tuple[tuple[NormalizedName, str], ...]) -> str:
    """Return the first group that an entry is in, empty for the main one; Poetry 1.1 calls it a category."""
    groups = [group for group, _ in markers] or [normalize(_text(package, "category") or MAIN)]
    return "" if MAIN in groups else groups[0]


def _hashes(files: object) -> Iterator[str]:
    for file in files if isinstance(files, list) else ():
        digest = file.get("hash") if isinstance(file, Mapping) else file
        if isinstance(digest, str) and digest:
            yield digest if ":" in digest else f"sha256:{digest}"


def _direct(source: Table, *, editable: bool) -> DirectReference | None:
    kind = _KINDS.get(_text(source, "type"))
    if kind is None:
        return None
    url, reference, subdirectory = (_text(source, key) for key in ("url", "reference", "subdirectory"))
    if kind is not DirectKind.VCS:
        return DirectReference(kind, url, editable=editable, subdirectory=subdirectory)
    # Poetry writes file://None/… for the file:///… of a repository on disk.
    url = url.removeprefix("git+").replace("file://None/", "file:///", 1)
    revision = "" if reference == "HEAD" else reference
    return DirectReference(kind, url, revision, _text(source, "resolved_reference"), editable, subdirectory)
