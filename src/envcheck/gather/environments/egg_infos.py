"""What was installed before there were wheels: ``.egg-info`` folders and files, ``.egg-link``, ``.egg``."""

from __future__ import annotations

import os
from collections.abc import Container
from typing import TYPE_CHECKING

from msgspec.structs import replace

from envcheck.gather.environments.dist_infos import named_tops, registers_plugins
from envcheck.gather.environments.editables import owned_by_folder
from envcheck.gather.environments.files import MEGABYTE, names_in, read_text, read_whole
from envcheck.gather.environments.identities import broken, complaints_of, identify, place_of
from envcheck.gather.environments.installed import CondaOwner, Installed, Ownership
from envcheck.gather.environments.metadata_files import read_headers
from envcheck.gather.environments.metadata_folders import split_folder
from envcheck.gather.environments.metadata_headers import Headers, parse_headers
from envcheck.gather.environments.records import top_modules
from envcheck.gather.environments.requires_texts import from_requires_txt
from envcheck.model.environment import Distribution
from envcheck.model.names import normalize
from envcheck.model.requirements import DirectKind, DirectReference

if TYPE_CHECKING:
    from zipfile import ZipFile

_NO_HEADERS = Headers()


def read_egg_info(site: str, folder: str, conda: CondaOwner | None = None) -> Installed:
    """Return the distribution of an ``.egg-info`` folder or file; whatever is broken in it becomes a problem."""
    path = f"{site}/{folder}"
    complaints: list[str] = []
    headers = read_headers(f"{path}/PKG-INFO" if os.path.isdir(path) else path, complaints)
    found = _installed(site, folder, headers, complaints)
    if found.distribution is None:
        return found
    name = found.distribution.name
    listing = _installed_files(path) or (conda.listing() if conda else b"")
    tops = top_modules(listing) or named_tops(path, site, name)
    plugin = registers_plugins(path)
    requires = headers.requires if headers and headers.requires else _requires(path)
    distribution = replace(found.distribution, conda=conda.name if conda else "", plugin=plugin, requires=requires)
    return replace(found, distribution=distribution, ownerships=(Ownership(name, tops, listing),))


def read_egg_link(site: str, link: str) -> Installed:
    """Return the distribution that an ``.egg-link`` file points to (``setup.py develop``): editable, from a folder."""
    from envcheck.gather.environments.finders import link_target

    path = f"{site}/{link}"
    folder = os.path.normpath(os.path.join(site, link_target(read_text(path))))
    # The link has the project's name, the egg-info folder that of its file system: they differ in dashes.
    wanted = normalize(link.removesuffix(".egg-link"))
    try:
        names = [name for name in names_in(folder) if name.endswith(".egg-info")]
    except OSError:
        names = []
    name = next((name for name in names if normalize(name.removesuffix(".egg-info")) == wanted), "")
    if not name:
        message = f"{wanted}: its egg-link points to {folder}, where no {wanted}.egg-info is"
        return Installed(None, problems=(broken(path, message, "install it again, or delete the link"),))
    found = read_egg_info(folder, name)
    if found.distribution is None:
        return found
    direct = DirectReference(DirectKind.PATH, "file://" + folder.replace("\\", "/"), editable=True)
    distribution = replace(found.distribution, direct=direct, site=site)
    return replace(found, distribution=distribution, ownerships=(owned_by_folder(distribution.name, folder),))


def read_egg(path: str) -> Installed | None:
    """Return the distribution of an ``.egg`` folder or archive on the path, ``None`` when it is none."""
    site, _, folder = path.replace("\\", "/").rpartition("/")
    if os.path.isdir(path):
        found = read_egg_info(path, "EGG-INFO") if os.path.isdir(f"{path}/EGG-INFO") else None
        if found is None or found.distribution is None:
            return found
        return replace(found, ownerships=(owned_by_folder(found.distribution.name, path),))
    return _read_archive(site, folder) if os.path.isfile(path) else None


def _read_archive(site: str, name: str) -> Installed:
    from zipfile import BadZipFile, ZipFile
    from zlib import error as zlib_error

    try:
        with ZipFile(f"{site}/{name}") as archive:
            members = archive.namelist()
            metadata, wanted = (_member(archive, members, each) for each in ("PKG-INFO", "requires.txt"))
    except (OSError, BadZipFile, ValueError, RuntimeError, EOFError, zlib_error) as error:
        return Installed(None, problems=(broken(f"{site}/{name}", f"{name}: {error}", "reinstall it"),))
    headers = parse_headers(metadata)
    found = _installed(site, name, headers, [])
    if found.distribution is None:
        return found
    requires = headers.requires or tuple(from_requires_txt(wanted.decode("utf-8", "replace")))
    listing = "\n".join(members).encode("utf-8", "replace")
    owned = Ownership(found.distribution.name, top_modules(listing), listing)
    return replace(found, distribution=replace(found.distribution, requires=requires), ownerships=(owned,))


def _member(archive: ZipFile, members: Container[str], name: str) -> bytes:
    if f"EGG-INFO/{name}" not in members:
        return b""
    with archive.open(f"EGG-INFO/{name}") as file:
        return file.read(MEGABYTE)


def _installed(site: str, folder: str, headers: Headers | None, complaints: list[str]) -> Installed:
    path = f"{site}/{folder}"
    said = split_folder(folder if folder != "EGG-INFO" else site.replace("\\", "/").rpartition("/")[2])
    identity = identify(said, headers, "PKG-INFO", complaints)
    headers = headers or _NO_HEADERS
    distribution = Distribution(
        name=normalize(identity.name),
        shown_name=identity.name,
        version=identity.version,
        place=place_of(path),
        requires=headers.requires,
        requires_python=headers.requires_python,
        provides_extras=headers.extras,
        site=site,
    )
    return Installed(distribution if identity.name else None, problems=complaints_of(path, said, complaints))


def _requires(path: str) -> tuple[str, ...]:
    return tuple(from_requires_txt(read_text(f"{path}/requires.txt")))


def _installed_files(path: str) -> bytes:
    """``installed-files.txt`` is relative to the egg-info folder: ``../package/module.py``."""
    try:
        lines = read_whole(f"{path}/installed-files.txt").replace(b"\\", b"/").split(b"\n")
    except OSError:
        return b""
    return b"\n".join(line.removeprefix(b"../") for line in lines if line.startswith(b"../"))
