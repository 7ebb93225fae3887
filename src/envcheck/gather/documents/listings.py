"""What ``pip list`` and ``conda list`` print, in each of their forms → one side of a comparison.

``pip freeze`` writes requirements and ``conda list --explicit`` a lock: both have readers of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from envcheck.model.conda_order import parse_conda_version
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.records import Record
from envcheck.model.sides import TOOLS, Package, Side

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9])?")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.!+-]{0,99}")
_CONDA_NAME = re.compile(r"[a-z0-9_][a-z0-9_.-]{0,199}")
_BUILD = re.compile(r"[A-Za-z0-9_.+]{1,100}")
_OF_PIP = re.compile(r"^Package +Version\b.*\n-{3,}", re.MULTILINE)
_OF_CONDA = re.compile(
    r"^# packages in environment at |^#? *Name +Version +Build|^ *List of packages in environment", re.MULTILINE
)
_EXPORT = re.compile(r"(?P<name>[A-Za-z0-9_][A-Za-z0-9_.-]*)=(?P<version>[^=\s]+)=(?P<build>[^=\s]+)")
_RULES = re.compile(r"[-─━—\s]+|")
_TITLES = ("Name", "Package")
_PYPI = frozenset({"pypi", "<pip>", "pypi_0"})
_MOST = 100_000
_MOST_SAID = 5


class Listing(Struct):
    """The entries of a list as they are met."""

    versions: dict[NormalizedName, str] = field(default_factory=dict)
    packages: dict[NormalizedName, Package] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def distribution(self, name: str, version: str) -> None:
        """Note a distribution, or that the entry is none."""
        if not (_NAME.fullmatch(name) and _VERSION.fullmatch(version)):
            self.refused.append(f"{name} {version}".strip())
            return
        self.versions[normalize(name)] = version

    def package(self, name: str, version: str, build: str, channel: str) -> None:
        """Note what conda lists: a package of its own, or what pip has installed."""
        if _PYPI & {channel, build}:
            self.distribution(name, version)
        elif _CONDA_NAME.fullmatch(name.lower()) and parse_conda_version(version) and _BUILD.fullmatch(build or "_"):
            self.packages[NormalizedName(name.lower())] = Package(version, build)
        else:
            self.refused.append(f"{name} {version} {build}".strip())

    @property
    def count(self) -> int:
        """How many entries there are."""
        return len(self.versions) + len(self.packages) + len(self.refused)


def read_listing(text: str, title: str) -> Side | str | None:
    """Return the side that a list is, why it cannot be read, or nothing for a text that is no such list."""
    stripped = text.lstrip()
    if stripped[:1] in ("[", "{"):
        return _of_json(stripped, title)
    if _OF_PIP.search(text):
        return _side(_columns_of_pip(text), title, "pip list")
    if _OF_CONDA.search(text):
        return _side(_columns_of_conda(text), title, "conda list")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if lines and all(map(_EXPORT.fullmatch, lines)):
        return _side(_exported(lines), title, "conda list")
    return None


def _columns_of_pip(text: str) -> Listing:
    listing = Listing()
    for line in text.splitlines():
        words = line.split()
        if len(words) > 1 and words[0] not in _TITLES and not _RULES.fullmatch(line):
            listing.distribution(words[0], words[1])
    return listing


def _columns_of_conda(text: str) -> Listing:
    listing = Listing()
    for line in text.splitlines():
        words = line.split()
        if len(words) < 2 or line.startswith("#") or words[0] in _TITLES or _RULES.fullmatch(line):
            continue
        if not line.lstrip().startswith("List of packages"):
            name, version, build, channel = (*words[:4], "", "")[:4]
            listing.package(name, version, build, channel)
    return listing


def _exported(lines: list[str]) -> Listing:
    listing = Listing()
    for line in lines:
        found = _EXPORT.fullmatch(line)
        if found:
            listing.package(found["name"], found["version"], found["build"], "")
    return listing


def _of_json(text: str, title: str) -> Side | str:
    try:
        rows = json.loads(text)
    except RecursionError:
        return "nested too deeply to be read"
    except ValueError as error:
        return f"not JSON: {error}"
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return "JSON, but no list of packages"
    listing = Listing()
    is_of_conda = any("build_string" in row or "channel" in row for row in rows)
    for row in rows:
        name, version, build, channel = _texts(row)
        if is_of_conda:
            listing.package(name, version, build, channel)
        else:
            listing.distribution(name, version)
    return _side(listing, title, "conda list" if is_of_conda else "pip list")


def _texts(row: Mapping[str, object]) -> Iterator[str]:
    for key in ("name", "version", "build_string", "channel"):
        value = row.get(key)
        yield value if isinstance(value, str) else ""


def _side(listing: Listing, title: str, kind: str) -> Side | str:
    if listing.count > _MOST:
        return f"more than {_MOST:,} entries"
    if listing.refused:
        shown = ", ".join(repr(text[:60]) for text in listing.refused[:_MOST_SAID])
        more = len(listing.refused) - _MOST_SAID
        return f"no name and version: {shown}" + (f" and {more} more" if more > 0 else "")
    record = Record(title, versions=listing.versions)
    is_of_conda = kind == "conda list"
    side = Side(record, kind, knows_conda=is_of_conda, knows_sources=False)
    if not is_of_conda:
        return replace(side, spared=TOOLS - set(listing.versions))
    python = listing.packages.pop(NormalizedName("python"), None)
    record = replace(record, python=python.version if python else "")
    return replace(side, record=record, packages=listing.packages)
