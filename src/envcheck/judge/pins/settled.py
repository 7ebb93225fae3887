"""Whether a requirement is pinned: exactly one version satisfies it, by itself or by what stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from envcheck.judge.evidence.dossier import Dossier
from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.requirements import Requirement, Role

# What comes with every environment is pinned by nobody.
_GIVEN = frozenset({"pip", "python"})


def is_open(requirement: Requirement) -> bool:
    """Tell whether any version satisfies a requirement."""
    return requirement.direct is None and requirement.constraint.exact is None and not requirement.constraint.literals


def is_loose(requirement: Requirement) -> bool:
    """Tell whether some versions satisfy a requirement, but not exactly one."""
    return requirement.direct is None and requirement.constraint.exact is None and bool(requirement.constraint.literals)


def is_compiled_from(compiled: Requirement, origin: Requirement) -> bool:
    """Tell whether one entry stands in what a compiler makes of the other's file: ``dev.txt`` beside ``dev.in``."""
    made, source = compiled.place.path, origin.place.path
    return source.endswith(".in") and made.endswith(".txt") and _stem(made) == _stem(source)


def judged(evidence: Evidence, role: Role) -> Iterator[tuple[Dossier, Requirement]]:
    """Yield the requirements of a role whose pins this scope speaks of, dossier by dossier.

    Declarations are spoken of once, in their primary scope; install lines where their notebook is. Left out are pip,
    Python, conda's virtual packages, the project's own name, and what is interpolated.
    """
    own = {source.path for source in evidence.sources}
    projects = {declaration.project for declaration in evidence.declarations}
    for dossier, requirement in evidence.requirements():
        if requirement.role is not role or requirement.template or _is_given(requirement) or dossier.key in projects:
            continue
        if requirement.place.path in own if role is Role.AD_HOC else evidence.scope.primary:
            yield dossier, requirement


def unsettled(evidence: Evidence, is_wide: Callable[[Requirement], bool]) -> Iterator[tuple[Dossier, Requirement]]:
    """Yield the declared requirements that are wide and that no lock, constraints file or compiled file pins."""
    for _, group in groupby(judged(evidence, Role.DECLARED), key=lambda pair: pair[0].key):
        wide = [(dossier, requirement) for dossier, requirement in group if is_wide(requirement)]
        if not wide:
            continue
        pins = [r for r in wide[0][0].requirements if r.constraint.exact and not r.template and evidence.applies(r)]
        # Nobody writes hashes by hand: a file with them was made to pin what others leave open.
        if any(r.role is Role.CONSTRAINT or r.hashes for r in pins) or is_locked(wide[0][0]):
            continue
        compiled = {_stem(r.place.path) for r in pins if r.place.path.endswith(".txt")}
        yield from (
            (dossier, requirement)
            for dossier, requirement in wide
            if not (requirement.place.path.endswith(".in") and _stem(requirement.place.path) in compiled)
        )


def is_locked(dossier: Dossier) -> bool:
    """Tell whether a lock says which version or source of it is meant."""
    return any(entry.constraint.exact or entry.direct for entry in dossier.held)


def _is_given(requirement: Requirement) -> bool:
    # Conda's virtual packages (__glibc) describe the machine.
    return not requirement.name or requirement.name in _GIVEN or requirement.name.startswith("__")


def _stem(path: str) -> str:
    return path.rpartition(".")[0]
