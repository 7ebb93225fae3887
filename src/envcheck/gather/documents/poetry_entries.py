"""One entry of Poetry's tables, in pyproject.toml and its lock: ``name = "^1.2"``, ``name = {version = "^1.2", …}``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from envcheck.gather.documents.conda_selectors import both
from envcheck.gather.documents.poetry_constraints import platform_marker, poetry_constraint, python_marker
from envcheck.gather.documents.reqentry import Entry, InvalidEntry
from envcheck.model.constraints import ANY
from envcheck.model.markers import normal_marker
from envcheck.model.requirements import DirectKind, DirectReference

_COMMIT = re.compile(r"[0-9a-fA-F]{40}")
_ORIGINS = ("git", "file", "path", "url")
_REMEDY = 'write a constraint like "^1.2" or ">=1.2,<2", or a table with version, git, path or url'


class PoetryEntry(Struct, frozen=True):
    """What an entry says; ``key`` is where in its table ``raw`` stands, empty when the entry is a text itself."""

    entry: Entry
    raw: str = ""
    key: str = ""
    optional: bool = False


def read_entry(name: str, value: object) -> PoetryEntry:
    """Return what Poetry reads from the value of a name; raises :class:`InvalidEntry` for what it refuses."""
    try:
        if isinstance(value, str):
            return PoetryEntry(Entry(name, constraint=poetry_constraint(value)), value)
        if isinstance(value, Mapping):
            return _from_table(name, value)
    except InvalidEntry:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidEntry(str(error).partition("\n")[0], _REMEDY) from error
    raise InvalidEntry("neither a constraint nor a table", _REMEDY)


def _from_table(name: str, table: Mapping[str, object]) -> PoetryEntry:
    key = next((key for key in _ORIGINS if key in table), "version")
    raw = _text(table, key)
    constraint = poetry_constraint(raw or "*") if key == "version" else ANY
    direct = None if key == "version" else _direct(table, key, raw)
    extras = table.get("extras")
    names = tuple(extra for extra in extras if isinstance(extra, str)) if isinstance(extras, list) else ()
    entry = Entry(name, tuple(sorted(names)), constraint, _marker(table), direct)
    return PoetryEntry(entry, raw, key, optional=table.get("optional") is True)


def _text(table: Mapping[str, object], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise InvalidEntry(f"{key} is no text", _REMEDY)
    return value


def _marker(table: Mapping[str, object]) -> str:
    markers, python, platform = (_text(table, key) for key in ("markers", "python", "platform"))
    marker = normal_marker(markers) if markers.strip() else ""
    if python:
        marker = both(marker, python_marker(python))
    return both(marker, platform_marker(platform)) if platform else marker


def _direct(table: Mapping[str, object], key: str, url: str) -> DirectReference:
    if not url:
        raise InvalidEntry(f"{key} is empty", _REMEDY)
    subdirectory = _text(table, "subdirectory")
    editable = table.get("develop") is True
    if key == "git":
        revision = next((text for text in (_text(table, kind) for kind in ("branch", "tag", "rev")) if text), "")
        commit = revision.lower() if _COMMIT.fullmatch(revision) else ""
        return DirectReference(DirectKind.VCS, url, revision, commit, editable, subdirectory)
    if key == "url":
        return DirectReference(DirectKind.URL, url, subdirectory=subdirectory)
    # Poetry joins the two: a folder in a folder is a folder.
    path = f"{url.rstrip('/')}/{subdirectory}" if subdirectory else url
    return DirectReference(DirectKind.PATH, path, editable=editable)
