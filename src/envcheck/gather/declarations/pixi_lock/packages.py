"""One entry of ``packages:`` in a pixi.lock → what is locked (rattler_lock 0.31, ``parse/models``)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache

from msgspec import Struct
from msgspec.structs import replace

from envcheck.gather.declarations.pixi_lock import NAME
from envcheck.gather.documents.conda_packages import locked_package, package_file
from envcheck.gather.documents.lock_texts import locked
from envcheck.gather.documents.vcs_urls import scheme_of
from envcheck.gather.documents.yaml_lines import top_of
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


class Need(Struct, frozen=True):
    """One entry of ``requires_dist``: a name with extras, and where it holds; ``versions`` without blanks, sorted."""

    name: NormalizedName
    extras: tuple[str, ...] = ()
    marker: str = ""
    versions: str = ""


class Block(Struct, frozen=True):
    """The text of an entry and the number of its first line."""

    text: str
    line: int

    @property
    def table(self) -> YamlMapping:
        """What stands in it; nothing when it is broken."""
        return top_of(self.text, self.line, _NESTED) or YamlMapping(self.line)


class Package(Struct, frozen=True, dict=True):
    """A locked package; ``location`` is what environments call it by, ``told`` what the lock says of it.

    ``provides`` are the PyPI names of a conda package (its ``purls``), ``requires`` what a PyPI package says of its
    needs, ``subdir`` and ``build`` those of a conda package. ``built`` is true for what is made of sources on the spot.
    """

    location: str
    is_conda: bool
    shown_name: str
    place: Place
    told: YamlMapping | Block
    subdir: str = ""
    version: str = ""
    build: str = ""
    provides: tuple[NormalizedName, ...] = ()
    needs: tuple[NormalizedName, ...] = ()
    requires: tuple[Need, ...] = ()
    built: bool = False

    @property
    def name(self) -> NormalizedName:
        """The name, normalised for its ecosystem."""
        return NormalizedName(self.shown_name.lower()) if self.is_conda else normalize(self.shown_name)

    @property
    def table(self) -> YamlMapping:
        """What the lock says of it."""
        return self.told.table if isinstance(self.told, Block) else self.told

    @cached_property
    def entry(self) -> Requirement:
        """What is locked, made when it is asked for: a lock of thousands is looked through for a few."""
        if self.built:
            return _built_entry(self)
        return _conda_entry(self) if self.is_conda else _pypi_entry(self)


def package_of(table: YamlMapping, path: str) -> Package | None:
    """Return the package of an entry in the form of any version, ``None`` when nothing tells what it is."""
    place = Place(path, 0, table.line)
    kind = table.text("kind")
    if table.text("conda_source"):
        return _built(table, table.text("conda_source"), place)
    if kind == "conda" or table.text("conda"):
        return _conda(table, table.text("conda") or table.text("url") or table.text("path"), place)
    if kind == "pypi" or table.text("pypi"):
        return _pypi(table, table.text("pypi") or table.text("url") or table.text("path"), place)
    return None


def _conda(table: YamlMapping, location: str, place: Place) -> Package | None:
    file = package_file(location)
    if file is None:
        return _built(table, location, place)
    name = table.text("name") or file.name
    return Package(
        location,
        True,  # noqa: FBT003 - of conda
        name,
        place,
        table,
        table.text("subdir") or file.subdir,
        table.text("version") or file.version,
        table.text("build") or file.build,
        _provided(table, name),
        _conda_needs(table),
    )


def _conda_entry(package: Package) -> Requirement:
    table, location = package.table, package.location
    file = package_file(location)
    channel = table.text("channel") or (file.channel if file and "://" in location else "")
    entry = locked_package(
        package.shown_name,
        package.version,
        package.build,
        package.place,
        NAME,
        channel=channel.rstrip("/"),
        platform="" if package.subdir == "noarch" else package.subdir,
        hashes=_hashes(table, "md5", "sha256"),
        needs=package.needs,
    )
    return entry if channel else replace(entry, direct=DirectReference(DirectKind.PATH, location))


def _built(table: YamlMapping, location: str, place: Place) -> Package | None:
    """Return the package that pixi builds of sources: ``name[hash] @ where`` since version 7, before that a path."""
    source = SOURCE.fullmatch(location)
    name = source[1] if source else table.text("name")
    if not name:
        return None
    version, build, subdir = table.text("version"), table.text("build"), table.text("subdir")
    provides, needs = _provided(table, name), _conda_needs(table)
    return Package(location, True, name, place, table, subdir, version, build, provides, needs, built=True)  # noqa: FBT003


def _built_entry(package: Package) -> Requirement:
    source = SOURCE.fullmatch(package.location)
    platform = "" if package.subdir == "noarch" else package.subdir
    entry = locked_package(
        package.shown_name,
        package.version,
        package.build,
        package.place,
        NAME,
        platform=platform,
        needs=package.needs,
    )
    return replace(entry, direct=_direct(source[2] if source else package.location))


def _pypi(table: YamlMapping, location: str, place: Place) -> Package | None:
    name = table.text("name")
    if not name:
        return None
    direct = _pypi_direct(table, location)
    version = "" if _is_folder(direct, location) else table.text("version")
    requires = tuple(_needs(table))
    needs = tuple(dict.fromkeys(need.name for need in requires))
    return Package(location, False, name, place, table, version=version, needs=needs, requires=requires)  # noqa: FBT003


def _pypi_entry(package: Package) -> Requirement:
    table, location = package.table, package.location
    direct = _pypi_direct(table, location)
    hashes = () if _is_folder(direct, location) else _hashes(table, "sha256", "md5")
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
        index=table.text("index"),
    )


def _pypi_direct(table: YamlMapping, location: str) -> DirectReference | None:
    direct = None if _is_file_of_index(location) else _direct(location)
    return replace(direct, editable=True) if direct and table.text("editable") == "true" else direct


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


def _hashes(table: YamlMapping, *kinds: str) -> tuple[str, ...]:
    return tuple(f"{kind}:{table.text(kind).lower()}" for kind in kinds if table.text(kind))


def _provided(table: YamlMapping, name: str) -> tuple[NormalizedName, ...]:
    if "purls" not in table:  # older locks leave them out: a package of conda-forge is then taken for its namesake
        return (normalize(name),)
    return provided_by(purl for purl in table.sequence("purls") if isinstance(purl, str))


def provided_by(purls: Iterable[str]) -> tuple[NormalizedName, ...]:
    """Return the names of the distributions of PyPI that package URLs speak of."""
    found = map(_PURL.match, purls)
    return tuple(dict.fromkeys(normalize(match[1]) for match in found if match))


def _conda_needs(table: YamlMapping) -> tuple[NormalizedName, ...]:
    return needs_of(text for text in table.sequence("depends") if isinstance(text, str))


def needs_of(depends: Iterable[str]) -> tuple[NormalizedName, ...]:
    """Return what a conda package depends on, without what the machine is (``__glibc``, CEP 30)."""
    return tuple(dict.fromkeys(name for name in map(_need_of, depends) if name))


@lru_cache(maxsize=8192)
def _need_of(text: str) -> NormalizedName:
    found = _CONDA_NEED.match(text)
    return NormalizedName(found[1].lower() if found and not found[1].startswith("__") else "")


def _needs(table: YamlMapping) -> Iterable[Need]:
    for text in table.sequence("requires_dist"):
        if isinstance(text, str) and (found := _PYPI_NEED.match(text)):
            extras = tuple(e.strip() for e in found[2].split(",") if e.strip()) if found[2] else ()
            versions, _, marker = text[found.end() :].partition(";")
            yield Need(normalize(found[1]), extras, marker.strip(), sorted_versions(versions))


def sorted_versions(text: str) -> str:
    """Return a specifier in an order and spelling of its own, so that equal ones are equal texts."""
    return ",".join(sorted("".join(text.split()).strip("()").split(",")))


def asks_for_extra(need: Need) -> bool:
    """Tell whether a need holds for some extra only."""
    return _EXTRA.search(need.marker) is not None
