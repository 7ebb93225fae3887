"""What a pixi manifest declares: requirements, demands on Python, channels and indexes, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from envcheck.gather.documents.conda_selectors import both
from envcheck.gather.documents.pixi_entries import PixiEntry, read_entry
from envcheck.gather.documents.pixi_platforms import Platform, marker_of, selects
from envcheck.gather.documents.pixi_tables import (
    CONSTRAINTS,
    DEFAULT,
    Feature,
    Manifest,
    Written,
    manifest_of,
    positions,
    workspace_table,
)
from envcheck.gather.documents.reqentry import InvalidEntry
from envcheck.gather.documents.reqfile import invalid
from envcheck.gather.documents.toml_tables import Document, Path
from envcheck.model.declarations import Link, LinkKind
from envcheck.model.names import Ecosystem
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind
from envcheck.model.requirements import Requirement, Role


class Declared(Struct):
    """What a manifest declares; ``unread`` when it holds requirements that are not read."""

    requirements: list[Requirement] = field(default_factory=list)
    python: list[Requirement] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: bool = False


def declared(document: Document, text: str, path: str, dialect: str, root: tuple[str, ...] = ()) -> Declared:
    """Return what a document declares below ``root``: with the feature as group, the default one ungrouped."""
    if not document.table(*root):
        return Declared()
    reader = _Reader(path, dialect, positions(text))
    manifest = manifest_of(document, root)
    for feature in features_of(manifest):
        for written in feature.written:
            reader.keep(written, feature, manifest)
    reader.links(document, root)
    if any(key.endswith("dependencies") for key in document.table(*root, "package")):
        reader.leave((*root, "package"))
    return reader.found


def features_of(manifest: Manifest) -> Iterator[Feature]:
    """Yield the features, and what environments hold of their own."""
    yield from manifest.features.values()
    known = set(map(id, manifest.features.values()))
    for environment in manifest.environments.values():
        yield from (feature for feature in environment.features[:1] if id(feature) not in known)


class _Reader(Struct):
    """Goes through the entries and keeps what it finds."""

    path: str
    dialect: str
    located: Mapping[Path, tuple[int, int]]
    found: Declared = field(default_factory=Declared)

    def keep(self, written: Written, feature: Feature, manifest: Manifest) -> None:
        """Keep one entry as a requirement, a demand on Python or a problem."""
        try:
            entry = read_entry(written.name, written.value, written.ecosystem)
        except InvalidEntry as error:
            self.found.problems.append(invalid(self._place(written.path), written.name, error.reason, error.remedy))
            return
        marker = both(_marker(written.selector, feature, manifest.platforms), entry.marker)
        requirement = self._requirement(written, entry, marker)
        if entry.name == "python" and entry.ecosystem is Ecosystem.CONDA and written.table != CONSTRAINTS:
            # Environments side by side want Pythons of their own: only what everybody gets is a demand on this one.
            is_demand = not marker and any(feature is each for each in manifest.environments[DEFAULT].features)
            (self.found.python if is_demand else self.found.requirements).append(requirement)
        elif not entry.name.startswith("__"):  # CEP 30: what the machine is, not what is installed
            self.found.requirements.append(requirement)

    def _requirement(self, written: Written, entry: PixiEntry, marker: str) -> Requirement:
        # Without a text in its table the table itself is all that can be pointed at.
        here = self._place((*written.path, entry.key) if entry.key else written.path, written.path)
        return Requirement(
            entry.name,
            entry.raw,
            entry.ecosystem,
            here,
            entry.constraint,
            Role.CONSTRAINT if written.table == CONSTRAINTS else Role.DECLARED,
            self.dialect,
            "" if written.feature == DEFAULT else written.feature,
            marker,
            entry.extras,
            entry.hashes,
            entry.direct,
            entry.channel,
            template=entry.odd,
            shown_name=entry.shown_name,
            index=entry.index,
        )

    def links(self, document: Document, root: tuple[str, ...]) -> None:
        """Keep the channels and indexes of the workspace and of its features."""
        tables = [(*root, workspace_table(document, root)), root]
        for name in ("feature", "environments"):
            tables += [(*root, name, key) for key in document.table(*root, name)]
        for table in tables:
            values = document.table(*table)
            self._channels(values.get("channels"), (*table, "channels"))
            options = values.get("pypi-options")
            if isinstance(options, Mapping):
                self._indexes(options, (*table, "pypi-options"))

    def _channels(self, values: object, path: Path) -> None:
        for number, value in enumerate(values if isinstance(values, list) else ()):
            key: Path = (*path, number)
            if isinstance(value, Mapping):
                key, value = (*key, "channel"), value.get("channel")
            self._link(LinkKind.CHANNEL, value, key)

    def _indexes(self, options: Mapping[str, object], path: Path) -> None:
        self._link(LinkKind.INDEX, options.get("index-url"), (*path, "index-url"))
        extra, found = options.get("extra-index-urls"), options.get("find-links")
        for number, value in enumerate(extra if isinstance(extra, list) else ()):
            self._link(LinkKind.INDEX, value, (*path, "extra-index-urls", number))
        for number, value in enumerate(found if isinstance(found, list) else ()):
            for key in ("url", "path"):
                target = value.get(key) if isinstance(value, Mapping) else None
                self._link(LinkKind.FIND_LINKS, target, (*path, "find-links", number, key))

    def _link(self, kind: LinkKind, target: object, path: Path) -> None:
        if isinstance(target, str) and target:
            self.found.links.append(Link(kind, target, self._place(path)))

    def leave(self, path: Path) -> None:
        """Say that a table is left alone: how a package of the workspace itself is built."""
        message = f"[{'.'.join(str(key) for key in path)}] (what pixi builds) is not read"
        self.found.problems.append(Problem(ProblemKind.NOT_READ, self._place(path), message))
        self.found.unread = True

    def _place(self, *paths: Path) -> Place:
        position = next((self.located[path] for path in paths if path in self.located), (0, 0))
        return Place(self.path, 0, *position)


def _marker(selector: str, feature: Feature, platforms: tuple[Platform, ...]) -> str:
    """Return where an entry holds: the target of its table, among the platforms of its feature."""
    holds = [_one_marker(name, platforms) for name in feature.platforms or ()]
    return both(_one_marker(selector, platforms), " or ".join(holds) if all(holds) else "")


def _one_marker(selector: str, platforms: tuple[Platform, ...]) -> str:
    known = marker_of(selector)
    if known or not selector:
        return known
    subdirs = dict.fromkeys(platform.subdir for platform in platforms if selects(selector, platform))
    markers = list(map(marker_of, subdirs))
    return " or ".join(markers) if all(markers) else ""
