"""Who a metadata folder says it is: its headers and its own name compared, every disagreement said."""

from __future__ import annotations

from msgspec import Struct

from envcheck.gather.environments.metadata_folders import FolderName, is_name, is_version
from envcheck.gather.environments.metadata_headers import Headers
from envcheck.gather.environments.requires_texts import unparsable
from envcheck.model.names import normalize
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind
from envcheck.model.versions import same_version


class Identity(Struct, frozen=True):
    """The name and version that count; ``name`` is empty when neither headers nor folder have a usable one."""

    name: str
    version: str


def place_of(path: str) -> Place:
    """Return the place of a file or folder of an environment."""
    return Place(path.replace("\\", "/") if path[1:3] == ":\\" else path)


def broken(path: str, message: str, remedy: str) -> Problem:
    """Return the problem of metadata at a path: *who: what*, and the remedy."""
    return Problem(ProblemKind.BROKEN_METADATA, place_of(path), message, remedy)


def complaints_of(path: str, folder: FolderName, complaints: list[str]) -> tuple[Problem, ...]:
    """Return the problems of one distribution."""
    who = f"{folder.name} {folder.version}".strip() or "a distribution without a name"
    return tuple(broken(path, f"{who}: {what}", "reinstall it") for what in complaints)


def identify(folder: FolderName, headers: Headers | None, file_name: str, complaints: list[str]) -> Identity:
    """Return who this is: the headers count, the folder's name helps out; what does not fit becomes a complaint."""
    if headers is None:
        name, version = folder.name, folder.version
    else:
        name = headers.name if is_name(headers.name) else folder.name
        version = headers.version or folder.version
        complaints += _missing(headers, file_name)
        complaints += _disagreements(folder, headers, file_name)
        complaints += [f"Requires-Dist {text!r} is no valid requirement" for text in unparsable(headers.requires)]
    if version and not is_version(version):
        complaints.append(f"{version!r} is no valid version")
    if not is_name(name):
        complaints.append(f"{name!r} is no valid name")
    return Identity(name if is_name(name) else "", version)


def _missing(headers: Headers, file_name: str) -> list[str]:
    absent = [field for field, value in (("Name", headers.name), ("Version", headers.version)) if not value]
    found = [f"{file_name} has no {' and no '.join(absent)}"] if absent else []
    return found if headers.utf8 else [*found, f"{file_name} is not UTF-8"]


def _disagreements(folder: FolderName, headers: Headers, file_name: str) -> list[str]:
    found = []
    if headers.name and not is_name(headers.name):
        found.append(f"{file_name} says {headers.name!r}, which is no valid name")
    elif headers.name and headers.name != folder.name and normalize(headers.name) != normalize(folder.name):
        found.append(f"its folder is named {folder.name}, {file_name} says {headers.name}")
    # Folder names escape the dash as an underscore.
    escaped = folder.version.replace("_", "-")
    comparable = escaped and headers.version != escaped and is_version(headers.version)
    if comparable and not same_version(headers.version, escaped):
        found.append(f"its folder says version {folder.version}, {file_name} says {headers.version}")
    return found
