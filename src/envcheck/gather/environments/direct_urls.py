"""direct_url.json (PEP 610): where a distribution came from when it did not come from an index."""

from __future__ import annotations

from envcheck.model.requirements import DirectKind, DirectReference


def parse_direct_url(text: bytes) -> DirectReference:
    """Return what the file says; raises ``ValueError`` when it is not of the format."""
    import json

    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(found, dict) or not _text(found, "url"):
        raise ValueError("it names no url")
    url, subdirectory = _text(found, "url"), _text(found, "subdirectory")
    vcs, archive, folder = (_table(found, key) for key in ("vcs_info", "archive_info", "dir_info"))
    if vcs is not None:
        revision, commit = _text(vcs, "requested_revision"), _text(vcs, "commit_id")
        tool = _text(vcs, "vcs")
        return DirectReference(DirectKind.VCS, url, revision, commit, subdirectory=subdirectory, tool=tool)
    if archive is not None:
        return DirectReference(DirectKind.URL, url, subdirectory=subdirectory, hashes=_hashes(archive))
    editable = folder is not None and folder.get("editable") is True
    return DirectReference(DirectKind.PATH, url, editable=editable, subdirectory=subdirectory)


def _table(found: dict[str, object], key: str) -> dict[str, object] | None:
    value = found.get(key)
    return value if isinstance(value, dict) else None


def _text(found: dict[str, object], key: str) -> str:
    value = found.get(key)
    return value if isinstance(value, str) else ""


def _hashes(archive: dict[str, object]) -> tuple[str, ...]:
    """Both spellings: ``hashes`` (a table) and the older ``hash`` (``sha256=…``), which the table repeats."""
    table = _table(archive, "hashes")
    if table:
        return tuple(f"{name}:{value}" for name, value in sorted(table.items()) if isinstance(value, str))
    name, _, value = _text(archive, "hash").partition("=")
    return (f"{name}:{value}",) if value else ()
