"""Editable installs: the modules that a distribution has outside its site folder, through its ``.pth`` files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from envcheck.gather.environments.files import read_text
from envcheck.gather.environments.installed import Ownership
from envcheck.gather.environments.path_files import PathFile
from envcheck.gather.environments.source_trees import tops_of
from envcheck.model.names import NormalizedName
from envcheck.model.requirements import DirectReference


def owned_by_folder(owner: NormalizedName, folder: str) -> Ownership:
    """Return the ownership of everything importable in a folder on the path."""
    tops = tops_of(folder)
    return Ownership(owner, tops.modules, folder=folder, namespaces=tops.namespaces)


def owned_by_path_files(
    owner: NormalizedName, site: str, record: bytes, path_files: Iterable[PathFile]
) -> Iterator[Ownership]:
    """Yield what the ``.pth`` files that a RECORD names bring in: source folders, modules of import hooks."""
    for path_file in path_files:
        if not _names(record, path_file.name):
            continue
        for folder in path_file.folders:
            if os.path.isdir(folder) and not os.path.samefile(folder, site):
                yield owned_by_folder(owner, folder)
        for module in path_file.modules:
            if _names(record, f"{module}.py"):
                yield _owned_by_finder(owner, read_text(f"{site}/{module}.py"))


def _names(record: bytes, file: str) -> bool:
    line = file.encode("utf-8", "replace") + b","
    return record.startswith(line) or b"\n" + line in record


def owned_by_reference(owner: NormalizedName, direct: DirectReference) -> Ownership:
    """Return the ownership of the source folder that an editable install's ``file:`` URL names."""
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    folder = url2pathname(urlsplit(direct.url).path)
    below = os.path.join(folder, "src")
    return owned_by_folder(owner, below if os.path.isdir(below) else folder)


def _owned_by_finder(owner: NormalizedName, source: str) -> Ownership:
    from envcheck.gather.environments.finders import mapped_modules

    modules = mapped_modules(source)
    listing = "".join(f"{module.replace('.', '/')}/__init__.py\n" for module in sorted(modules))
    return Ownership(owner, frozenset(module.partition(".")[0] for module in modules), listing.encode())
