"""What a lock wants for one target, as a bill of materials."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping

from envcheck.engine.discover import find_root
from envcheck.engine.load import Facts
from envcheck.engine.locks import target_of
from envcheck.engine.named import Names
from envcheck.engine.reading.files import read_file
from envcheck.engine.stamping.references import read_lock
from envcheck.gather.declarations.catalogue import dialect_for
from envcheck.gather.documents.conda_channels import public_spelling
from envcheck.judge.evidence.stamped import source_of
from envcheck.model.bills import Bill, BillKind, Part
from envcheck.model.environment import Environment
from envcheck.model.errors import UserError
from envcheck.model.locks import Lock, Selection, Target
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.readings import Problem, ProblemKind, RawFile
from envcheck.model.requirements import DirectKind, DirectReference, Requirement
from envcheck.model.settings import Settings

_LOCKS = "uv.lock, poetry.lock, pdm.lock, Pipfile.lock, pylock.toml, conda-lock.yml, pixi.lock, requirements.txt ..."


def bill_of_lock(path: str, environment: Environment, settings: Settings) -> Bill:
    """Return what a lock (its absolute path) wants installed in an environment, on the platform of the settings.

    Raises ``UserError`` for what is no lock, and for a lock that has nothing for this target.
    """
    root = find_root([path])
    below = os.path.relpath(path, root).replace(os.sep, "/")
    declaration = read_lock(root, below)
    target = target_of(environment, settings)
    if isinstance(declaration, str) or declaration.lock is None or target is None:
        raise UserError(f"{path}: {declaration}", f"--lock wants a lock that is known: {_LOCKS}")
    selection = _selected(root, declaration.lock, target)
    if selection.uncovered:
        raise UserError(
            f"{path}: it has nothing for this target: {selection.uncovered}",
            "--platform names another platform, --python another Python, --extra and --group what is wanted",
        )
    _, named = Names(root, Facts(declarations={below: declaration}), environment).given(declaration, selection)
    return Bill(
        BillKind.LOCK,
        declaration.project or posixpath.basename(os.path.dirname(path).replace(os.sep, "/")),
        posixpath.basename(below),
        target.python,
        target.platform,
        _parts(named.entries),
        tuple(_problems(root, below)),
    )


def _problems(root: str, path: str) -> Iterator[Problem]:
    """Yield what of a lock could not be read, though it is one."""
    dialect, file = dialect_for(path), read_file(root, path)
    if dialect and isinstance(file, RawFile):
        yield from (problem for problem in dialect.read(file).problems if problem.kind is not ProblemKind.NOT_READ)


def _selected(root: str, lock: Lock, target: Target) -> Selection:
    """Return what the lock's manager would install, in whatever kind of environment."""
    read = (read_file(root, name) for name in map(posixpath.normpath, lock.made_from) if _is_inside(name))
    return lock.select(target, tuple(file for file in read if isinstance(file, RawFile)))


def _is_inside(path: str) -> bool:
    return not path.startswith(("../", "/"))


def _parts(entries: Iterable[Requirement]) -> tuple[Part, ...]:
    """Return the entries, each name once; of needs those that are wanted here."""
    named = {(entry.ecosystem, entry.name): entry for entry in entries if entry.name}
    keys = {known: _key(entry) for known, entry in named.items()}
    return tuple(sorted((_part(entry, keys) for entry in named.values()), key=lambda part: part.key))


def _key(entry: Requirement) -> str:
    build = getattr(entry.constraint, "build", "")
    return f"{entry.ecosystem.value}:{entry.name}@{_version(entry)}" + (f"={build}" if build else "")


def _part(entry: Requirement, keys: Mapping[tuple[Ecosystem, NormalizedName], str]) -> Part:
    wanted = {keys[entry.ecosystem, need] for need in entry.needs if (entry.ecosystem, need) in keys}
    direct = entry.direct
    return Part(
        _key(entry),
        entry.shown_name or entry.name,
        _version(entry),
        entry.ecosystem,
        hashes=tuple(dict.fromkeys((*entry.hashes, *(direct.hashes if direct else ())))),
        origin=source_of(direct) if direct else "",
        index=source_of(DirectReference(DirectKind.URL, entry.index)) if entry.index else "",
        channel=public_spelling(entry.channel) if entry.channel else "",
        build=getattr(entry.constraint, "build", ""),
        needs=tuple(sorted(wanted - {_key(entry)})),
    )


def _version(entry: Requirement) -> str:
    return entry.constraint.exact or ""
