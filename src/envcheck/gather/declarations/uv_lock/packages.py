"""The entries of a uv.lock: what each is, where it comes from and what it requires."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from envcheck.gather.declarations.uv_lock import NAME
from envcheck.gather.documents.lock_texts import locked
from envcheck.gather.documents.toml_values import table, tables, text, texts
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.requirements import DirectKind, DirectReference, Requirement

_TREES = ("editable", "virtual", "directory")
_RECORDED = ("metadata", "default-groups", "group-requires-python")
_KINDS = ("registry", "git", "url", "path", *_TREES)

Origin = tuple[tuple[str, str], ...]
"""A table ``source``, sorted: the same wherever the same entry is meant."""


class Edge(Struct, frozen=True):
    """One thing that an entry requires; ``version`` and ``origin`` are there when the name alone is ambiguous."""

    name: NormalizedName
    marker: str = ""
    extras: tuple[str, ...] = ()
    version: str = ""
    origin: Origin = ()


class Package(Struct, frozen=True):
    """One entry, what it requires itself, for its extras and (only project and members) for dependency groups.

    ``kind`` is uv's word for where it comes from, ``target`` the URL or path. ``markers`` are the forks of the
    resolution that it is for, none for all. ``recorded`` are the tables that tell of a source tree's manifest.
    """

    entry: Requirement
    version: str
    kind: str
    target: str
    origin: Origin
    markers: tuple[str, ...]
    edges: tuple[Edge, ...]
    extras: Mapping[str, tuple[Edge, ...]]
    groups: Mapping[str, tuple[Edge, ...]]
    recorded: Mapping[str, object]

    @property
    def metadata(self) -> Mapping[str, object]:
        """What uv recorded of the requirements in the manifest of a source tree."""
        return table(self.recorded.get("metadata"))

    @property
    def name(self) -> NormalizedName:
        """The normalised name."""
        return self.entry.name

    @property
    def is_tree(self) -> bool:
        """Whether it is a folder of sources with a manifest of its own."""
        return self.kind in _TREES

    @property
    def is_root(self) -> bool:
        """Whether it is the project in the folder of the lock."""
        return self.kind in ("editable", "virtual") and self.target in (".", "")


def read_package(entry: Mapping[str, object], place: Place) -> Package | None:
    """Return the package of an entry, ``None`` when it has no name."""
    name, version = text(entry.get("name")), text(entry.get("version"))
    if not name:
        return None
    source = table(entry.get("source"))
    kind = next((kind for kind in _KINDS if kind in source), "")
    target = text(source.get(kind))
    edges = _edges(entry.get("dependencies"))
    extras, groups = _named(entry.get("optional-dependencies")), _named(_either(entry, "dev-dependencies"))
    needs = dict.fromkeys(edge.name for each in (edges, *extras.values(), *groups.values()) for edge in each)
    markers = texts(entry.get("resolution-markers"))
    requirement = locked(
        name,
        version,
        place,
        NAME,
        marker=_joined(markers),
        hashes=_hashes(entry),
        direct=_direct(source, kind, target, _hashes(entry)),
        needs=needs,
        index=target if kind == "registry" else "",
    )
    recorded = {key: entry[key] for key in _RECORDED if key in entry} if kind in _TREES else {}
    return Package(requirement, version, kind, target, _origin(source), markers, edges, extras, groups, recorded)


def _either(entry: Mapping[str, object], key: str) -> object:
    # Both names are read by uv (uv-resolver, lock/mod.rs), the second is never written.
    return entry.get(key, entry.get("dependency-groups"))


def _named(value: object) -> dict[str, tuple[Edge, ...]]:
    return {normalize(name): _edges(entries) for name, entries in table(value).items()}


def _edges(value: object) -> tuple[Edge, ...]:
    return tuple(
        Edge(
            normalize(name),
            text(each.get("marker")),
            tuple(map(normalize, texts(each.get("extra")))),
            text(each.get("version")),
            _origin(table(each.get("source"))),
        )
        for each in tables(value)
        if (name := text(each.get("name")))
    )


def _origin(source: Mapping[str, object]) -> Origin:
    return tuple(sorted((key, value) for key, value in source.items() if isinstance(value, str)))


def _joined(markers: tuple[str, ...]) -> str:
    """Return one marker for all forks; empty when they depend on extras, which are not those of PEP 508."""
    if any("extra" in marker for marker in markers):
        return ""
    return markers[0] if len(markers) == 1 else " or ".join(f"({marker})" for marker in markers)


def _hashes(entry: Mapping[str, object]) -> tuple[str, ...]:
    files = [*tables(entry.get("wheels")), table(entry.get("sdist"))]
    return tuple(dict.fromkeys(filter(None, (text(file.get("hash")) for file in files))))


def _direct(source: Mapping[str, object], kind: str, target: str, hashes: tuple[str, ...]) -> DirectReference | None:
    if kind == "git":
        return _repository(target)
    if kind == "url":
        return DirectReference(DirectKind.URL, target, subdirectory=text(source.get("subdirectory")), hashes=hashes)
    if kind in ("", "registry"):
        return None
    return DirectReference(DirectKind.PATH, target, editable=kind == "editable", hashes=hashes)


def _repository(target: str) -> DirectReference:
    """Return the reference of ``URL?tag=v0.3&subdirectory=lib#commit``."""
    url, asked, commit = split_repository(target)
    revision = next((asked[key] for key in ("rev", "tag", "branch") if asked.get(key)), "")
    return DirectReference(DirectKind.VCS, url, revision, commit, subdirectory=asked.get("subdirectory", ""))


def split_repository(target: str) -> tuple[str, dict[str, str], str]:
    """Return the URL of a repository, what is asked of it (``tag``, ``subdirectory``) and the commit."""
    from urllib.parse import parse_qsl

    target, _, commit = target.partition("#")
    url, _, query = target.partition("?")
    try:
        return url, dict(parse_qsl(query, max_num_fields=20)), commit
    except ValueError:  # more fields than any repository has
        return url, {}, commit


def missing(packages: tuple[Package, ...]) -> Iterator[tuple[Package, NormalizedName]]:
    """Yield each name that has no entry, with the first entry that requires it."""
    known = {package.name for package in packages}
    for package in packages:
        for name in package.entry.needs:
            if name not in known:
                known.add(name)
                yield package, name
