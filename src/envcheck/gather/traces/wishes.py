"""Requirements and match specs that records hold as texts → traces of what was asked for."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.requirements import InvalidRequirement, Requirement

from envcheck.gather.documents import matchspec
from envcheck.gather.traces.base import Spot, Told
from envcheck.model.traces import Subject, Trace

_LONGEST = 1000


def asked(told: Told, spot: Spot, wish: str) -> Iterator[Trace]:
    """Yield the trace of a PEP 508 requirement; nothing for what is none."""
    try:
        requirement = Requirement(wish if len(wish) <= _LONGEST else "")
    except (InvalidRequirement, RecursionError):
        return
    yield from told.trace(spot, requirement.name, str(requirement.specifier), Subject.DISTRIBUTION)


def asked_of_conda(told: Told, spot: Spot, wish: str) -> Iterator[Trace]:
    """Yield the trace of a match spec, Python's own as such; nothing for what is none."""
    try:
        spec = matchspec.parse(wish)
    except ValueError:
        return
    subject = Subject.PYTHON if spec.name == "python" else Subject.CONDA
    yield from told.trace(spot, spec.name, spec.version, subject)
