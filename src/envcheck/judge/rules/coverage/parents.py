"""What declared thing brings an undeclared one along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from envcheck.judge.evidence.dossier import Dossier, Use
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.locked import needed_by
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.requirements import Role

_MOST_NAMED = 3


class Parents(Struct, frozen=True):
    """The declared distributions that need another one; ``through`` stands between when none needs it itself."""

    names: tuple[str, ...]
    through: str = ""

    @property
    def words(self) -> str:
        """Words for a message: ``pandas and seaborn require it``, ``jupyter requires it through ipykernel``."""
        shown = list(self.names[:_MOST_NAMED])
        if len(self.names) > _MOST_NAMED:
            shown.append(f"{len(self.names) - _MOST_NAMED} more")
        verb = "requires" if len(self.names) == 1 else "require"
        path = f" through {self.through}" if self.through else ""
        return f"{' and '.join(filter(None, (', '.join(shown[:-1]), shown[-1])))} {verb} it{path}"


class Family:
    """Who requires whom in an environment, as far as something declared stands at the top."""

    def __init__(self, evidence: Evidence) -> None:
        """Prepare to look upwards from a name to what a scope declares."""
        self._evidence = evidence

    def parents_of(self, dossier: Dossier) -> Parents | None:
        """Return what brings a dossier along, the nearest first, or ``None`` when nothing declared needs it."""
        required_by = dossier.required_by or self._locked_for(dossier.key)
        direct = tuple(self._shown(name) for name in required_by if self._is_declared(name))
        if direct:
            return Parents(direct)
        seen = {dossier.key, *required_by}
        row = [(name, name) for name in required_by]
        while row:
            upper = []
            for name, through in row:
                for parent in self._required_by(name):
                    if self._is_declared(parent):
                        return Parents((self._shown(parent),), self._shown(through))
                    if parent not in seen:
                        seen.add(parent)
                        upper.append((parent, through))
            row = upper
        return None

    def _required_by(self, name: str) -> Sequence[str]:
        """Return who requires a name: what is installed says it, else the locks do."""
        return self._evidence.required_by.get(NormalizedName(name)) or self._locked_for(name)

    def _locked_for(self, key: str) -> Sequence[str]:
        return self._by_locks.get(key, ()) if self._evidence.locks else ()

    @cached_property
    def _by_locks(self) -> Mapping[str, Sequence[str]]:
        return needed_by(self._evidence.locks)

    def _is_declared(self, name: str) -> bool:
        dossier = self._evidence.dossiers.get(name)
        return dossier is not None and any(r.role in (Role.DECLARED, Role.AD_HOC) for r in dossier.requirements)

    def _shown(self, name: str) -> str:
        dossier = self._evidence.dossiers.get(name)
        return dossier.shown_name if dossier else name


def is_body_of_parent(dossier: Dossier, use: Use, parents: Parents) -> bool:
    """Tell whether a distribution is a declared one's own code, split off: ``airflow`` of ``apache-airflow-core``."""
    if parents.through or normalize(use.imported.top) == dossier.key:
        return False
    return any(dossier.key.startswith(f"{normalize(name)}-") for name in parents.names)
