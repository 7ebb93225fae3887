"""What a lock wants installed beside what is: the rows that the drift rules judge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from envcheck.judge.evidence.dossier import Dossier
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.locked import LockView, has_alternative
from envcheck.model.conda_order import parse_conda_version
from envcheck.model.environment import Environment
from envcheck.model.names import Ecosystem
from envcheck.model.requirements import Requirement
from envcheck.model.versions import public_version, same_version


class Row(NamedTuple):
    """An entry that a lock wants here, with what stands there in its place."""

    lock: LockView
    dossier: Dossier
    entry: Requirement

    @property
    def wanted(self) -> str:
        """The locked version, empty for a source that has none."""
        return self.entry.constraint.exact or ""

    @property
    def installed(self) -> str:
        """The version that stands there, empty when nothing does: conda's own record speaks for a conda entry."""
        package = self.dossier.conda
        if self.entry.ecosystem is Ecosystem.CONDA:
            return package.version if package else ""
        return self.dossier.version

    @property
    def is_missing(self) -> bool:
        """Whether nothing of that name is there at all."""
        return not self.dossier.is_installed

    @property
    def is_other_version(self) -> bool:
        """Whether the version differs, apart from its local part."""
        if not self.wanted or not self.installed:
            return False
        if self.entry.ecosystem is Ecosystem.CONDA:
            return parse_conda_version(self.wanted) != parse_conda_version(self.installed)
        return not same_version(public_version(self.wanted), public_version(self.installed))

    @property
    def words(self) -> str:
        """What is installed and what is locked: ``2.1.4 is installed, but uv.lock locks 2.2.0``."""
        return f"{self.installed} is installed, but {self.lock.file} locks {self.wanted}"


def rows(evidence: Evidence) -> Iterator[Row]:
    """Yield what the locks of a scope want in its environment, each distribution once for each different wish.

    In the environment of a notebook's own kernel only what that notebook imports is asked for. A conda lock is not
    compared with an environment that conda has not made (LCK003 says so), nor one for another Python when there is one
    for this, and what an optional lock says counts only where no other speaks.
    """
    environment = evidence.environment
    if environment is None:
        return
    seen: set[tuple[str, Ecosystem, str, bool]] = set()
    demanded: set[str] = set()
    for lock in evidence.locks:
        if not _is_compared(lock, evidence, environment):
            continue
        is_optional = lock.fact.selection.is_optional
        for key, entries in lock.selected.items():
            dossier = evidence.dossiers[key]
            if not (evidence.scope.primary or dossier.uses) or (is_optional and key in demanded):
                continue
            if not is_optional:
                demanded.add(key)
            for entry in entries:
                # An export of a lock wants the same again.
                wish = (key, entry.ecosystem, entry.constraint.exact or "", entry.direct is None)
                if wish not in seen:
                    seen.add(wish)
                    yield Row(lock, dossier, entry)


def _is_compared(lock: LockView, evidence: Evidence, environment: Environment) -> bool:
    if not lock.fact.at_home or not lock.may_be_followed(environment):
        return False
    return lock.suits(environment.python) or not has_alternative(evidence.locks, lock, environment.python)


def is_locked_here(dossier: Dossier) -> bool:
    """Tell whether a lock says what version of it is to be installed: then the lock is what drift is judged by."""
    return any(entry.constraint.exact or entry.direct for entry in dossier.locked)
