"""Whether what is imported has been asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from envcheck.judge.evidence.dossier import Dossier, Use
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.rules.coverage.needs import needed_uses
from envcheck.model.names import normalize
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role
from envcheck.model.urls import normalize_url


@lru_cache(maxsize=1)  # three rules ask, one after the other
def undeclared_uses(evidence: Evidence) -> Mapping[tuple[str, ...], list[Use]]:
    """Return the uses that nothing asks for, gathered by the keys of their possible dossiers, in reading order."""
    demands = _Demands(evidence)
    gathered: dict[tuple[str, ...], list[Use]] = {}
    for use in needed_uses(evidence):
        if not demands.include(use):
            gathered.setdefault(use.keys, []).append(use)
    # `import google.cloud` may mean any of ten distributions: where one of them is spoken of, that is said already.
    return {
        keys: uses for keys, uses in gathered.items() if len(keys) == 1 or not any((key,) in gathered for key in keys)
    }


def installed_of(evidence: Evidence, keys: tuple[str, ...]) -> Dossier | None:
    """Return the first of the dossiers that is installed, or ``None``."""
    return next((evidence.dossiers[key] for key in keys if evidence.dossiers[key].is_installed), None)


def locked_of(evidence: Evidence, keys: tuple[str, ...]) -> Dossier | None:
    """Return the first of the dossiers that a lock holds, installed or not, or ``None``."""
    return next((evidence.dossiers[key] for key in keys if evidence.dossiers[key].held), None)


def asks_for(requirement: Requirement, use: Use) -> bool:
    """Tell whether a requirement asks on behalf of a use: an install line does so for its own notebook only."""
    if requirement.role is Role.AD_HOC:
        return requirement.place.path == use.source.path
    return requirement.role is Role.DECLARED


class _Demands:
    """What a scope asks for, by whatever name; the answers for all files are kept, since imports repeat."""

    def __init__(self, evidence: Evidence) -> None:
        self._dossiers = evidence.dossiers
        self._locked_is_declared = evidence.only_locks_govern
        self._nameless = tuple(requirement.direct for requirement in evidence.nameless() if requirement.direct)
        # conda's dask is a package without files that depends on dask-core, which holds the distribution dask; others
        # hold several distributions, and none of their own name.
        self._conda_parts = frozenset(
            part.partition(" ")[0]
            for dossier in evidence.dossiers.values()
            if dossier.conda and not dossier.installed and dossier.declared()
            for part in (dossier.conda.name, *dossier.conda.depends)
        )
        self._everywhere: dict[tuple[tuple[str, ...], str], bool] = {}

    def include(self, use: Use) -> bool:
        known = (use.keys, use.imported.top)
        if known not in self._everywhere:
            self._everywhere[known] = any(map(self._is_declared, self._meant(use)))
        return self._everywhere[known] or any(asks_for(r, use) for d in self._meant(use) for r in d.requirements)

    def _meant(self, use: Use) -> Iterator[Dossier]:
        """Yield the dossiers that a use may belong to; its own name counts: tensorflow itself may own no file."""
        for key in (*use.keys, normalize(use.imported.top)):
            if key in self._dossiers:
                yield self._dossiers[key]

    def _is_declared(self, dossier: Dossier) -> bool:
        if dossier.declared() or (dossier.held and self._locked_is_declared):
            return True
        if dossier.conda and dossier.conda.name in self._conda_parts:
            return True
        direct = dossier.installed.direct if dossier.installed else None
        return direct is not None and any(_same_origin(direct, reference) for reference in self._nameless)


def _same_origin(installed: DirectReference, wanted: DirectReference) -> bool:
    """Tell whether an installation may come from a reference; of a path nobody knows the folder it starts from."""
    if installed.kind is not wanted.kind:
        return False
    return installed.kind is DirectKind.PATH or normalize_url(installed.url) == normalize_url(wanted.url)
