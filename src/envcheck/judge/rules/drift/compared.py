"""Which installed version a requirement speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from envcheck.judge.evidence.dossier import Dossier
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.pins.agreement import agree
from envcheck.judge.rules.drift.against_locks import is_locked_here
from envcheck.model.names import Ecosystem
from envcheck.model.requirements import Requirement, Role
from envcheck.model.versions import parse_version, public_version, same_version

_MOST_COMPARED = 100  # per name: files of thousands of lines for one name are nobody's work
_ROLES = frozenset({Role.DECLARED, Role.CONSTRAINT, Role.AD_HOC})
_WORDS = {Role.CONSTRAINT: "is a constraint", Role.AD_HOC: "is what this cell installs"}


class Comparison(NamedTuple):
    """A requirement that holds here, beside what is installed for it; only conda's packages have a ``build``."""

    dossier: Dossier
    requirement: Requirement
    version: str
    build: str

    @property
    def is_other_version(self) -> bool:
        """Whether the requirement does not allow the installed version, apart from local versions and builds."""
        constraint = self.requirement.constraint
        if constraint.allows(self.version) or self._is_same_public_version:
            return False
        # Broken metadata (ENV003): whether a range holds the text that stands for a version, nobody can tell.
        return self._is_comparable or constraint.exact is not None

    @property
    def is_other_build(self) -> bool:
        """Whether the installed version is right, but its conda build or its local part is another one."""
        constraint = self.requirement.constraint
        if constraint.allows(self.version):
            return not constraint.allows(self.version, self.build)
        return self._is_same_public_version

    @property
    def words(self) -> str:
        """What is asked for and by whom: ``==1.5.3 is declared``."""
        return f"{self.requirement.constraint.text} {_WORDS.get(self.requirement.role, 'is declared')}"

    @property
    def _is_same_public_version(self) -> bool:
        exact = self.requirement.constraint.exact
        local = "+" in self.version or "+" in (exact or "")
        return exact is not None and local and same_version(public_version(exact), public_version(self.version))

    @property
    def _is_comparable(self) -> bool:
        return self.requirement.ecosystem is Ecosystem.CONDA or parse_version(self.version) is not None


def compared(evidence: Evidence) -> Iterator[Comparison]:
    """Yield every requirement that holds in the environment and for which something is installed there.

    Left out are groups that exclude what is installed where another one wants it (an extra ``cpu`` beside ``gpu``), and
    what a lock decides here: DRF003 compares with that.
    """
    if evidence.environment is None:
        return
    for dossier, requirement in evidence.requirements():
        if requirement.role not in _ROLES or requirement.template or requirement.name == "python":
            continue
        if requirement.role is not Role.AD_HOC and is_locked_here(dossier):
            continue
        version, build = _installed_for(requirement, dossier)
        if version and evidence.applies(requirement):
            found = Comparison(dossier, requirement, version, build)
            if not (requirement.group and _is_alternative(found)):
                yield found


def _is_alternative(found: Comparison) -> bool:
    requirement = found.requirement
    return not requirement.constraint.allows(found.version) and any(
        other.role is Role.DECLARED
        and other.group != requirement.group
        and other.constraint.allows(found.version)
        and not agree(other, requirement)
        for other in found.dossier.requirements[:_MOST_COMPARED]
    )


def _installed_for(requirement: Requirement, dossier: Dossier) -> tuple[str, str]:
    """Return version and build: conda's for a conda requirement, unless pip has taken the package's place."""
    installed, package = dossier.installed, dossier.conda
    if package and requirement.ecosystem is Ecosystem.CONDA and (installed is None or installed.conda):
        return package.version, package.build
    return dossier.version, ""
