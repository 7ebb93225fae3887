"""Snapshots in the shape of a pylock.toml (PEP 751): its keys where it has one, ``tool.envcheck`` for the rest.

An installed environment keeps no hashes of what came from an index, so no installer takes such a file for a lock.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from envcheck.gather.documents.lock_texts import tables_in, text_in
from envcheck.gather.documents.snapshot_form import Installed, Origin, Snapshot
from envcheck.model.names import normalize
from envcheck.model.stamps import LOCAL

Table = Mapping[str, object]
_LOCK_VERSION = "1.0"


def to_pylock(snapshot: Snapshot) -> dict[str, object]:
    """Return the tables of a snapshot."""
    rest = msgspec.to_builtins(snapshot)
    del rest["distributions"]
    rest["duplicates"] = list(rest["duplicates"])
    rest["conda"] = list(rest["conda"])
    return {
        "lock-version": _LOCK_VERSION,
        "created-by": "envcheck",
        "packages": [_package(each) for each in snapshot.distributions],
        "tool": {"envcheck": rest},
    }


def from_pylock(tables: Table) -> dict[str, object] | None:
    """Return the snapshot in these tables as the object that its JSON is; nothing where there is none."""
    own = _table(_table(tables, "tool"), "envcheck")
    if "format" not in own:
        return None
    return {**own, "distributions": [_distribution(table) for table in tables_in(tables, "packages")]}


def _package(installed: Installed) -> dict[str, object]:
    rest = msgspec.to_builtins(installed)
    name, version = rest.pop("name"), rest.pop("version", "")
    found: dict[str, object] = {"name": str(normalize(name))}
    if name != found["name"]:
        rest["name"] = name
    if version:
        found["version"] = version
    if "requires-python" in rest:
        found["requires-python"] = rest.pop("requires-python")
    if installed.source:
        del rest["source"]
        found |= _source(installed.source)
    return found | ({"tool": {"envcheck": rest}} if rest else {})


def _source(origin: Origin) -> dict[str, object]:
    where = {"url": origin.url, "subdirectory": origin.subdirectory}
    if origin.kind == "vcs":
        more = {"requested-revision": origin.revision, "commit-id": origin.commit}
        return {"vcs": _filled({"type": origin.tool or "git", **where, **more})}
    if origin.kind == "path":
        where = {"path": where.pop("url"), **where}
    if origin.kind == "url" or origin.hashes:
        hashes = dict(text.split(":", 1) for text in origin.hashes if ":" in text)
        return {"archive": {**_filled(where), **({"hashes": hashes} if hashes else {})}}
    return {"directory": {**_filled(where), **({"editable": True} if origin.editable else {})}}


def _distribution(table: Table) -> dict[str, object]:
    own = _table(_table(table, "tool"), "envcheck")
    found = {"name": table.get("name", ""), "version": table.get("version", ""), **own}
    if "requires-python" in table:
        found["requires-python"] = table["requires-python"]
    source = _origin(table)
    return found if source is None else {**found, "source": source}


def _origin(table: Table) -> dict[str, object] | None:
    if "vcs" in table:
        vcs = _table(table, "vcs")
        texts = {"revision": text_in(vcs, "requested-revision"), "commit": text_in(vcs, "commit-id")}
        return {"kind": "vcs", "tool": text_in(vcs, "type"), **texts, **_where(vcs)}
    if "archive" in table:
        archive = _table(table, "archive")
        hashes = [f"{name}:{value}" for name, value in sorted(_table(archive, "hashes").items())]
        return {"kind": "path" if "path" in archive else "url", "hashes": hashes, **_where(archive)}
    if "directory" in table:
        folder = _table(table, "directory")
        return {"kind": "path", "editable": folder.get("editable", False), **_where(folder)}
    return None


def _where(table: Table) -> dict[str, str]:
    return {"url": text_in(table, "url") or LOCAL, "subdirectory": text_in(table, "subdirectory")}


def _table(table: Table, key: str) -> Table:
    found = table.get(key)
    return found if isinstance(found, Mapping) else {}


def _filled(texts: Mapping[str, str]) -> dict[str, object]:
    return {key: text for key, text in texts.items() if text}
