"""A testimony beside an environment: what ``verify --evidence`` says of each trace."""

from __future__ import annotations

from envcheck.engine.testimony.notebooks import trace_names
from envcheck.judge.evidence.traces import Comparison, compare
from envcheck.model.environment import Environment
from envcheck.model.settings import Settings
from envcheck.model.traces import Testimony


def comparisons(testimony: Testimony, environment: Environment, settings: Settings) -> tuple[Comparison, ...]:
    """Return for each trace of a notebook whether an environment is as it tells, in reading order."""
    names = trace_names(settings, environment.modules)
    return tuple(compare(testimony.traces, names, installed_versions(environment), python=environment.python))


def installed_versions(environment: Environment) -> dict[str, str]:
    """Return name → version of what is installed; ``conda:name`` for packages that hold no Python distribution."""
    found = {f"conda:{package.name}": package.version for package in environment.conda if not package.provides}
    for distribution in reversed(environment.distributions):  # the first on the path wins
        found[distribution.name] = distribution.version
    return found
