"""What the standard forbids in an entry, so that every installer refuses the lock (as packaging.pylock does)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from envcheck.gather.declarations.pylock.tables import DIRECT, Table, entries, file_name, files, hashes, is_placed, text
from envcheck.model.constraints import pep440
from envcheck.model.markers import is_marker
from envcheck.model.names import normalize
from envcheck.model.versions import parse_version, same_version

_TYPES = (("version", str), ("marker", str), ("requires-python", str), ("index", str), ("wheels", list))
_SDISTS = (".tar.gz", ".zip")


def is_specifier(text: str) -> bool:
    """Tell whether a text is a PEP 440 specifier."""
    try:
        pep440(text)
    except ValueError:
        return False
    return True


def faults_of(table: Table) -> Iterator[str]:
    """Yield in a few words what is wrong with an entry that has a name."""
    name = text(table, "name")
    if normalize(name) != name:
        yield f"the name is not in its normal form, {normalize(name)}"
    for key, kind in _TYPES:
        if key in table and not isinstance(table[key], kind):
            yield f"{key} is no {'list' if kind is list else 'text'}"
    version, marker, python = text(table, "version"), text(table, "marker"), text(table, "requires-python")
    if version and parse_version(version) is None:
        yield f"{version} is no version"
    if marker and not is_marker(marker):
        yield f"{marker} is no marker"
    if python and not is_specifier(python):
        yield f"{python} is no specifier"
    yield from _choice_of_source(table)
    yield from _direct_source(table)
    yield from _files(table)


def _choice_of_source(table: Table) -> Iterator[str]:
    direct = [key for key in DIRECT if table.get(key)]
    archives = [key for key in ("sdist", "wheels") if table.get(key)]
    if (direct and archives) or len(direct) > 1:
        yield f"{' and '.join([*direct, *archives])} exclude each other"
    elif not direct and not archives:
        yield "nothing says where it comes from (wheels, sdist, archive, vcs or directory)"


def _direct_source(table: Table) -> Iterator[str]:
    repository, folder = table.get("vcs"), table.get("directory")
    if isinstance(repository, Mapping) and not (
        is_placed(repository) and text(repository, "type") and text(repository, "commit-id")
    ):
        yield "vcs needs type, url or path, and commit-id"
    if isinstance(folder, Mapping) and not text(folder, "path"):
        yield "directory needs a path"


def _files(table: Table) -> Iterator[str]:
    found = tuple(files(table))
    if not all(map(is_placed, found)):
        yield "a file without url or path"
    elif not all(any(hashes(file)) for file in found):
        yield "a file without hashes"
    sdist = table.get("sdist")
    for file in entries(table, "wheels"):
        if isinstance(file, Mapping) and not _is_wheel_of(table, file_name(file)):
            yield f"{file_name(file) or 'a file without name'} is no wheel of it"
    if isinstance(sdist, Mapping) and not _is_sdist_of(table, file_name(sdist)):
        yield f"{file_name(sdist) or 'a file without name'} is no source archive of it"


def _is_wheel_of(table: Table, file: str) -> bool:
    parts = file.removesuffix(".whl").split("-")
    return file.endswith(".whl") and len(parts) in (5, 6) and _is_named(table, parts[0], parts[1])


def _is_sdist_of(table: Table, file: str) -> bool:
    ending = next((ending for ending in _SDISTS if file.endswith(ending)), "")
    name, _, version = file.removesuffix(ending).rpartition("-")
    return bool(ending and name) and _is_named(table, name, version)


def _is_named(table: Table, name: str, version: str) -> bool:
    """Tell whether a file speaks of the name and version of its entry."""
    wanted = text(table, "version")
    return (
        normalize(name) == normalize(text(table, "name"))
        and parse_version(version) is not None
        and (not wanted or version == wanted or same_version(version, wanted))
    )
