"""Which files a run looks at, and where the project begins."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from envcheck.gather.declarations.catalogue import dialect_for
from envcheck.gather.sources.catalogue import reader_for
from envcheck.model.errors import UserError
from envcheck.model.globs import IgnoreFile, is_ignored, parse_ignore_file
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind
from envcheck.model.scopes import ProjectFiles

_REPOSITORY_MARKS = (".git", ".hg", ".svn")
_ENVIRONMENT_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})
_NEVER = frozenset(
    {
        *_REPOSITORY_MARKS,
        *("__pycache__", ".ipynb_checkpoints", "node_modules", "site-packages", "dist-packages", "__pypackages__"),
        *(".tox", ".nox", ".pixi", ".eggs", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"),
    }
)
_MODULE_ENDINGS = (".py", ".so", ".pyd")
# Folders whose declarations speak for the folder that holds them (repo2docker, pip-tools habits).
GOVERN_PARENT = ("binder", ".binder", "requirements")


class Project(Struct, frozen=True):
    """The files of a run: paths are POSIX and relative to ``root``, which is absolute.

    ``asked`` are the paths that the user named (empty for the root). ``sources`` and ``declarations`` are sorted;
    ``files`` are all modules of the project, asked for or not.
    """

    root: str
    asked: tuple[str, ...] = ("",)
    sources: tuple[str, ...] = ()
    declarations: tuple[str, ...] = ()
    files: ProjectFiles = field(default_factory=ProjectFiles)
    problems: tuple[Problem, ...] = ()


class _Found(Struct):
    """What a walk has met so far."""

    sources: set[str] = field(default_factory=set)
    declarations: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def find_root(paths: Sequence[str]) -> str:
    """Return the absolute folder where the project of some absolute paths begins.

    The repository that holds them; without one, the nearest folder upwards that declares something; else the common
    folder itself.
    """
    common = os.path.commonpath([p if os.path.isdir(p) else os.path.dirname(p) for p in paths])
    home = os.path.expanduser("~")
    folders = [common, *_parents(common)]
    repository = next((f for f in folders if any(os.path.exists(os.path.join(f, m)) for m in _REPOSITORY_MARKS)), None)
    if repository and (repository != home or common == home):
        return repository
    candidates = (f for f in folders if f == common or f not in (home, os.path.dirname(f)))
    return next((f for f in candidates if _declares(f)), common)


def discover(paths: Sequence[str], *, root: str, exclude: Sequence[str] = ()) -> Project:
    """Return the files below absolute ``paths`` that some reader claims, with the declarations above them.

    Raises ``UserError`` for a path that does not exist.
    """
    found = _Found()
    walk = _Walk(root, parse_ignore_file("\n".join(exclude), ""), found)
    for path in paths:
        if not os.path.lexists(path):
            raise UserError(f"there is no {path}", "give the path of a notebook, a script or a folder")
    wanted = [_relative(path, root) for path in paths]
    walk.folder("")
    named = [path for path in wanted if not os.path.isdir(os.path.join(root, path))]
    sources = {path for path in found.sources if any(is_below(path, base) for base in wanted)}
    declarations = {path for path in found.declarations if _may_govern(path, wanted)}
    return Project(
        root,
        tuple(wanted),
        tuple(sorted(sources.union(path for path in named if reader_for(path)))),
        tuple(sorted(declarations.union(path for path in named if dialect_for(path)))),
        ProjectFiles(frozenset(found.modules), frozenset(_folders(found.modules))),
        tuple(p for p in sorted(found.problems, key=_place) if any(is_below(p.place.path, base) for base in wanted)),
    )


class _Walk:
    """One walk through a project, in sorted order; links to folders are not followed, so no loop is entered."""

    def __init__(self, root: str, exclude: IgnoreFile, found: _Found) -> None:
        self._root = root
        self._exclude = exclude
        self._found = found

    def folder(self, start: str) -> None:
        pending: list[tuple[str, tuple[IgnoreFile, ...]]] = [(start, ())]
        while pending:
            path, ignores = pending.pop()
            entries = self._entries(path)
            if path and any(entry.name in _ENVIRONMENT_MARKS for entry in entries):
                continue
            ignores = self._with_own_ignores(path, entries, ignores)
            for entry in reversed(entries):  # the last pushed is visited first
                inner = f"{path}/{entry.name}" if path else entry.name
                if entry.is_dir(follow_symlinks=False):
                    if self._enters(entry.name, inner, ignores):
                        pending.append((inner, ignores))
                else:
                    self._meet(entry, inner, ignores)

    def _entries(self, path: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(os.path.join(self._root, path)) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            reason = error.strerror or str(error)
            self._problem(path or ".", f"the folder cannot be listed: {reason.lower()}", "check its permissions")
            return []

    def _with_own_ignores(
        self, path: str, entries: list[os.DirEntry[str]], outer: tuple[IgnoreFile, ...]
    ) -> tuple[IgnoreFile, ...]:
        if not any(entry.name == ".gitignore" and entry.is_file() for entry in entries):
            return outer
        try:
            with open(os.path.join(self._root, path, ".gitignore"), encoding="utf-8", errors="replace") as file:
                return (parse_ignore_file(file.read(1_000_000), path), *outer)
        except OSError:
            return outer

    def _enters(self, name: str, path: str, ignores: tuple[IgnoreFile, ...]) -> bool:
        if name in _NEVER or name.endswith(".egg-info"):
            return False
        return not is_ignored(path, (self._exclude, *ignores), is_folder=True)

    def _meet(self, entry: os.DirEntry[str], path: str, ignores: tuple[IgnoreFile, ...]) -> None:
        if entry.name.endswith(_MODULE_ENDINGS):
            self._found.modules.add(path)
        is_source, is_declaration = reader_for(path) is not None, dialect_for(path) is not None
        if not (is_source or is_declaration):
            return
        if is_ignored(path, (self._exclude, *ignores), is_folder=False):
            return
        try:
            is_file, is_folder = entry.is_file(), entry.is_dir()
        except OSError:  # a link that leads to itself
            is_file = is_folder = False
        if is_file:
            if is_source:
                self._found.sources.add(path)
            if is_declaration:
                self._found.declarations.add(path)
        elif not is_folder:
            what = "a broken link" if entry.is_symlink() else "not a regular file"
            self._problem(path, f"{what}: left unread", "replace or remove it")

    def _problem(self, path: str, message: str, remedy: str) -> None:
        self._found.problems.append(Problem(ProblemKind.UNREADABLE_FILE, Place(path), message, remedy))


def _place(problem: Problem) -> Place:
    return problem.place


def _declares(folder: str) -> bool:
    try:
        return any(dialect_for(name) for name in os.listdir(folder))
    except OSError:
        return False


def _parents(folder: str) -> Iterator[str]:
    parent = os.path.dirname(folder)
    while parent != folder:
        yield parent
        folder, parent = parent, os.path.dirname(parent)


def _relative(path: str, root: str) -> str:
    relative = os.path.relpath(path, root).replace(os.sep, "/")
    return "" if relative == "." else relative


def is_below(path: str, base: str) -> bool:
    """Tell whether a path is ``base`` or lies in it; an empty ``base`` is the root."""
    return not base or path == base or path.startswith(base + "/")


def _may_govern(path: str, wanted: Sequence[str]) -> bool:
    """Tell whether a declaration stands in what was asked for, or in a folder upwards of it."""
    folder = posixpath.dirname(path)
    if posixpath.basename(folder) in GOVERN_PARENT:
        folder = posixpath.dirname(folder)
    return any(is_below(path, base) or is_below(base, folder) for base in wanted)


def _folders(modules: set[str]) -> Iterator[str]:
    for path in modules:
        folder = posixpath.dirname(path)
        while folder:
            yield folder
            folder = posixpath.dirname(folder)
