"""Locks → what they want here: which lock speaks for which folder, and what it selects for an environment."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, field

from envcheck.engine.load import Facts
from envcheck.engine.named import Names
from envcheck.engine.reading.files import read_file
from envcheck.gather.documents.script_block import CLOSING, OPENING
from envcheck.model.declarations import Declaration
from envcheck.model.environment import Environment
from envcheck.model.locks import Freshness, IndexedEntries, Lock, Selection, State, Target
from envcheck.model.names import Ecosystem
from envcheck.model.platforms import markers_of, subdir_of
from envcheck.model.readings import Problem, RawFile
from envcheck.model.scopes import LockFact
from envcheck.model.settings import Settings


class Locks(Struct):
    """The locks of a project; ``folder_of`` tells which folder a declaration of this path governs.

    A lock speaks for its own folder and for those of the files that it is made from: the lock of a workspace stands at
    its root and pins what every member declares.
    """

    root: str
    facts: Facts
    settings: Settings
    folder_of: Callable[[str], str]
    _states: dict[str, Freshness] = field(default_factory=dict)
    _files: dict[str, tuple[RawFile, ...]] = field(default_factory=dict)

    def home_of(self, declaration: Declaration, governed: Mapping[str, object]) -> str:
        """Return the folder that a lock is judged in: its own, or that of what it is made from if only that governs."""
        own = self.folder_of(declaration.path)
        if own in governed:
            return own
        return next((folder for folder in self._folders_of_manifests(declaration) if folder in governed), own)

    def all(self) -> Iterator[Declaration]:
        """Yield every lock of the project."""
        yield from (declaration for declaration in self.facts.declarations.values() if declaration.lock)

    def members(self, declaration: Declaration) -> set[str]:
        """Return the folders whose declarations a lock is made from."""
        return set(self._folders_of_manifests(declaration))

    def fact(self, declaration: Declaration, lock: Lock, environment: Environment | None, *, at_home: bool) -> LockFact:
        """Return what a lock wants in an environment; nothing is wanted of no environment."""
        files = self._manifests(declaration.path, lock)
        target = target_of(environment, self.settings)
        wanted = target if _may_follow(environment, declaration) else None
        selection = self.selection(declaration, lock, wanted) if wanted else Selection()
        declaration, selection = Names(self.root, self.facts, environment).given(declaration, selection)
        return LockFact(
            declaration,
            lock.manager,
            selection,
            self._freshness(declaration.path, lock, files),
            tuple(file.path for file in files),
            at_home,
            lock.knows_needs,
        )

    def selection(self, declaration: Declaration, lock: Lock, target: Target) -> Selection:
        """Return what a lock wants for a target."""
        return lock.select(target, self._manifests(declaration.path, lock))

    def _folders_of_manifests(self, declaration: Declaration) -> Iterator[str]:
        for path in declaration.lock.made_from if declaration.lock else ():
            if path in self.facts.declarations:
                yield self.folder_of(path)

    def _manifests(self, path: str, lock: Lock) -> tuple[RawFile, ...]:
        if path not in self._files:
            inside = (posixpath.normpath(name) for name in lock.made_from)
            read = (self._manifest(name) for name in inside if not name.startswith(("../", "/")))
            self._files[path] = tuple(file for file in read if isinstance(file, RawFile))
        return self._files[path]

    def _manifest(self, path: str) -> RawFile | Problem:
        """Return a file that a lock is made from: of a notebook the block of its cell, as in a script."""
        if not path.endswith(".ipynb"):
            return read_file(self.root, path)
        blocks = (source.block.text for source in self.facts.sources if source.path == path and source.block)
        lines = "".join(f"# {line}\n" for text in blocks for line in text.splitlines())
        return RawFile(path, f"{OPENING}\n{lines}{CLOSING}\n".encode())

    def _freshness(self, path: str, lock: Lock, files: tuple[RawFile, ...]) -> Freshness:
        if path not in self._states:
            self._states[path] = lock.freshness(files) if files else Freshness(State.UNKNOWN)
        return self._states[path]


def _may_follow(environment: Environment | None, declaration: Declaration) -> bool:
    """Tell whether an environment can follow a lock at all: a conda lock only where conda has made it."""
    entries = declaration.requirements
    if environment is None or environment.conda or not entries:
        return True
    first = next(iter(entries.names()))[0] if isinstance(entries, IndexedEntries) else entries[0].ecosystem
    return first is Ecosystem.PYPI


def target_of(environment: Environment | None, settings: Settings) -> Target | None:
    """Return what locks are asked about: the environment, on the platform that was asked for if one was."""
    if environment is None:
        return None
    markers = {**environment.markers, **(markers_of(settings.platform) if settings.platform else {})}
    subdirs = (package.subdir for package in environment.conda if package.subdir not in ("", "noarch"))
    return Target(
        environment.python,
        settings.platform or next(subdirs, "") or subdir_of(environment.markers),
        markers,
        settings.extras,
        (*settings.groups, *_pixi_environment(environment.prefix)),
        settings.default_groups,
    )


def _pixi_environment(prefix: str) -> Iterator[str]:
    """Yield the name of the environment that pixi keeps at a prefix, which is to be compared with what it is to be."""
    folder, _, name = prefix.replace(os.sep, "/").rstrip("/").rpartition("/")
    if folder.endswith("/.pixi/envs") and name != "default":
        yield name
