"""Which declarations a scope speaks of, so that each is judged once."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.declarations import Declaration


def spoken_of(evidence: Evidence) -> Iterator[Declaration]:
    """Yield the declarations of a primary scope, and the install lines of notebooks where these run."""
    own = {source.path for source in evidence.sources}
    return (d for d in evidence.declarations if evidence.scope.primary or d.path in own)
