"""The manifests that a uv.lock is made from: pyproject.toml, uv.toml, and the metadata inside of a script (PEP 723)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from envcheck.gather.documents.marker_algebra import both
from envcheck.gather.documents.script_block import find
from envcheck.gather.documents.text import decode
from envcheck.gather.documents.toml_tables import Document, Path, parse
from envcheck.gather.documents.toml_values import table, text, texts
from envcheck.gather.documents.uv_sources import Sources, read_sources
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.readings import RawFile

_DEV = "dev"
_DEEPEST = 100
_COMPARISON = re.compile(r"\s*(===|[=!~<>]=|[<>])\s*([^\s,]+)\s*")


class Line(Struct, frozen=True):
    """One requirement as a manifest has it: its text, the marker that its list adds, and where it stands."""

    text: str
    marker: str = ""
    path: Path = ()
    extra: str = ""
    group: str = ""


class Manifest(Struct, frozen=True):
    """The tables of a manifest; ``is_script`` when they are those of a script's block."""

    path: str
    source: str = ""
    document: Document = field(default_factory=Document)
    is_script: bool = False

    @property
    def folder(self) -> str:
        """The folder that its paths start from."""
        return posixpath.dirname(self.path)

    @property
    def project(self) -> Mapping[str, object]:
        """The table ``[project]``."""
        return self.document.table("project")

    @property
    def name(self) -> NormalizedName:
        """The name of the project, normalised; empty without one."""
        return normalize(text(self.project.get("name")))

    @property
    def uv(self) -> Mapping[str, object]:
        """The table ``[tool.uv]``."""
        return self.document.table("tool", "uv")

    @property
    def dynamic(self) -> tuple[str, ...]:
        """What the build back end fills in."""
        return texts(self.project.get("dynamic"))

    @property
    def sources(self) -> Sources:
        """The sources of requirements."""
        return read_sources(self.uv.get("sources"))

    @property
    def is_package(self) -> bool:
        """Whether uv builds and installs it, when no other member of its workspace requires it."""
        wanted = self.uv.get("package")
        return wanted if isinstance(wanted, bool) else bool(self.document.tables.get("build-system") is not None)

    def dependencies(self) -> Iterator[Line]:
        """Yield what the project, or the script, requires, for each extra with the extra's marker."""
        base: Path = () if self.is_script else ("project",)
        tables = self.document.tables if self.is_script else self.project
        for index, entry in _numbered(tables.get("dependencies")):
            yield Line(entry, path=(*base, "dependencies", index))
        for extra, entries in table(self.project.get("optional-dependencies")).items():
            for index, entry in _numbered(entries):
                path = ("project", "optional-dependencies", extra, index)
                yield Line(entry, f"extra == '{normalize(extra)}'", path, normalize(extra))

    def extras(self) -> frozenset[str]:
        """Return the names of the extras."""
        return frozenset(map(normalize, table(self.project.get("optional-dependencies"))))

    def groups(self) -> dict[str, tuple[Line, ...]]:
        """Return the dependency groups, each with what it includes, and uv's own list of former days as ``dev``."""
        return self._groups()[0]

    def group_pythons(self) -> dict[str, str]:
        """Return the Pythons of those groups that are for some only, as specifiers."""
        return self._groups()[1]

    def _groups(self) -> tuple[dict[str, tuple[Line, ...]], dict[str, str]]:
        groups = _Groups()
        for name, entries in self.document.table("dependency-groups").items():
            groups.tables[normalize(name)] = name, entries
        for name, setting in table(self.uv.get("dependency-groups")).items():
            groups.settings[normalize(name)] = setting
        found = {group: groups.flat(group) for group in groups.tables}
        if "dev-dependencies" in self.uv:
            lines = self.listed("dev-dependencies", group=_DEV)
            found[_DEV] = (*found.get(_DEV, ()), *lines)
        return found, {group: pythons for group, pythons in groups.pythons.items() if pythons}

    def listed(self, key: str, group: str = "") -> tuple[Line, ...]:
        """Return the requirements of a list in ``[tool.uv]``."""
        entries = _numbered(self.uv.get(key))
        return tuple(Line(entry, path=("tool", "uv", key, index), group=group) for index, entry in entries)


def _numbered(value: object) -> Iterator[tuple[int, str]]:
    """Yield the texts of a list, each with its index."""
    yield from ((i, each) for i, each in enumerate(value if isinstance(value, list) else ()) if isinstance(each, str))


class _Groups(Struct):
    """Dependency groups, each flattened once; ``settings`` are ``[tool.uv.dependency-groups]``."""

    tables: dict[str, tuple[str, object]] = field(default_factory=dict)
    settings: dict[str, object] = field(default_factory=dict)
    known: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    pythons: dict[str, str] = field(default_factory=dict)

    def flat(self, group: str, depth: int = 0) -> tuple[Line, ...]:
        """Return the lines of a group and of those that it includes, limited to the Pythons of the group."""
        if group in self.known or group not in self.tables or depth > _DEEPEST:
            return self.known.get(group, ())
        self.known[group] = ()  # what includes itself
        name, entries = self.tables[group]
        specifiers = [text(table(self.settings.get(group)).get("requires-python"))]
        pythons = python_marker(specifiers[0])
        found: list[Line] = []
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, str):
                found.append(Line(entry, path=("dependency-groups", name, index)))
            else:
                included = normalize(text(table(entry).get("include-group")))
                found += self.flat(included, depth + 1)
                specifiers.append(self.pythons.get(included, ""))
        lines = (Line(line.text, both(line.marker, pythons), line.path, group=group) for line in found)
        self.known[group] = tuple(dict.fromkeys(lines))
        self.pythons[group] = ",".join(dict.fromkeys(filter(None, specifiers)))
        return self.known[group]


def default_groups(settings: Mapping[str, object]) -> tuple[str, ...]:
    """Return the groups that uv installs by itself as ``default-groups`` says, ``*`` for all."""
    wanted = settings.get("default-groups", [_DEV])
    return ("*",) if wanted == "all" else tuple(map(normalize, texts(wanted)))


def python_marker(specifier: str) -> str:
    """Return the marker of the Pythons that a specifier allows."""
    found = (_COMPARISON.fullmatch(part) for part in specifier.split(",") if part.strip())
    return " and ".join(f"python_full_version {each[1]} '{each[2]}'" for each in found if each)


def read_manifests(files: Iterable[RawFile]) -> dict[str, Manifest]:
    """Return the manifests that can be read, by their paths as given; a script without a block has empty tables."""
    manifests = {}
    for file in files:
        source = decode(file.data).text
        is_script = not file.path.endswith(".toml")
        document = parse(_block(source, file.path) if is_script else source)
        if not document.fault:
            manifests[file.path] = Manifest(file.path, source, document, is_script)
    return manifests


def _block(source: str, path: str) -> str:
    """Return the TOML of a script's block; empty when it has none, or one that no tool runs."""
    found = find(source, Place(path))
    return "" if found is None or found.fault else found.text
