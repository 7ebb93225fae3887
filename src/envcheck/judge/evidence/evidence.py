"""The one thing a rule receives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from envcheck.judge.evidence.dossier import Dossier, Use
from envcheck.judge.evidence.locked import LockView
from envcheck.model.declarations import Declaration
from envcheck.model.environment import Environment
from envcheck.model.names import NormalizedName
from envcheck.model.requirements import Requirement
from envcheck.model.scopes import Scope
from envcheck.model.settings import Settings
from envcheck.model.usage import Source


class Evidence(Struct, frozen=True, eq=False):
    """All dossiers of a scope and the rest of what a rule may know; compared by identity.

    ``dossiers`` are sorted by key; ``uses`` are every import of the scope's own sources, in reading order;
    ``companion_keys`` are the dossier keys that any source under the same declarations uses.
    ``inapplicable`` are requirements whose marker is false in this scope's environment. Requirements of locks are in
    ``locks`` and in the dossiers' ``locked``, nowhere else.
    """

    scope: Scope
    settings: Settings
    dossiers: Mapping[str, Dossier]
    uses: tuple[Use, ...]
    companion_keys: frozenset[str] = frozenset()
    keys: Mapping[Requirement, str] | None = None
    inapplicable: frozenset[Requirement] = frozenset()
    required_by: Mapping[NormalizedName, tuple[str, ...]] = field(default_factory=dict)
    """Which installed distributions require a name, whether it has a dossier or not."""
    locks: tuple[LockView, ...] = ()

    @property
    def environment(self) -> Environment | None:
        """The environment of the scope."""
        return self.scope.environment

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of the scope."""
        return self.scope.sources

    @property
    def declarations(self) -> tuple[Declaration, ...]:
        """The declarations that govern the scope, constraints files included."""
        return self.scope.declarations

    def requirements(self) -> Iterator[tuple[Dossier, Requirement]]:
        """Yield every requirement of the scope with its dossier, in dossier order (ad-hoc install lines included)."""
        for dossier in self.dossiers.values():
            for requirement in dossier.requirements:
                yield dossier, requirement

    def nameless(self) -> Iterator[Requirement]:
        """Yield the requirements whose text tells no name (``-e .``, a bare URL): they belong to no dossier."""
        for declaration in (d for d in self.declarations if not d.lock):
            yield from (requirement for requirement in declaration.requirements if not requirement.name)

    @property
    def only_locks_govern(self) -> bool:
        """Whether nothing but locks says what is wanted, so that whatever they hold counts as asked for."""
        return bool(self.locks) and not any(d.governs and not d.lock for d in self.declarations)

    @property
    def is_partly_unread(self) -> bool:
        """Whether more may be declared than was read; ``setup.py`` mostly repeats what stands beside it."""
        unread = [d for d in self.declarations if d.unread]
        only_script = all(d.dialect == "setup_py" for d in unread)
        return bool(unread) and not (only_script and any(d.requirements for d in self.declarations if d.governs))

    def applies(self, requirement: Requirement) -> bool:
        """Tell whether a requirement's marker holds here (without environment: as far as this platform goes)."""
        return requirement not in self.inapplicable if self.inapplicable else True

    @property
    def prefix(self) -> str:
        """The environment's prefix as it is shown, empty without environment."""
        return self.scope.viewpoint.path(self.environment.prefix) if self.environment else ""

    @property
    def whereabouts(self) -> str:
        """Words that name the environment in a message: empty in the primary scope, else `` in <prefix>``."""
        return f" in {self.prefix}" if self.prefix and not self.scope.primary else ""
