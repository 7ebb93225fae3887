"""Which file is to be locked, and where its lock goes."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Sequence

from msgspec import Struct

from envcheck.engine.check import Case
from envcheck.engine.discover import GOVERN_PARENT
from envcheck.model.declarations import Declaration
from envcheck.model.errors import UserError

_REQUIREMENTS, _CONDA, _PROJECTS = "requirements_txt", "environment_yml", ("pyproject", "setup_cfg")
_OURS = (_REQUIREMENTS, "conda_lock", "pylock")
# The tools that lock their own manifests, by the dialect of the manifest.
_OWN_COMMANDS = {"pipfile": "pipenv lock", "pixi_toml": "pixi lock"}


class Locking(Struct, frozen=True):
    """A file to lock and where its lock goes, as paths from the root of the project."""

    source: str
    output: str
    is_conda: bool = False

    @property
    def folder(self) -> str:
        """The folder of the file, ``.`` for the root."""
        return posixpath.dirname(self.source) or "."


def choose(case: Case, output: str = "", *, for_lock: bool = True) -> tuple[Locking, ...]:
    """Return what to lock of the paths that were asked for, each with its place; ``output`` is for a single one.

    What is only to be resolved, and not locked, may have a lock of another tool.

    Raises ``UserError`` where nothing can be locked, where another tool's own lock is in charge, and where it is not
    clear what is meant.
    """
    declarations = case.facts.declarations
    chosen = [path for asked in case.project.asked for path in _chosen(case, asked, for_lock=for_lock)]
    if output and len(chosen) > 1:
        raise UserError(f"--output is for one lock, and {' and '.join(chosen)} can be locked", "name one of them")
    lockings = []
    for path in dict.fromkeys(chosen):
        source = _source_of(declarations[path])
        target = output or (path if declarations[path].lock else _usual_output(case, declarations[source]))
        if for_lock:
            _check_output(case, source, target)
        lockings.append(Locking(source, target, declarations[source].dialect == _CONDA))
    return tuple(lockings)


def _chosen(case: Case, asked: str, *, for_lock: bool) -> tuple[str, ...]:
    """Return the declarations that a path means: itself, or those of a folder that are to be locked."""
    known = case.facts.declarations
    if asked in known:
        return (asked,)
    if not os.path.isdir(os.path.join(case.project.root, asked)):
        raise UserError(f"{asked} cannot be locked", "give a requirements file, pyproject.toml or environment.yml")
    here = [known[path] for path in sorted(known) if _belongs(path, asked)]
    if for_lock:
        _refuse_foreign(here)
    for candidates in (_layered(here), _plain(here)):
        kinds = {declaration.dialect == _CONDA for declaration in candidates}
        if len(kinds) > 1 or (candidates and candidates[0].dialect == _CONDA and len(candidates) > 1):
            paths = [declaration.path for declaration in candidates]
            raise UserError(
                f"{' and '.join(paths)} could both be locked", f"name the one to lock: envcheck lock {paths[0]}"
            )
        if candidates:
            return tuple(declaration.path for declaration in candidates)
    raise UserError(
        f"nothing to lock in {asked or '.'}",
        "looked for requirements.in, requirements.txt, [project] in pyproject.toml and environment.yml;"
        " envcheck init writes one",
    )


def _belongs(path: str, folder: str) -> bool:
    parent = posixpath.dirname(path)
    return parent == folder or (posixpath.dirname(parent) == folder and posixpath.basename(parent) in GOVERN_PARENT)


def _layered(here: Sequence[Declaration]) -> list[Declaration]:
    """Return the ``.in`` files, the general one first: the others are often limited by its lock."""
    layers = [d for d in here if d.dialect == _REQUIREMENTS and d.path.endswith(".in")]
    conda = [d for d in here if d.dialect == _CONDA]
    return [*conda, *sorted(layers, key=lambda d: (posixpath.basename(d.path) != "requirements.in", d.path))]


def _plain(here: Sequence[Declaration]) -> list[Declaration]:
    """Return the requirements file of the folder, else its project table."""
    plain = [d for d in here if d.dialect == _REQUIREMENTS and d.governs and not d.lock and d.requirements]
    named = [d for d in plain if posixpath.basename(d.path) == "requirements.txt"] or plain
    return named or [d for d in here if d.dialect in _PROJECTS and d.requirements and d.project]


def _refuse_foreign(here: Sequence[Declaration]) -> None:
    """Raise ``UserError`` where another tool keeps the lock of a folder."""
    for declaration in here:
        if declaration.lock and declaration.dialect not in (*_OURS, "conda_explicit"):
            manager = declaration.lock.manager
            raise UserError(f"{declaration.path} is the lock of {manager.name}", f"run: {manager.renew}")
        if command := _OWN_COMMANDS.get(declaration.dialect):
            raise UserError(f"{declaration.path} is locked by its own tool", f"run: {command}")


def _source_of(declaration: Declaration) -> str:
    """Return the file to lock when a file is named: itself, or what it was compiled from."""
    lock = declaration.lock
    if lock is None:
        if declaration.dialect in (_REQUIREMENTS, _CONDA, *_PROJECTS):
            return declaration.path
        command = _OWN_COMMANDS.get(declaration.dialect)
        hint = f"run: {command}" if command else "give a requirements file, pyproject.toml or environment.yml"
        raise UserError(f"{declaration.path} cannot be locked by envcheck", hint)
    if len(lock.made_from) != 1 or declaration.dialect not in _OURS:
        raise UserError(f"{declaration.path} is a lock of {lock.manager.name}", f"run: {lock.manager.renew}")
    return lock.made_from[0]


def _usual_output(case: Case, source: Declaration) -> str:
    """Return where the lock of a file is, or belongs."""
    folder = posixpath.dirname(source.path)
    own = [path for path in _locks_of(case, source.path) if posixpath.dirname(path) == folder]
    if len(own) == 1:
        return own[0]
    stem, _, ending = posixpath.basename(source.path).rpartition(".")
    name = {"in": f"{stem}.txt", "txt": f"{stem}.lock.txt", "yml": "conda-lock.yml", "yaml": "conda-lock.yml"}
    return posixpath.join(folder, name.get(ending, "requirements.lock.txt"))


def _locks_of(case: Case, path: str) -> Iterator[str]:
    for declaration in case.facts.declarations.values():
        lock = declaration.lock
        if lock and declaration.dialect in _OURS and lock.made_from == (path,):
            yield declaration.path


def _check_output(case: Case, source: str, output: str) -> None:
    """Raise ``UserError`` where something stands that is no lock: it was written by somebody."""
    there = case.facts.declarations.get(output)
    exists = os.path.lexists(os.path.join(case.project.root, output))
    if output == source or (there and not there.lock) or (exists and not there):
        raise UserError(f"{output} is not a lock, and nothing is written over it", "name another file: --output FILE")
