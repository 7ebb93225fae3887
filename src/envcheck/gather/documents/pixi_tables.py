"""What pixi takes from a manifest: pixi.toml, or ``[tool.pixi]`` of a pyproject.toml, as features and environments.

The rules are those of pixi 0.70 (``pixi_manifest``): the default feature stands at the top; an environment has the
features that it names and then the default one; of a feature, tables of ``[target]`` that fit a platform replace
entries of the tables before them, in the order of the file; entries of several features hold together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from envcheck.gather.documents.pixi_platforms import Platform, selects
from envcheck.gather.documents.toml_tables import Document, Path, places
from envcheck.model.names import Ecosystem, normalize_in

DEFAULT = "default"
"""The name of the default feature, and of the environment that pixi installs by itself."""

# Later tables replace entries of earlier ones (``WorkspaceTarget::combined_dependencies``).
_TABLES = {
    "dependencies": Ecosystem.CONDA,
    "host-dependencies": Ecosystem.CONDA,
    "build-dependencies": Ecosystem.CONDA,
    "pypi-dependencies": Ecosystem.PYPI,
}
CONSTRAINTS = "constraints"
_ODD = ("dev", "exclude-newer", "pypi-exclude-newer")
# Of the others each may change what is locked, as ``no-build`` and ``dependency-overrides`` do.
_OPTIONS = ("index-url", "extra-index-urls", "find-links", "index-strategy", "no-build-isolation")
_SHALLOW = 500
"""Environments that are looked at: nobody has more, and each may name all features."""


class Written(Struct, frozen=True):
    """One value of a name in a table, and where it stands; ``selector`` is the key of ``[target]`` or empty."""

    feature: str
    selector: str
    table: str
    ecosystem: Ecosystem
    name: str
    value: object
    path: Path


class Feature(Struct, frozen=True):
    """A feature; ``platforms`` and ``channels`` are ``None`` when it has those of the workspace.

    ``odd`` names its tables that decide what is installed and are not understood (``dev``). ``limits_wheels`` is true
    when it says what system there must be at least, and so which wheels fit.
    """

    name: str
    written: tuple[Written, ...] = ()
    platforms: tuple[str, ...] | None = None
    channels: tuple[str, ...] | None = None
    channel_priority: str = ""
    solve_strategy: str = ""
    indexes: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    limits_wheels: bool = False

    def supports(self, platform: Platform) -> bool:
        """Tell whether the feature is for a platform."""
        return self.platforms is None or platform.name in self.platforms or platform.subdir in self.platforms


class PixiEnvironment(Struct, frozen=True):
    """An environment: its features in order, the default one last unless it is left out."""

    name: str
    features: tuple[Feature, ...]
    solve_group: str = ""


class Manifest(Struct, frozen=True):
    """A workspace; ``odd`` names tables that are not understood."""

    platforms: tuple[Platform, ...]
    channels: tuple[str, ...]
    features: Mapping[str, Feature]
    environments: Mapping[str, PixiEnvironment]
    odd: tuple[str, ...] = ()

    def platforms_of(self, environment: PixiEnvironment) -> tuple[Platform, ...]:
        """Return the platforms that all features of an environment are for."""
        return tuple(p for p in self.platforms if all(f.supports(p) for f in environment.features))

    def channels_of(self, environment: PixiEnvironment) -> tuple[str, ...]:
        """Return the channels of an environment in order, each once."""
        found = (self.channels if f.channels is None else f.channels for f in environment.features)
        return tuple(dict.fromkeys(channel for channels in found for channel in channels))


def manifest_of(document: Document, root: tuple[str, ...] = ()) -> Manifest:
    """Return what a document says below ``root`` (``("tool", "pixi")``); wrong types are passed by."""
    name = workspace_table(document, root)
    workspace = document.table(*root, name)
    top = _feature(DEFAULT, document.table(*root), root)
    odd = (*top.odd, *(key for key in _ODD if key in workspace), *_odd_options(workspace))
    top = Feature(
        DEFAULT,
        top.written,
        None,
        None,
        _text(workspace, "channel-priority"),
        _text(workspace, "solve-strategy"),
        top.indexes or _indexes(workspace),
        odd,
        top.limits_wheels,
    )
    features = {DEFAULT: top}
    if root:
        # In a pyproject.toml extras and dependency groups are features too (``pyproject.rs``).
        groups = (*document.table("project", "optional-dependencies"), *document.table("dependency-groups"))
        features |= {group: Feature(group) for group in groups if group != DEFAULT}
    for key, table in document.table(*root, "feature").items():
        if isinstance(table, Mapping):
            features[key] = _feature(key, table, (*root, "feature", key))
    return Manifest(
        tuple(_platforms(workspace.get("platforms"))),
        tuple(_channels(workspace.get("channels")) or ()),
        features,
        _environments(document.table(*root, "environments"), features, (*root, "environments")),
        ("package",) if document.table(*root, "package") else (),
    )


def workspace_table(document: Document, root: tuple[str, ...] = ()) -> str:
    """Return the name of the table that says what the workspace is: ``project`` in older manifests."""
    return "workspace" if document.table(*root, "workspace") else "project"


def positions(text: str) -> dict[Path, tuple[int, int]]:
    """Return line and column of each text in a TOML text, and for tables and lists those of the first text within."""
    found: dict[Path, tuple[int, int]] = {}
    for path, position in places(text).items():
        for length in range(len(path), 0, -1):
            if found.setdefault(path[:length], position) is not position:
                break
    return found


def wanted(environment: PixiEnvironment, platform: Platform) -> Iterator[Written]:
    """Yield what an environment wants on a platform: per feature the last entry of a name, constraints included."""
    for feature in environment.features:
        found: dict[tuple[bool, Ecosystem, str], Written] = {}
        for written in feature.written:
            if selects(written.selector, platform):
                is_constraint = written.table == CONSTRAINTS
                found[is_constraint, written.ecosystem, normalize_in(written.ecosystem, written.name)] = written
        yield from found.values()


def _feature(name: str, table: Mapping[str, object], path: Path) -> Feature:
    targets = table.get("target")
    parts = [("", table, path)]
    for selector, part in targets.items() if isinstance(targets, Mapping) else ():
        if isinstance(part, Mapping):
            parts.append((selector, part, (*path, "target", selector)))
    platforms = table.get("platforms")
    return Feature(
        name,
        tuple(w for selector, part, here in parts for w in _written(name, selector, part, here)),
        tuple(p for p in platforms if isinstance(p, str)) if isinstance(platforms, list) else None,
        _channels(table.get("channels")),
        _text(table, "channel-priority"),
        _text(table, "solve-strategy"),
        _indexes(table),
        (*(odd for odd in _ODD if any(part.get(odd) for _, part, _ in parts)), *_odd_options(table)),
        bool(table.get("system-requirements")),
    )


def _odd_options(table: Mapping[str, object]) -> Iterator[str]:
    options = table.get("pypi-options")
    yield from (key for key in options if key not in _OPTIONS) if isinstance(options, Mapping) else ()


def _written(feature: str, selector: str, table: Mapping[str, object], path: Path) -> Iterator[Written]:
    for key, ecosystem in (*_TABLES.items(), (CONSTRAINTS, Ecosystem.CONDA)):
        entries = table.get(key)
        for name, value in entries.items() if isinstance(entries, Mapping) else ():
            yield Written(feature, selector, key, ecosystem, name, value, (*path, key, name))


def _environments(
    table: Mapping[str, object], features: Mapping[str, Feature], path: Path
) -> dict[str, PixiEnvironment]:
    found = {DEFAULT: PixiEnvironment(DEFAULT, (features[DEFAULT],))}
    for name, value in list(table.items())[:_SHALLOW]:
        inline = value if isinstance(value, Mapping) else {"features": value}
        names = inline.get("features")
        chosen = [features[f] for f in names if f in features] if isinstance(names, list) and _are_texts(names) else []
        own = _feature(name, inline, (*path, name))
        if own.written or own.platforms is not None or own.channels is not None or own.odd:
            chosen.insert(0, own)  # since pixi 0.70 an environment may have tables like a feature
        if inline.get("no-default-feature") is not True and all(f is not features[DEFAULT] for f in chosen):
            chosen.append(features[DEFAULT])
        found[name] = PixiEnvironment(name, tuple(chosen), _text(inline, "solve-group"))
    return found


def _are_texts(values: list[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def _platforms(values: object) -> Iterator[Platform]:
    for value in values if isinstance(values, list) else ():
        if isinstance(value, str):
            yield Platform(value, value)
        elif isinstance(value, Mapping):
            name, subdir = _text(value, "name"), _text(value, "platform")
            yield Platform(name or subdir, subdir or name, plain=not value.keys() - {"name", "platform"})


def _channels(values: object) -> tuple[str, ...] | None:
    """Return names and URLs, those of higher priority first."""
    if not isinstance(values, list):
        return None
    found: list[tuple[int, str]] = []
    for value in values:
        if isinstance(value, str):
            found.append((0, value))
        elif isinstance(value, Mapping):
            priority = value.get("priority")
            found.append((-priority if isinstance(priority, int) else 0, _text(value, "channel")))
    return tuple(channel for _, channel in sorted(found, key=lambda pair: pair[0]) if channel)


def _indexes(table: Mapping[str, object]) -> tuple[str, ...]:
    options = table.get("pypi-options")
    if not isinstance(options, Mapping):
        return ()
    extra = options.get("extra-index-urls")
    found = [options.get("index-url"), *(extra if isinstance(extra, list) else ())]
    return tuple(index for index in found if isinstance(index, str))


def _text(table: Mapping[str, object], key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) else ""
