"""Stamps that refer to a lock beside the notebook: which lock that is, and what it says of an environment."""

from __future__ import annotations

import os
import posixpath

from msgspec import Struct

from envcheck.engine.load import Facts
from envcheck.engine.locks import Locks
from envcheck.engine.reading.files import read_file
from envcheck.engine.stamping.building import Stamper
from envcheck.gather.declarations.catalogue import dialect_for
from envcheck.gather.documents.stamp_reading import is_reference
from envcheck.judge.evidence.link import CONDA
from envcheck.model.declarations import Declaration
from envcheck.model.errors import UserError
from envcheck.model.names import NormalizedName
from envcheck.model.readings import Problem, ProblemKind
from envcheck.model.records import Record
from envcheck.model.settings import Settings

_LOCKS = "a lock that is known: pylock.toml, uv.lock, poetry.lock, requirements.txt with hashes ..."


class Reference(Struct, frozen=True):
    """A lock of the project, by its path below the root."""

    path: str

    def from_notebook(self, path: str) -> str:
        """Return the path of the lock relative to a notebook; raises ``UserError`` for one that no stamp can hold."""
        relative = posixpath.relpath(self.path, posixpath.dirname(path) or ".")
        if not is_reference(relative):
            raise UserError(f"{self.path}: no stamp can refer to a path like this", "give the lock a plainer name")
        return relative


def reference_to(lock: str, *, root: str, cwd: str) -> Reference:
    """Return the lock that a path (relative to ``cwd``) means; raises ``UserError`` when it is none of the project."""
    path = os.path.relpath(os.path.normpath(os.path.join(cwd, lock)), root).replace(os.sep, "/")
    if path.startswith("../") or posixpath.isabs(path):
        raise UserError(f"{lock}: is outside of the project", "put the lock beside the notebooks")
    found = read_lock(root, path)
    if isinstance(found, str):
        raise UserError(f"{lock}: {found}", f"--env wants {_LOCKS}")
    return Reference(path)


def record_of_lock(path: str, *, root: str, settings: Settings, stamper: Stamper) -> Record | str:
    """Return what a lock wants in an environment, or why nobody can tell."""
    found = read_lock(root, path) if not path.startswith("../") else "is outside of the project"
    if isinstance(found, str) or found.lock is None:
        return f"{path}: {found}"
    facts = Facts(declarations={path: found})
    selection = (
        Locks(root, facts, settings, posixpath.dirname)
        .fact(found, found.lock, stamper.environment, at_home=True)
        .selection
    )
    if selection.uncovered:
        return f"{path}: it has nothing for this environment: {selection.uncovered}"
    versions: dict[NormalizedName, str] = {}
    packages: dict[NormalizedName, str] = {}
    for entry in selection.entries:
        key = stamper.key_of(entry.ecosystem, entry.name)
        table = packages if key.startswith(CONDA) else versions
        if entry.constraint.exact:
            table[NormalizedName(key.removeprefix(CONDA))] = entry.constraint.exact
    return Record(path, versions=versions, conda=packages)


def read_lock(root: str, path: str) -> Declaration | str:
    """Return a lock as its dialect reads it, or why it is none."""
    dialect = dialect_for(path)
    file = read_file(root, path)
    if isinstance(file, Problem):
        return file.message
    if dialect is None:
        return "is no lock that is known"
    reading = dialect.read(file)
    bad = (ProblemKind.UNREADABLE_FILE, ProblemKind.UNSUPPORTED_FORMAT)
    broken = next((problem for problem in reading.problems if problem.kind in bad), None)
    if broken:
        return broken.message
    return reading.value if reading.value.lock else "is no lock"
