"""One entry of pixi's tables: ``numpy = ">=1.2"``, ``torch = {version = "*", channel = "pytorch"}``, ``{git = …}``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from envcheck.gather.documents import matchspec
from envcheck.gather.documents.reqentry import InvalidEntry
from envcheck.model.constraints import ANY, Constraint, conda, pep440
from envcheck.model.markers import normal_marker
from envcheck.model.names import Ecosystem, NormalizedName, normalize_in
from envcheck.model.requirements import DirectKind, DirectReference

_COMMIT = re.compile(r"[0-9a-fA-F]{40}")
_CONDA_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_PYPI_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_ORIGINS = ("git", "url", "path")
_REVISIONS = ("rev", "tag", "branch")
_REMEDY = 'write a version like ">=1.2,<2" or a table with version, git, url or path'
# What decides about an entry in ways that are not compared: conditions, and packages that are built on the spot.
_ODD = ("when", "flags", "package", "workspace", "license", "license-family", "track-features", "build-number")


class PixiEntry(Struct, frozen=True):
    """What an entry says; ``key`` is where in its table ``raw`` stands, empty when the entry is a text itself.

    ``odd`` is true when it says more than is understood here, so that nothing may be concluded from it.
    """

    name: NormalizedName
    shown_name: str
    ecosystem: Ecosystem
    raw: str
    key: str = ""
    constraint: Constraint = ANY
    channel: str = ""
    subdir: str = ""
    extras: tuple[str, ...] = ()
    marker: str = ""
    hashes: tuple[str, ...] = ()
    direct: DirectReference | None = None
    index: str = ""
    odd: bool = False


def read_entry(name: str, value: object, ecosystem: Ecosystem) -> PixiEntry:
    """Return what pixi reads from the value of a name; raises :class:`InvalidEntry` for what it refuses."""
    grammar = _CONDA_NAME if ecosystem is Ecosystem.CONDA else _PYPI_NAME
    if not grammar.fullmatch(name):
        raise InvalidEntry(f"{name!r} is no package name", _REMEDY)
    if isinstance(value, str):
        table: Mapping[str, object] = {"version": value}
    elif isinstance(value, Mapping):
        table = value
    else:
        raise InvalidEntry("neither a version nor a table", _REMEDY)
    try:
        entry = _from_table(name, table, ecosystem)
    except InvalidEntry:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidEntry(str(error).partition("\n")[0], _REMEDY) from error
    return replace(entry, key="") if isinstance(value, str) else entry


def _from_table(name: str, table: Mapping[str, object], ecosystem: Ecosystem) -> PixiEntry:
    key = next((key for key in _ORIGINS if key in table), "version")
    raw = _text(table, key)
    version = _text(table, "version")
    is_conda = ecosystem is Ecosystem.CONDA
    markers = _text(table, "env-markers")
    return PixiEntry(
        normalize_in(ecosystem, name),
        name,
        ecosystem,
        raw or "*",
        key,
        _conda(name, version, _text(table, "build")) if is_conda else pep440(version),
        _text(table, "channel") if is_conda else "",
        _text(table, "subdir") if is_conda else "",
        _extras(table),
        normal_marker(markers) if markers.strip() else "",
        tuple(f"{kind}:{_text(table, kind).lower()}" for kind in ("md5", "sha256") if table.get(kind)),
        None if key == "version" else _direct(table, key, raw),
        _text(table, "index"),
        odd=any(odd in table for odd in _ODD) or (is_conda and bool(table.get("extras"))),
    )


def _conda(name: str, version: str, build: str) -> Constraint:
    # Brackets, build strings and comments belong to match specs; pixi takes only a version here.
    if re.search(r"[\[\]#;]", version):
        raise ValueError(f"{version!r} is no version spec")
    return conda(matchspec.parse(f"{name} {version}".strip()).version, build, text=version)


def _text(table: Mapping[str, object], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise InvalidEntry(f"{key} is no text", _REMEDY)
    return value


def _extras(table: Mapping[str, object]) -> tuple[str, ...]:
    extras = table.get("extras")
    return tuple(sorted({e for e in extras if isinstance(e, str)})) if isinstance(extras, list) else ()


def _direct(table: Mapping[str, object], key: str, url: str) -> DirectReference:
    if not url:
        raise InvalidEntry(f"{key} is empty", _REMEDY)
    subdirectory = _text(table, "subdirectory")
    if key == "git":
        revision = next((text for text in (_text(table, kind) for kind in _REVISIONS) if text), "")
        commit = revision.lower() if _COMMIT.fullmatch(revision) else ""
        return DirectReference(DirectKind.VCS, url.removeprefix("git+"), revision, commit, subdirectory=subdirectory)
    if key == "url":
        return DirectReference(DirectKind.URL, url.partition("#")[0], subdirectory=subdirectory)
    return DirectReference(DirectKind.PATH, url, editable=table.get("editable") is True)
