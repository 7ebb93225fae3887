"""Whether a uv.lock follows its manifests: ``uv lock --check`` by meaning (uv-resolver's ``Lock::satisfies``)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from envcheck.gather.declarations.uv_lock.differences import different
from envcheck.gather.declarations.uv_lock.manifests import Line, Manifest, default_groups, read_manifests
from envcheck.gather.declarations.uv_lock.packages import Package
from envcheck.gather.declarations.uv_lock.settings import compare_settings, same_pythons
from envcheck.gather.declarations.uv_lock.wants import Want, Workspace, recorded, wanted
from envcheck.gather.documents.toml_tables import Path, places
from envcheck.gather.documents.toml_values import table, tables, text, texts
from envcheck.model.constraints import ANY, Constraint, pep440
from envcheck.model.locks import Departure, Freshness, State
from envcheck.model.names import normalize
from envcheck.model.places import Place
from envcheck.model.readings import RawFile

if TYPE_CHECKING:
    from envcheck.gather.declarations.uv_lock.lock import UvLock

_LISTS = (
    ("constraints", "constraint-dependencies"),
    ("overrides", "override-dependencies"),
    ("build-constraints", "build-constraint-dependencies"),
)
_METADATA_FREE = 4
"""From this revision on a lock may have no metadata."""
_GROUPS = 5
"""From this revision on a lock has the settings of groups."""
_PROVIDES_EXTRAS = 1
"""From this revision on a lock names extras, and groups, that are empty."""


def compare(lock: UvLock, files: tuple[RawFile, ...]) -> Freshness:
    """Return in what the manifests differ from what the lock recorded of them."""
    manifests = read_manifests(files)
    root = manifests.get(lock.made_from[0])
    if root is None or (root.is_script and not root.document.tables):
        return Freshness(State.UNKNOWN)
    members = {
        package.name: posixpath.normpath(package.target or ".")
        for package in lock.packages
        if package.is_tree and (package.name in lock.members or package.is_root)
    }
    check = _Check(lock, manifests, Workspace(lock.folder, root, manifests, members), _python(lock))
    check.run()
    if check.departures:
        return Freshness(State.CHANGED, tuple(dict.fromkeys(check.departures)))
    return Freshness(State.FRESH if check.complete else State.UNKNOWN)


def _python(lock: UvLock) -> Constraint:
    try:
        return pep440(text(lock.recorded.get("requires-python")))
    except ValueError:
        return ANY


class _Check(Struct):
    """Goes through what uv compares; ``complete`` as long as all of it could be."""

    lock: UvLock
    manifests: Mapping[str, Manifest]
    workspace: Workspace
    python: Constraint
    departures: list[Departure] = field(default_factory=list)
    complete: bool = True
    located: dict[str, dict[Path, tuple[int, int]]] = field(default_factory=dict)

    @property
    def _revision(self) -> int:
        revision = self.lock.recorded.get("revision")
        return revision if isinstance(revision, int) else 0

    def run(self) -> None:
        """Compare all of it."""
        root = self.workspace.root
        settings = self.manifests.get(posixpath.join(self.lock.folder, "uv.toml"))
        found, complete = compare_settings(self.lock, root, self._members(), settings)
        self.departures += found
        self.complete &= complete
        self._lists(root)
        self._tree_members()
        for package in self.lock.packages:
            if package.is_tree and not self.lock.is_of_script:
                self._tree(package)

    def _members(self) -> list[Manifest]:
        """Return the manifests of the project and the members of the workspace."""
        found = [self._manifest(path) for path in self.workspace.members.values()]
        return [manifest for manifest in found if manifest] or [self.workspace.root]

    def _manifest(self, folder: str) -> Manifest | None:
        path = posixpath.normpath(posixpath.join(self.lock.folder, folder, "pyproject.toml"))
        return self.manifests.get(path)

    def _lists(self, root: Manifest) -> None:
        """Compare what belongs to no package: constraints, overrides, the requirements of scripts and workspaces."""
        manifest = table(self.lock.recorded.get("manifest"))
        for recorded_key, key in _LISTS:
            if any(not isinstance(each, str) for each in _listed(root.uv.get(key))):
                self.complete = False  # overrides for one package alone have a grammar of their own
            else:
                self._compare(root, root.listed(key), tables(manifest.get(recorded_key)), f" in {key}")
        lines = root.dependencies() if root.is_script else ()
        self._compare(root, lines, tables(manifest.get("requirements")), "")
        if not root.is_script and self.lock.root is None:
            self._groups(root, manifest, table(manifest.get("dependency-groups")), empty=self._revision >= _GROUPS)

    def _tree_members(self) -> None:
        """Compare what the members of the workspace are: packages or not."""
        required = {
            name
            for each in {self.workspace.root.path: self.workspace.root, **self.manifests}.values()
            for name, sources in self.workspace.sources_of(each).items()
            if name != each.name and any(source.kind == "workspace" for source in sources)
        }
        for package in self.lock.packages:
            manifest = self._manifest(package.target) if package.name in self.workspace.members else None
            if manifest is None or not manifest.name:
                continue
            is_package = manifest.is_package
            if package.name in required and "package" not in manifest.uv:
                is_package = True
            if is_package is (package.kind == "virtual"):
                words = f"{package.name} is {'a package now' if is_package else 'no package any more'}"
                self._depart(words, package.name, manifest)

    def _tree(self, package: Package) -> None:
        """Compare what a project, member or path requires with what the lock recorded of it."""
        manifest = self._manifest(package.target)
        if manifest is None or not manifest.project:
            self.complete = False
            return
        if manifest.name != package.name:
            self._depart(f"{package.name} is named {manifest.name} now", package.name, manifest, ("project", "name"))
            return
        self._version(package, manifest)
        if {"dependencies", "optional-dependencies"} & set(manifest.dynamic):
            self.complete = False
            return
        if not package.metadata and self._revision >= _METADATA_FREE and _has_requirements(manifest):
            self.complete = False  # only its edges are known, and those of other forks may be joined in them
            self._names(package, manifest)
            return
        found = tables(package.metadata.get("requires-dist"))
        self._compare(manifest, manifest.dependencies(), found, "", package.version)
        recorded_groups = table(package.metadata.get("requires-dev"))
        self._groups(manifest, package.recorded, recorded_groups, empty=self._revision >= _PROVIDES_EXTRAS)
        extras = set(map(normalize, texts(package.metadata.get("provides-extras"))))
        if self._revision >= _PROVIDES_EXTRAS and extras != manifest.extras():
            for extra in sorted(extras ^ manifest.extras()):
                self._depart(f"extra {extra} is {'gone' if extra in extras else 'new'}", "", manifest)

    def _version(self, package: Package, manifest: Manifest) -> None:
        from packaging.utils import canonicalize_version

        version = text(manifest.project.get("version"))
        path = ("project", "version")
        if "version" in manifest.dynamic:
            if package.version:
                self._depart(f"the version of {package.name} is dynamic now", package.name, manifest)
        elif version and not package.version:
            self._depart(f"{package.name} has the version {version} now", package.name, manifest, path)
        elif canonicalize_version(version) != canonicalize_version(package.version):
            words = f"{package.name} is version {version} now, not {package.version}"
            self._depart(words, package.name, manifest, path)

    def _names(self, package: Package, manifest: Manifest) -> None:
        """Compare mere names, for a lock without metadata."""
        declared = {want.name for line in manifest.dependencies() for want in self._wanted(line, manifest)}
        edges = {edge.name for each in (package.edges, *package.extras.values()) for edge in each}
        for name in sorted(edges - declared - {package.name}):
            self._depart(f"{name} is gone", name, manifest)
        known = {each.name for each in self.lock.packages}
        for name in sorted(declared - known):
            self._depart(f"{name} is new", name, manifest)

    def _groups(
        self,
        manifest: Manifest,
        settings: Mapping[str, object],
        found: Mapping[str, object],
        *,
        empty: bool,
    ) -> None:
        """Compare dependency groups; ``settings`` are what the lock recorded of them apart from requirements."""
        groups = manifest.groups()
        recorded_groups: dict[str, list[Mapping[str, object]]] = {}
        for name, value in found.items():
            recorded_groups[normalize(name)] = tables(value)
        for group in sorted({*groups, *recorded_groups}):
            lines, entries = groups.get(group, ()), recorded_groups.get(group, [])
            if empty and (group in groups) is not (group in recorded_groups) and not lines and not entries:
                self._depart(f"group {group} is {'new' if group in groups else 'gone'}", "", manifest)
            self._compare(manifest, lines, entries, f" in group {group}")
        own = {each.path for each in (self.workspace.root, *self._members())}
        if self._revision >= _GROUPS and manifest.path in own:
            self._group_settings(manifest, settings)

    def _group_settings(self, manifest: Manifest, settings: Mapping[str, object]) -> None:
        ours, theirs = default_groups(manifest.uv), default_groups(settings)
        if ours != theirs:
            words = f"default-groups are {', '.join(ours) or 'none'} now, not {', '.join(theirs) or 'none'}"
            self._depart(words, "", manifest)
        declared, found = manifest.group_pythons(), table(settings.get("group-requires-python"))
        for group in sorted({*declared, *found}):
            if not same_pythons(declared.get(group, ""), text(found.get(group))):
                self._depart(f"requires-python of group {group} is other now", "", manifest)

    def _compare(
        self,
        manifest: Manifest,
        lines: Iterable[Line],
        entries: Iterable[Mapping[str, object]],
        where: str,
        version: str = "static",
    ) -> None:
        """Compare the lines of a manifest with recorded entries."""
        wants = [want for line in lines for want in self._wanted(line, manifest)]
        found = different(wants, [recorded(entry) for entry in entries], self.python, where)
        if found and not version and any(want.name == manifest.name for want in wants):
            self.complete = False  # a back end may have written extras of the project itself out
            return
        for name, words, path in found:
            self._depart(words, name, manifest, path)

    def _wanted(self, line: Line, manifest: Manifest) -> list[Want]:
        try:
            return list(wanted(line, manifest, self.workspace))
        except ValueError:
            self.complete = False
            return []

    def _depart(self, words: str, name: str, manifest: Manifest, path: Path = ()) -> None:
        self.departures.append(Departure(words, name, self._place(manifest, path)))

    def _place(self, manifest: Manifest, path: Path) -> Place:
        if not path or manifest.is_script:
            return Place(manifest.path)
        if manifest.path not in self.located:
            self.located[manifest.path] = places(manifest.source)
        return Place(manifest.path, 0, *self.located[manifest.path].get(path, (0, 0)))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _has_requirements(manifest: Manifest) -> bool:
    return next(iter(manifest.dependencies()), None) is not None or any(manifest.groups().values())
