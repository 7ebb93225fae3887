"""Local modules, found as Python itself would find them from where the source stands."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from msgspec import Struct

from envcheck.model.scopes import ProjectFiles
from envcheck.model.usage import Import, Source, SourceKind


class LocalModule(Struct, frozen=True):
    """A module of the project: its file or folder, and how strongly it counts.

    ``beside`` is true when it stands in the source's own folder, which precedes even the standard library;
    ``regular`` is false for a folder without ``__init__.py``, which never beats anything that is installed or declared;
    ``proven`` is true when the folder also holds what is imported from it.
    """

    path: str
    beside: bool = False
    regular: bool = False
    proven: bool = False


class LocalModules:
    """The modules that the sources of one project can import from it."""

    def __init__(self, files: ProjectFiles, roots: tuple[str, ...]) -> None:
        """Prepare to look in the files of a project whose import roots (scope root, ``src`` …) are ``roots``."""
        self._files = files
        self._roots = roots
        self._folders: dict[tuple[object, ...], tuple[str, ...]] = {}
        # Nearly every import is of nothing in the project: one look must settle that.
        self._names = {_module_name(path) for path in (*files.modules, *files.folders)}

    def find(self, source: Source, imported: Import) -> LocalModule | None:
        """Return the project's module that an import of a source means, the strongest first, or ``None``."""
        if imported.top not in self._names:
            return None
        namespace = None
        own = _folder_of(source)
        for folder in self._search_folders(source):
            path = self._regular(folder, imported.top)
            if path:
                return LocalModule(path, beside=folder == own, regular=True, proven=True)
            namespace = namespace or self._namespace(folder, imported)
        return namespace

    def elsewhere(self, top: str) -> str:
        """Return a project file that a module of this name would be, wherever it stands, or empty."""
        if top not in self._names:
            return ""
        endings = (f"/{top}.py", f"/{top}/__init__.py")
        found = (path for path in self._files.modules if f"/{path}".endswith(endings))
        return min(found, default="")

    def _regular(self, folder: str, top: str) -> str:
        base = posixpath.join(folder, top) if folder != "." else top
        modules = self._files.modules
        for candidate in (f"{base}/__init__.py", f"{base}.py"):
            if candidate in modules:
                return candidate
        return ""

    def _namespace(self, folder: str, imported: Import) -> LocalModule | None:
        """Return a folder that may be a namespace package, unless it lacks what is imported from it."""
        base = _joined(folder, imported.top)
        if base not in self._files.folders:
            return None
        rest = imported.module.partition(".")[2]
        wanted = [rest.partition(".")[0]] if rest else list(imported.names)
        if wanted and not any(self._holds(base, name) for name in wanted):
            return None
        return LocalModule(base, proven=bool(wanted))

    def _holds(self, folder: str, name: str) -> bool:
        return f"{folder}/{name}.py" in self._files.modules or f"{folder}/{name}" in self._files.folders

    def _search_folders(self, source: Source) -> tuple[str, ...]:
        asked = (source.path, source.kind, source.search_paths)
        if asked not in self._folders:
            self._folders[asked] = tuple(dict.fromkeys(self._candidates(source)))
        return self._folders[asked]

    def _candidates(self, source: Source) -> Iterator[str]:
        own = _folder_of(source)
        yield own
        for addition in source.search_paths:
            yield _joined(own, addition)
        if source.kind is SourceKind.SCRIPT:
            yield self._package_root(own)
        yield from self._roots
        for folder in _upwards(own):
            yield folder
            yield _joined(folder, "src")

    def _package_root(self, folder: str) -> str:
        """Return the first folder upwards that is no package: what must be on the path for a module in ``folder``."""
        while folder != "." and f"{folder}/__init__.py" in self._files.modules:
            folder = posixpath.dirname(folder) or "."
        return folder


def _module_name(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]


def _folder_of(source: Source) -> str:
    return posixpath.dirname(source.path) or "."


def _joined(folder: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(folder, name))


def _upwards(folder: str) -> Iterator[str]:
    while folder not in (".", "/", ""):
        folder = posixpath.dirname(folder) or "."
        yield folder
