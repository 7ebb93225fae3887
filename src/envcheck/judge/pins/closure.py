"""What is installed because something declared needs it: to be pinned as well, for those who want all of it."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.changes import Add
from envcheck.model.requirements import Role
from envcheck.model.versions import parse_version, public_version

# What comes with every environment is pinned by nobody.
_GIVEN = frozenset({"pip", "setuptools", "wheel", "distribute"})


def closure(evidence: Evidence, path: str) -> Iterator[Add]:
    """Yield the additions to a file that name all that its declared distributions need here, by name."""
    if evidence.environment is None or not evidence.scope.primary:
        return
    declared = {
        key for key, dossier in evidence.dossiers.items() if any(r.role is Role.DECLARED for r in dossier.requirements)
    }
    reached = _reached(evidence, declared)
    for distribution in sorted(evidence.environment.distributions, key=lambda each: each.name):
        is_released = parse_version(distribution.version) and not distribution.direct
        if is_released and distribution.name in reached - declared - _GIVEN:
            yield Add(path, distribution.shown_name, public_version(distribution.version))


def _reached(evidence: Evidence, roots: set[str]) -> set[str]:
    needs: dict[str, list[str]] = {}
    for name, parents in evidence.required_by.items():
        for parent in parents:
            needs.setdefault(parent, []).append(name)
    reached, pending = set(roots), list(roots)
    while pending:
        for need in needs.get(pending.pop(), ()):
            if need not in reached:
                reached.add(need)
                pending.append(need)
    return reached
