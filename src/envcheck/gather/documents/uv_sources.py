"""``[tool.uv.sources]``: where requirements come from whose names alone stand in the lists of dependencies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from envcheck.gather.documents.marker_algebra import both, negated
from envcheck.gather.documents.toml_values import table, tables, text
from envcheck.model.markers import is_marker
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.requirements import DirectKind, DirectReference, Requirement

_KINDS = ("git", "url", "path", "index", "workspace")
_REVISIONS = ("rev", "tag", "branch")
_COMMIT = re.compile(r"[0-9a-fA-F]{40}")


class Source(Struct, frozen=True):
    """One source of a name; ``kind`` and ``asked`` are keys of uv's, ``target`` and ``revision`` their values.

    ``workspace`` is of kind ``workspace`` with the name of the member as target. ``editable`` and ``package`` are
    ``None`` when nothing is said.
    """

    kind: str
    target: str
    asked: str = ""
    revision: str = ""
    subdirectory: str = ""
    editable: bool | None = None
    package: bool | None = None
    marker: str = ""
    extra: str = ""
    group: str = ""

    def is_for(self, extra: str, group: str) -> bool:
        """Tell whether the source is meant for requirements of an extra and of a group, empty for neither."""
        return self.extra in ("", extra) and self.group in ("", group)

    @property
    def reference(self) -> DirectReference | None:
        """The direct reference that the source makes of a requirement; ``None`` for an index."""
        if self.kind == "git":
            commit = self.revision.lower() if self.asked == "rev" and _COMMIT.fullmatch(self.revision) else ""
            url = self.target.removeprefix("git+")
            return DirectReference(DirectKind.VCS, url, self.revision, commit, subdirectory=self.subdirectory)
        if self.kind == "url":
            return DirectReference(DirectKind.URL, self.target, subdirectory=self.subdirectory)
        if self.kind == "path":
            return DirectReference(DirectKind.PATH, self.target, editable=self.editable is True)
        if self.kind == "workspace":  # where the member lies is known to the workspace alone
            return DirectReference(DirectKind.PATH, "", editable=self.editable is not False)
        return None


Sources = Mapping[NormalizedName, tuple[Source, ...]]


def read_sources(value: object) -> Sources:
    """Return the sources of a table ``[tool.uv.sources]``, each name with one or several."""
    found = {}
    for name, entry in table(value).items():
        entries = tables(entry if isinstance(entry, list) else [entry])
        found[normalize(name)] = tuple(source for each in entries if (source := _source(name, each)))
    return {name: sources for name, sources in found.items() if sources}


def _source(name: str, entry: Mapping[str, object]) -> Source | None:
    kind = next((kind for kind in _KINDS if kind in entry), "")
    target = name if entry.get("workspace") is True else text(entry.get(kind))
    marker = text(entry.get("marker"))
    if not target or (marker and not is_marker(marker)):
        return None
    asked = next((key for key in _REVISIONS if text(entry.get(key))), "")
    editable, package = entry.get("editable"), entry.get("package")
    return Source(
        kind,
        target,
        asked,
        text(entry.get(asked)),
        text(entry.get("subdirectory")),
        editable if isinstance(editable, bool) else None,
        package if isinstance(package, bool) else None,
        marker,
        normalize(text(entry.get("extra"))),
        normalize(text(entry.get("group"))),
    )


def uncovered(sources: tuple[Source, ...]) -> str | None:
    """Return the marker of where none of the sources is meant, ``None`` when one is everywhere.

    Raises ``ValueError`` when that cannot be said.
    """
    if any(not source.marker for source in sources):
        return None
    rest = ""
    for source in sources:
        rest = both(rest, negated(source.marker))
    return rest


def read_indexes(value: object) -> dict[str, str]:
    """Return the URLs of ``[[tool.uv.index]]`` by the names of the indexes."""
    return {text(each.get("name")): text(each.get("url")) for each in tables(value) if text(each.get("name"))}


def sourced(requirement: Requirement, sources: Sources, indexes: Mapping[str, str]) -> Iterator[Requirement]:
    """Yield the requirement as its sources make it: one for each of them, and one for where none is meant."""
    group = normalize(requirement.group)
    known = sources.get(requirement.name, ())
    meant = tuple(source for source in known if source.extra in ("", group) and source.group in ("", group))
    if not meant:
        yield requirement
        return
    for source in meant:
        marker = both(requirement.marker, source.marker)
        if source.kind == "index":
            yield replace(requirement, marker=marker, index=indexes.get(source.target, ""), direct=None)
        else:
            yield replace(requirement, marker=marker, direct=source.reference)
    try:
        rest = uncovered(meant)
    except ValueError:
        rest = None
    if rest is not None:
        yield replace(requirement, marker=both(requirement.marker, rest))
