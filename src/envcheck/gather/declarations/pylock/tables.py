"""The tables of an entry as they are, whatever their types: which files it names, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

Table = Mapping[str, object]
DIRECT = ("vcs", "directory", "archive")
"""The keys of what comes from no index: at most one of them stands in an entry."""


def text(table: Table, key: str) -> str:
    """Return the text at a key, empty when there is none."""
    value = table.get(key)
    return value if isinstance(value, str) else ""


def entries(table: Table, key: str) -> list[object]:
    """Return the list at a key, empty when there is none."""
    found = table.get(key)
    return found if isinstance(found, list) else []


def files(table: Table) -> Iterator[Table]:
    """Yield the tables of the archive that a URL or path names, of the source archive, and of the wheels."""
    for found in (table.get("archive"), table.get("sdist"), *entries(table, "wheels")):
        if isinstance(found, Mapping):
            yield found


def hashes(file: Table) -> Iterator[str]:
    """Yield the hashes of a file as ``algorithm:hex``."""
    found = file.get("hashes")
    for algorithm, digest in found.items() if isinstance(found, Mapping) else ():
        if isinstance(digest, str):
            yield f"{algorithm}:{digest}"


def file_name(file: Table) -> str:
    """Return the name of a file: what its entry says, else the end of its path, else that of its URL."""
    name = text(file, "name") or re.split(r"[/\\]", text(file, "path"))[-1]
    if name:
        return name
    name = re.split(r"[?#]", text(file, "url"))[0].rpartition("/")[2]
    if "%" not in name:
        return name
    from urllib.parse import unquote

    return unquote(name)


def is_placed(source: Table) -> bool:
    """Tell whether a file or repository says where it is."""
    return bool(text(source, "url") or text(source, "path"))
