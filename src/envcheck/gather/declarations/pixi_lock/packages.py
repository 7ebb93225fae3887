"""One entry of ``packages:`` in a pixi.lock → what is locked (rattler_lock 0.31, ``parse/models``)."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from msgspec import Struct
from msgspec.structs import replace

from envcheck.gather.declarations.pixi_lock import NAME
from envcheck.gather.documents.conda_packages import PackageFile, locked_package, package_file
from envcheck.gather.documents.lock_texts import locked
from envcheck.gather.documents.vcs_urls import scheme_of
from envcheck.gather.documents.yaml_lines import text_of, top_of
from envcheck.gather.documents.yaml_values import YamlMapping
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.places import Place
from envcheck.model.requirements import DirectKind, DirectReference, Requirement

_PURL = re.compile(r"pkg:pypi/([^@?#]+)")
SOURCE = re.compile(r"(\S+?)(?:\[[^\]]*\])?\s+@\s+(.+)", re.DOTALL)
_CONDA_NEED = re.compile(r"\s*(?:[^\s:]*::)?([A-Za-z0-9_][A-Za-z0-9_.-]*)")
_PYPI_NEED = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?")
_ARCHIVES = (".whl", ".zip", ".tar", ".tgz", ".tbz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.Z")
_NESTED = "run_exports"  # tables and lists, of which nothing is asked
_EXTRA = re.compile(r"\bextra\b")
_written = lru_cache(maxsize=8192)(text_of)


class Need(Struct, frozen=True):
    """One entry of ``requires_dist``: a name with extras, and where it holds; ``versions`` without blanks, sorted."""

    name: NormalizedName
    extras: tuple[str, ...] = ()
    marker: str = ""
    versions: str = ""


class Block(Struct, frozen=True):
    """The text of an entry behind its dash, and the number of its line; a part is found without reading the rest."""

    text: str
    line: int

    @property
    def table(self) -> YamlMapping:
        """What stands in it; nothing when it is broken."""
        return top_of(f"- {self.text}", self.line, _NESTED) or YamlMapping(self.line)

    def says(self, key: str) -> bool:
        """Tell whether it has a key."""
        return f"\n  {key}:" in self.text

    def value(self, key: str) -> str | None:
        """Return the text at the last such key, empty without it, ``None`` when it takes more to tell."""
        before = f"\n  {key}:"
        start = self.text.rfind(before) + len(before)
        if start < len(before):
            return ""
        if not self.text.startswith(" ", start):
            return None
        end = self.text.find("\n", start)
        return text_of(self.text[start + 1 : end] if end >= 0 else self.text[start + 1 :])

    def texts(self, key: str) -> list[str] | None:
        """Return the plain texts of the list at a key, none without it, ``None`` when it takes more to tell."""
        before = f"\n  {key}:"
        start = self.text.rfind(before) + len(before)
        if start < len(before) or self.text.startswith(" []\n", start):
            return []
        above, *listed = self.text[start:].split("\n  - ")
        found = []
        for each in listed:
            line, _, behind = each.partition("\n")
            value = _written(line)
            if value is None or behind.startswith("   "):
                return None
            found.append(value)
            if behind:
                break
        return None if above else found


class Package(Struct, frozen=True, dict=True):
    """A locked package; ``location`` is what environments call it by, ``told`` what the lock says of it.

    The rest is read when somebody asks for it, since a lock of thousands is looked through for a few. ``from_source``
    is true where the lock says in so many words that it is built on the spot.
    """

    location: str
    is_conda: bool
    shown_name: str
    path: str
    told: YamlMapping | Block
    from_source: bool = False

    @cached_property
    def name(self) -> NormalizedName:
        """The name, normalised for its ecosystem."""
        return NormalizedName(self.shown_name.lower()) if self.is_conda else normalize(self.shown_name)

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.path, 0, self.told.line)

    @cached_property
    def file(self) -> PackageFile | None:
        """What the name of its file tells, ``None`` unless it is a file of conda's."""
        return package_file(self.location) if self.is_conda and not self.from_source else None

    @property
    def built(self) -> bool:
        """Whether it is made of sources on the spot."""
        return self.is_conda and self.file is None

    @cached_property
    def subdir(self) -> str:
        """The platform of a conda package, ``noarch`` for all of them."""
        return (self.text("subdir") or (self.file.subdir if self.file else "")) if self.is_conda else ""

    @cached_property
    def version(self) -> str:
        """Its version; a folder has whatever version it has when it is installed."""
        if not self.is_conda and _is_folder(_pypi_direct(self), self.location):
            return ""
        return self.text("version") or (self.file.version if self.file else "")

    @cached_property
    def build(self) -> str:
        """The build of a conda package."""
        return (self.text("build") or (self.file.build if self.file else "")) if self.is_conda else ""

    @cached_property
    def provides(self) -> tuple[NormalizedName, ...]:
        """The PyPI names of a conda package (its ``purls``)."""
        if not self.is_conda:
            return ()
        if not (self.told.says("purls") if isinstance(self.told, Block) else "purls" in self.told):
            # Older locks leave them out: a package of conda-forge is then taken for its namesake.
            return (normalize(self.shown_name),)
        found = map(_PURL.match, self.texts("purls"))
        return tuple(dict.fromkeys(normalize(match[1]) for match in found if match))

    @cached_property
    def requires(self) -> tuple[Need, ...]:
        """What a PyPI package says of its needs."""
        return () if self.is_conda else tuple(filter(None, map(_pypi_need, self.texts("requires_dist"))))

    @cached_property
    def needs(self) -> tuple[NormalizedName, ...]:
        """The names of what it needs, without what the machine is (``__glibc``, CEP 30)."""
        if self.is_conda:
            return tuple(dict.fromkeys(name for name in map(_conda_need, self.texts("depends")) if name))
        return tuple(dict.fromkeys(need.name for need in self.requires))

    @cached_property
    def entry(self) -> Requirement:
        """What is locked."""
        return _conda_entry(self) if self.is_conda else _pypi_entry(self)

    def text(self, key: str) -> str:
        """Return what the lock says at a key, empty when that is nothing or no text."""
        found = self.told.value(key) if isinstance(self.told, Block) else None
        return self._table.text(key) if found is None else found

    def texts(self, key: str) -> list[str]:
        """Return the texts of the list at a key."""
        found = self.told.texts(key) if isinstance(self.told, Block) else None
        return [text for text in self._table.sequence(key) if isinstance(text, str)] if found is None else found

    @cached_property
    def _table(self) -> YamlMapping:
        return self.told.table if isinstance(self.told, Block) else self.told


def package_of(table: YamlMapping, path: str) -> Package | None:
    """Return the package of an entry in the form of any version, ``None`` when nothing tells what it is."""
    kind = table.text("kind")
    source, location = table.text("conda_source"), table.text("url") or table.text("path")
    if source:
        return _conda(table, source, path, from_source=True)
    if kind == "conda" or table.text("conda"):
        return _conda(table, table.text("conda") or location, path)
    if kind == "pypi" or table.text("pypi"):
        name = table.text("name")
        return Package(table.text("pypi") or location, False, name, path, table) if name else None  # noqa: FBT003
    return None


def _conda(table: YamlMapping, location: str, path: str, *, from_source: bool = False) -> Package | None:
    """Return a conda package: pixi builds ``name[hash] @ where`` since version 7, before that a path."""
    file = None if from_source else package_file(location)
    source = None if file else SOURCE.fullmatch(location)
    name = source[1] if source else table.text("name") or (file.name if file else "")
    return Package(location, True, name, path, table, from_source) if name else None  # noqa: FBT003


def _conda_entry(package: Package) -> Requirement:
    file = package.file
    channel = package.text("channel") or (file.channel if file and "://" in package.location else "")
    entry = locked_package(
        package.shown_name,
        package.version,
        package.build,
        package.place,
        NAME,
        channel="" if package.built else channel.rstrip("/"),
        platform="" if package.subdir == "noarch" else package.subdir,
        hashes=() if package.built else _hashes(package, "md5", "sha256"),
        needs=package.needs,
    )
    if package.built:
        source = SOURCE.fullmatch(package.location)
        return replace(entry, direct=_direct(source[2] if source else package.location))
    return entry if channel else replace(entry, direct=DirectReference(DirectKind.PATH, package.location))


def _pypi_entry(package: Package) -> Requirement:
    direct = _pypi_direct(package)
    hashes = () if _is_folder(direct, package.location) else _hashes(package, "sha256", "md5")
    if direct and hashes and direct.kind is DirectKind.URL:
        direct = replace(direct, hashes=hashes)
    return locked(
        package.shown_name,
        package.version,
        package.place,
        NAME,
        hashes=hashes,
        direct=direct,
        needs=package.needs,
        index=package.text("index"),
    )


def _pypi_direct(package: Package) -> DirectReference | None:
    direct = None if _is_file_of_index(package.location) else _direct(package.location)
    return replace(direct, editable=True) if direct and package.text("editable") == "true" else direct


def _is_folder(direct: DirectReference | None, location: str) -> bool:
    # A folder has whatever version it has when it is installed (rattler_lock ``is_wheel_or_archive_location``).
    return direct is not None and direct.kind is DirectKind.PATH and not location.endswith(_ARCHIVES)


def _is_file_of_index(location: str) -> bool:
    return scheme_of(location) in ("http", "https")


def _direct(location: str) -> DirectReference:
    """Return what a location refers to: ``direct+URL``, ``git+URL?rev=asked#commit`` or a path."""
    if location.startswith("git+"):
        from urllib.parse import parse_qs

        url, _, fragment = location.removeprefix("git+").partition("#")
        url, _, query = url.partition("?")
        asked = parse_qs(query)
        revision = next((asked[kind][0] for kind in ("rev", "tag", "branch") if kind in asked), "")
        subdirectory = asked.get("subdirectory", [""])[0]
        return DirectReference(DirectKind.VCS, url, revision, fragment.lower(), subdirectory=subdirectory)
    url, _, fragment = location.removeprefix("direct+").partition("#")
    if "://" in url and scheme_of(url) != "file":
        hashes = (fragment.replace("=", ":", 1),) if fragment.startswith(("sha256=", "md5=")) else ()
        return DirectReference(DirectKind.URL, url, hashes=hashes)
    return DirectReference(DirectKind.PATH, location)


def _hashes(package: Package, *kinds: str) -> tuple[str, ...]:
    told = ((kind, package.text(kind)) for kind in kinds)
    return tuple(f"{kind}:{value.lower()}" for kind, value in told if value)


@lru_cache(maxsize=8192)
def _conda_need(text: str) -> NormalizedName:
    found = _CONDA_NEED.match(text)
    return NormalizedName(found[1].lower() if found and not found[1].startswith("__") else "")


@lru_cache(maxsize=8192)
def _pypi_need(text: str) -> Need | None:
    found = _PYPI_NEED.match(text)
    if found is None:
        return None
    extras = tuple(e.strip() for e in found[2].split(",") if e.strip()) if found[2] else ()
    versions, _, marker = text[found.end() :].partition(";")
    return Need(normalize(found[1]), extras, marker.strip(), sorted_versions(versions))


def sorted_versions(text: str) -> str:
    """Return a specifier in an order and spelling of its own, so that equal ones are equal texts."""
    return ",".join(sorted("".join(text.split()).strip("()").split(",")))


def asks_for_extra(need: Need) -> bool:
    """Tell whether a need holds for some extra only."""
    return _EXTRA.search(need.marker) is not None
