"""Whether a lock that pdm wrote is of this very pyproject.toml, by the hash that pdm keeps in ``[tool.pdm]``."""

from __future__ import annotations

from collections.abc import Mapping

from envcheck.gather.documents.text import decode
from envcheck.gather.documents.toml_tables import parse
from envcheck.model.locks import Freshness, State
from envcheck.model.names import normalize
from envcheck.model.readings import RawFile


def compare(recorded: Mapping[str, str], manifests: tuple[RawFile, ...]) -> Freshness:
    """Return what ``pdm lock --check`` says of the hashes by algorithm; of a workspace or without hashes, nothing."""
    project = next((file for file in manifests if file.path.endswith("pyproject.toml")), None)
    wanted = recorded.get("sha256")
    if project is None or wanted is None:
        return Freshness(State.UNKNOWN)
    document = parse(decode(project.data).text)
    if document.fault or "workspace" in document.table("tool", "pdm"):
        return Freshness(State.UNKNOWN)
    try:
        return Freshness(State.FRESH if content_hash(document.tables) == wanted else State.CHANGED)
    except (TypeError, RecursionError):  # dates and the like, which pdm cannot write as JSON either
        return Freshness(State.UNKNOWN)


def content_hash(tables: Mapping[str, object]) -> str:
    """Return the SHA-256 of what pdm locks (pdm 2.29 project_file.py, ``content_hash``)."""
    import json
    from hashlib import sha256

    project, settings = _table(tables, "project"), _table(_table(tables, "tool"), "pdm")
    content = {
        "sources": settings.get("source", []),
        "dependencies": project.get("dependencies", []),
        "dev-dependencies": _groups(tables, settings),
        "optional-dependencies": project.get("optional-dependencies", {}),
        "requires-python": project.get("requires-python", ""),
        "resolution": settings.get("resolution", {}),
    }
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _groups(tables: Mapping[str, object], settings: Mapping[str, object]) -> dict[str, list[object]]:
    groups: dict[str, list[object]] = {}
    for table in (_table(tables, "dependency-groups"), _table(settings, "dev-dependencies")):
        for group, entries in table.items():
            groups.setdefault(normalize(group), []).extend(entries if isinstance(entries, list) else ())
    return groups


def _table(tables: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = tables.get(key)
    return found if isinstance(found, Mapping) else {}
