"""Requirements as they can be compared: those of a manifest as uv understands them, and those that a lock recorded."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from envcheck.gather.declarations.uv_lock.manifests import Line, Manifest
from envcheck.gather.declarations.uv_lock.packages import split_repository
from envcheck.gather.documents.marker_algebra import both, truths
from envcheck.gather.documents.reqentry import InvalidEntry, parse_entry
from envcheck.gather.documents.toml_tables import Path
from envcheck.gather.documents.toml_values import text, texts
from envcheck.gather.documents.uv_sources import Source, Sources, read_indexes, uncovered
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.requirements import DirectKind, DirectReference

Origin = tuple[str, ...]
"""Where a requirement wants to come from, in words of uv, fit to be compared; empty for any index."""

_CLAUSE = re.compile(r"\s*(===|~=|[=!<>]=|[<>])\s*([^\s]+)\s*")
_DEEP = "/" + "_/" * 20
"""A folder from which paths may go up as far as they like."""
_ORIGINS = ("git", "url", "path", "directory", "editable", "virtual", "index")
_REVISIONS = ("rev", "tag", "branch")
_ARCHIVES = (".whl", ".zip", ".tar", ".tgz", ".tbz", ".txz", ".tlz", ".gz", ".bz2", ".xz", ".lz", ".lzma", ".zst")


class Want(Struct, frozen=True):
    """A requirement whose parts are equal where they mean the same, but for the marker, which :func:`truths` tells."""

    name: NormalizedName
    extras: tuple[str, ...]
    versions: tuple[str, ...]
    origin: Origin
    marker: str
    shown: str = ""
    path: Path = ()

    @property
    def rest(self) -> tuple[tuple[str, ...], tuple[str, ...], Origin]:
        """All but name and marker."""
        return self.extras, self.versions, self.origin


class Workspace(Struct):
    """What is needed to understand requirements: where the lock lies, the manifest at its side and all others."""

    folder: str
    root: Manifest
    manifests: Mapping[str, Manifest]
    members: Mapping[NormalizedName, str]
    """Where the members lie, relative to the folder of the lock."""
    sources: dict[str, Sources] = field(default_factory=dict)

    def sources_of(self, manifest: Manifest) -> Sources:
        """Return the sources that a manifest names itself."""
        if manifest.path not in self.sources:
            self.sources[manifest.path] = manifest.sources
        return self.sources[manifest.path]

    def relative(self, folder: str, path: str) -> str:
        """Return a path as seen from the folder of the lock."""
        path = path.replace("\\", "/")
        if path.startswith("/") or re.match(r"[A-Za-z]:/", path):
            return posixpath.normpath(path)
        return posixpath.relpath(posixpath.join(_DEEP, folder, path), posixpath.join(_DEEP, self.folder))


def recorded(entry: Mapping[str, object]) -> Want:
    """Return what a lock recorded as one requirement."""
    kind = next((key for key in _ORIGINS if key in entry), "")
    target = text(entry.get(kind))
    if kind == "git":
        origin = _repository(target)
    elif kind == "url":
        origin = ("url", _bare(target), text(entry.get("subdirectory")))
    elif kind == "index":
        origin = ("index", _bare(target))
    else:
        origin = (kind, posixpath.normpath(target)) if kind else ()
    name = text(entry.get("name"))
    specifier = text(entry.get("specifier"))
    extras = tuple(sorted(map(normalize, texts(entry.get("extras")))))
    shown = specifier or " ".join(filter(None, (kind, target)))
    return Want(normalize(name), extras, _versions(specifier), origin, text(entry.get("marker")), shown)


def wanted(line: Line, manifest: Manifest, workspace: Workspace) -> Iterator[Want]:
    """Yield what a line of a manifest means: once for each source of its name that is meant.

    Raises ``ValueError`` for what is no requirement or cannot be understood.
    """
    entry = parse_entry(line.text)
    if not entry.name or entry.template:
        raise InvalidEntry("no requirement")
    name = normalize(entry.name)
    origin = _direct(entry.direct, workspace, manifest) if entry.direct else ()
    shown = entry.constraint.text or (entry.direct.url if entry.direct else "")
    extras = tuple(sorted(map(normalize, entry.extras)))
    marker = both(entry.marker, line.marker)
    plain = Want(name, extras, _versions(entry.constraint.text), origin, marker, shown, line.path)
    own, base = workspace.sources_of(manifest), manifest
    if name not in own and manifest.name in workspace.members:
        own, base = workspace.sources_of(workspace.root), workspace.root
    sources = tuple(source for source in own.get(name, ()) if source.is_for(line.extra, line.group))
    if name not in own:
        yield plain
        return
    found = [_of_source(plain, source, base, workspace) for source in sources]
    rest = uncovered(sources) if sources else ""
    if rest is not None:
        found.append(replace(plain, marker=both(marker, rest)))
    several = truths([want.marker for want in found])
    # What can hold nowhere, uv leaves out where sources divide a requirement.
    yield from (want for want, truth in zip(found, several, strict=True) if any(truth))


def _of_source(plain: Want, source: Source, base: Manifest, workspace: Workspace) -> Want:
    marker = both(plain.marker, source.marker)
    if source.kind == "index":
        urls = {**read_indexes(workspace.root.uv.get("index")), **read_indexes(base.uv.get("index"))}
        return replace(plain, marker=marker, origin=("index", _bare(urls.get(source.target, source.target))))
    origin: Origin
    if source.kind == "git":
        asked = f"{source.asked}={source.revision}" if source.asked else ""
        origin = ("git", _bare(source.target), asked, source.subdirectory)
    elif source.kind == "url":
        origin = ("url", _bare(source.target), source.subdirectory)
    elif source.kind == "workspace":
        origin = _member(plain.name, workspace)
    else:
        path = workspace.relative(base.folder, source.target)
        origin = _path(path, source, workspace)
    shown = f"{source.kind} {source.target}" + (f" {source.asked} {source.revision}" if source.asked else "")
    return replace(plain, marker=marker, origin=origin, versions=(), shown=shown)


def _member(name: NormalizedName, workspace: Workspace) -> Origin:
    """Return the origin of a member of the workspace that another one requires."""
    path = workspace.members.get(name)
    if path is None:
        return ("workspace", name)
    manifest = workspace.manifests.get(posixpath.normpath(posixpath.join(workspace.folder, path, "pyproject.toml")))
    if manifest and manifest.uv.get("package") is False:
        return ("virtual", path)
    asked = (
        source.editable
        for each in (workspace.root, *workspace.manifests.values())
        for source in workspace.sources_of(each).get(name, ())
        if source.kind == "workspace" and source.editable is not None
    )
    return ("editable" if next(asked, True) else "directory", path)


def _path(path: str, source: Source, workspace: Workspace) -> Origin:
    if path.endswith(_ARCHIVES):
        return ("path", path)
    if source.editable:
        return ("editable", path)
    manifest = workspace.manifests.get(posixpath.normpath(posixpath.join(workspace.folder, path, "pyproject.toml")))
    is_package = source.package
    if is_package is None:
        is_package = not (manifest and manifest.uv.get("package") is False)
    return ("directory" if is_package else "virtual", path)


def _direct(direct: DirectReference, workspace: Workspace, manifest: Manifest) -> Origin:
    """Return the origin of ``name @ URL``."""
    if direct.kind is DirectKind.VCS:
        asked = f"rev={direct.revision}" if direct.revision else ""
        return ("git", _bare(direct.url), asked, direct.subdirectory)
    if direct.kind is DirectKind.URL:
        return ("url", _bare(direct.url), direct.subdirectory)
    path = workspace.relative(manifest.folder, re.sub(r"^file:(?://(?:localhost)?(?=/))?", "", direct.url))
    return ("path" if path.endswith(_ARCHIVES) else "directory", path)


def _repository(target: str) -> Origin:
    url, asked, _ = split_repository(target)
    revision = next((f"{key}={asked[key]}" for key in _REVISIONS if asked.get(key)), "")
    return ("git", _bare(url), revision, asked.get("subdirectory", ""))


def _bare(url: str) -> str:
    """Return a URL without credentials, fragment and end slash; those uv does not record."""
    return re.sub(r"(?<=://)[^/@]*@", "", url.partition("#")[0].removeprefix("git+")).rstrip("/")


def _versions(specifier: str) -> tuple[str, ...]:
    """Return the clauses of a specifier in one order and one spelling."""
    return tuple(sorted({_clause(part) for part in specifier.split(",") if part.strip()}))


def _clause(clause: str) -> str:
    from packaging.utils import canonicalize_version

    found = _CLAUSE.fullmatch(clause)
    if not found:
        return clause.strip()
    compared, version = found.groups()
    if compared == "===" or version.endswith(".*"):
        return compared + version
    return compared + canonicalize_version(version, strip_trailing_zero=compared != "~=")
