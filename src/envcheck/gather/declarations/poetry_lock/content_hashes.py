"""The content hash of a pyproject.toml, as each generation of Poetry computes it (``Locker._get_content_hash``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from envcheck.gather.documents.toml_tables import Document

_PROJECT = ("requires-python", "dependencies", "optional-dependencies")
_POETRY = ("dependencies", "source", "extras", "dev-dependencies")
_SINCE_1_2 = ("group",)


def content_hashes(document: Document, *, before_2: bool, before_2_3: bool) -> Iterator[str]:
    """Yield the hashes that prove a lock fresh: that of Poetry 2.3, and those of older ones if they may be its writer.

    Poetry 2.3 began to look at ``[dependency-groups]``, Poetry 2 at ``[project]``. Nothing is yielded for tables that
    JSON cannot hold (dates).
    """
    yield from _hash(document, with_project=True, with_groups=True)
    if before_2_3:
        yield from _hash(document, with_project=True, with_groups=False)
    if before_2:
        yield from _hash(document, with_project=False, with_groups=False)


def _hash(document: Document, *, with_project: bool, with_groups: bool) -> Iterator[str]:
    import hashlib
    import json

    project = document.table("project") if with_project else {}
    groups = document.table("dependency-groups") if with_groups else {}
    given = {key: project[key] for key in _PROJECT if key in project}
    poetry = _poetry(document.table("tool", "poetry"), complete=not given and not groups)
    relevant: dict[str, object] = {"project": given} if given else {}
    if groups:
        relevant["dependency-groups"] = groups
    if relevant:
        relevant["tool"] = {"poetry": poetry}
    try:
        text = json.dumps(relevant or poetry, sort_keys=True)
    except (TypeError, ValueError, RecursionError):
        return
    yield hashlib.sha256(text.encode()).hexdigest()


def _poetry(table: Mapping[str, object], *, complete: bool) -> dict[str, object]:
    """Return the relevant tables of ``[tool.poetry]``, ``None`` for those that older Poetries always wrote down."""
    found = {key: table.get(key) for key in _POETRY if complete or key in table}
    found.update((key, table[key]) for key in _SINCE_1_2 if key in table)
    return found
