"""``conda-meta/*.json``: one record for each installed conda package (CEP 32).

Records are large (every file with its hash), so they are decoded by type and the hashes skipped; a record that does
not fit the type is decoded leniently.
"""

from __future__ import annotations

import json

import msgspec

_SUFFIXES = (b".dist-info", b".egg-info")


class CondaRecord(msgspec.Struct, frozen=True):
    """A conda package as its record describes it; ``files`` is the JSON text of its list of files, POSIX paths.

    ``metadata`` are the metadata folders among them, each with its site folder: of the Python distributions it holds.
    """

    name: str
    version: str
    build: str
    channel: str
    subdir: str
    url: str
    md5: str
    sha256: str
    depends: tuple[str, ...]
    requested: bool
    site: str
    files: bytes
    metadata: tuple[tuple[str, str], ...]


class _Typed(msgspec.Struct):
    name: str
    version: str
    build: str = ""
    channel: str = ""
    subdir: str = ""
    url: str = ""
    md5: str = ""
    sha256: str = ""
    depends: list[str] = []
    requested_spec: str | None = None
    requested_specs: list[str] = []
    python_site_packages_path: str | None = None
    files: msgspec.Raw = msgspec.Raw(b"[]")


_TEXTS = frozenset(_Typed.__struct_fields__) - {"depends", "requested_specs", "files"}
_DECODER = msgspec.json.Decoder(_Typed)


def parse_record(text: bytes) -> CondaRecord:
    """Return a record; raises ``ValueError`` when it is not JSON or lacks name or version."""
    try:
        typed = _DECODER.decode(text)
    except msgspec.ValidationError:
        typed = _lenient(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    files = bytes(typed.files)
    if b"\\" in files:
        files = _unescaped(files)
    return CondaRecord(
        name=typed.name.lower(),
        version=typed.version,
        build=typed.build,
        channel=typed.channel,
        subdir=typed.subdir,
        url=typed.url,
        md5=typed.md5,
        sha256=typed.sha256,
        depends=tuple(typed.depends),
        requested=bool(typed.requested_specs) or typed.requested_spec not in (None, "", "None"),
        site=typed.python_site_packages_path or "",
        files=files,
        metadata=tuple(_metadata_folders(files)),
    )


def _metadata_folders(files: bytes) -> dict[tuple[str, str], None]:
    found: dict[tuple[str, str], None] = {}
    for suffix in _SUFFIXES:
        place = files.find(suffix)
        while place >= 0:
            end = place + len(suffix)
            site, _, folder = files[files.rfind(b'"', 0, place) + 1 : end].rpartition(b"/")
            if site.endswith(b"site-packages") and files[end : end + 1] in (b"/", b'"'):
                found[site.decode("utf-8", "replace"), folder.decode("utf-8", "replace")] = None
            place = files.find(suffix, end)
    return found


def _lenient(text: bytes) -> _Typed:
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(found, dict) or not all(isinstance(found.get(key), str) for key in ("name", "version")):
        raise ValueError("it has no name or no version")
    texts = {key: value for key, value in found.items() if key in _TEXTS and isinstance(value, str)}
    files = msgspec.Raw(msgspec.json.encode(_strings(found.get("files"))))
    lists = {key: _strings(found.get(key)) for key in ("depends", "requested_specs")}
    return msgspec.convert({**texts, **lists, "files": files}, _Typed)


def _strings(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _unescaped(files: bytes) -> bytes:
    """Write the list of files again with nothing escaped and POSIX separators."""
    paths = (path.replace("\\", "/") for path in _strings(json.loads(files)) if '"' not in path and "\n" not in path)
    return b"[" + b",".join(b'"' + path.encode("utf-8", "replace") + b'"' for path in paths) + b"]"
