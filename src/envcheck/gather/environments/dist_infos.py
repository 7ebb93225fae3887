"""``.dist-info`` folders: one installed distribution each."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from envcheck.gather.environments.direct_urls import parse_direct_url
from envcheck.gather.environments.editables import owned_by_path_files, owned_by_reference
from envcheck.gather.environments.files import is_absent, read_text, read_whole, reason
from envcheck.gather.environments.identities import complaints_of, identify, place_of
from envcheck.gather.environments.installed import CondaOwner, Installed, Ownership
from envcheck.gather.environments.metadata_files import read_headers
from envcheck.gather.environments.metadata_folders import split_folder
from envcheck.gather.environments.metadata_headers import Headers
from envcheck.gather.environments.path_files import PathFile
from envcheck.gather.environments.records import corruption, top_modules
from envcheck.model.environment import Distribution
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.requirements import DirectReference

_GROUP = re.compile(r"^[ \t]*\[([^\]\n]*)\]", re.MULTILINE)
_SCRIPTS = frozenset({"console_scripts", "gui_scripts"})
_NO_HEADERS = Headers()
_BY_PIP = ("direct_url.json", "REQUESTED")


def read_dist_info(
    site: str, folder: str, conda: CondaOwner | None = None, path_files: Sequence[PathFile] = ()
) -> Installed:
    """Return the distribution of a ``.dist-info`` folder; whatever is broken in it becomes a problem.

    ``conda`` is the conda package whose record lists the folder, ``path_files`` are those of the site folder.
    """
    path = f"{site}/{folder}"
    said = split_folder(folder)
    complaints: list[str] = []
    headers = read_headers(f"{path}/METADATA", complaints)
    identity = identify(said, headers, "METADATA", complaints)
    headers = headers or _NO_HEADERS
    installer = read_text(f"{path}/INSTALLER").strip()
    if conda and installer != "conda" and _is_replaced(path, conda):
        conda = None
    by_conda = conda is not None or installer == "conda"
    record = _record(path, complaints, needed=bool(installer) and not by_conda)
    # conda's builds leave a direct_url.json behind that names folders of the builder's machine.
    direct = None if by_conda else _direct(path, complaints)
    distribution = Distribution(
        name=normalize(identity.name),
        shown_name=identity.name,
        version=identity.version,
        place=place_of(path),
        requires=headers.requires,
        requires_python=headers.requires_python,
        provides_extras=headers.extras,
        direct=direct,
        installer=installer,
        site=site,
        conda=conda.name if conda else "",
        plugin=registers_plugins(path),
    )
    problems = complaints_of(path, said, complaints)
    if not identity.name:
        return Installed(None, problems=problems)
    listing = record or (conda.listing() if conda else b"")
    return Installed(distribution, tuple(_owned(path, distribution, listing, path_files)), problems)


def registers_plugins(folder: str) -> bool:
    """Tell whether the ``entry_points.txt`` of a metadata folder has groups beside those of scripts."""
    text = read_text(f"{folder}/entry_points.txt")
    return any(group.strip() not in _SCRIPTS for group in _GROUP.findall(text))


def named_tops(folder: str, site: str, name: NormalizedName) -> frozenset[str]:
    """Return the top-level modules that no list of files tells: ``top_level.txt``, else a module of the same name."""
    words = read_text(f"{folder}/top_level.txt").split()
    if words:
        return frozenset(word for word in words if word.isidentifier())
    module = name.replace("-", "_")
    there = module and any(os.path.exists(f"{site}/{module}{suffix}") for suffix in ("", ".py"))
    return frozenset({module} if there else ())


def _is_replaced(path: str, conda: CondaOwner) -> bool:
    """Tell whether pip has put the same version in the place of conda's: it leaves files that no record lists."""
    folder = path.rpartition("/")[2]
    return any(os.path.exists(f"{path}/{name}") and not conda.lists(f"{folder}/{name}") for name in _BY_PIP)


def _record(path: str, complaints: list[str], *, needed: bool) -> bytes:
    try:
        record = read_whole(f"{path}/RECORD")
    except OSError as error:
        if not is_absent(error):
            complaints.append(f"RECORD cannot be read ({reason(error)})")
        elif needed:
            complaints.append("RECORD is missing, so no tool can uninstall it")
        return b""
    wrong = corruption(record)
    if wrong:
        complaints.append(f"RECORD is corrupt: {wrong}")
    return record.replace(b"\\", b"/")


def _direct(path: str, complaints: list[str]) -> DirectReference | None:
    try:
        return parse_direct_url(read_whole(f"{path}/direct_url.json"))
    except OSError as error:
        if not is_absent(error):
            complaints.append(f"direct_url.json cannot be read ({reason(error)})")
    except ValueError as error:
        complaints.append(f"direct_url.json is corrupt: {error}")
    return None


def _owned(path: str, distribution: Distribution, listing: bytes, path_files: Sequence[PathFile]) -> list[Ownership]:
    name, site = distribution.name, distribution.site
    tops = named_tops(path, site, name) if not listing or listing.isspace() else top_modules(listing)
    owned = [Ownership(name, tops, listing), *owned_by_path_files(name, site, listing, path_files)]
    if distribution.direct and distribution.direct.editable and not any(each.tops for each in owned):
        owned.append(owned_by_reference(name, distribution.direct))
    return owned
