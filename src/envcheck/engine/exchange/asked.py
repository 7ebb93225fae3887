"""Paths and wishes → what is told of an environment or a lock, in the form that was asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from envcheck.engine.choose import environment_of
from envcheck.engine.discover import find_root
from envcheck.model.bills import Bill
from envcheck.model.environment import Environment
from envcheck.model.errors import UserError
from envcheck.model.settings import Settings


def environment_for(paths: Sequence[str], settings: Settings, *, environ: Mapping[str, str], cwd: str) -> Environment:
    """Return the environment of ``paths`` (relative to ``cwd``). Raises ``UserError`` where there is none."""
    for path in paths:
        if not os.path.lexists(os.path.join(cwd, path)):
            raise UserError(f"there is no {path}", "give the path of a project, or --prefix DIR")
    choice = environment_of(paths, settings, environ=environ, cwd=cwd)
    if choice.environment is None:
        raise UserError(f"no environment: {choice.how}", "--prefix or --python names one")
    return choice.environment


def bill_of(environment: Environment, paths: Sequence[str], *, cwd: str) -> Bill:
    """Return the bill of materials of an environment, named like the project of ``paths``."""
    from envcheck.engine.exchange.installed import bill_of_environment

    root = find_root([os.path.normpath(os.path.join(cwd, path)) for path in paths or ["."]])
    return bill_of_environment(environment, os.path.basename(root))


def inspection(environment: Environment) -> tuple[dict[str, object], tuple[str, ...]]:
    """Return what ``pip inspect`` would print of an environment, sorted by name, and what of it could not be read.

    ``pip_version`` is left out, because no pip has said it.
    """
    from envcheck.gather.environments.inspections import inspected

    complaints = [f"{problem.place.path}: {problem.message}" for problem in environment.problems]
    installed = [inspected(each, complaints) for each in sorted(environment.distributions, key=lambda d: d.name)]
    told: dict[str, object] = {"version": "1", "installed": installed, "environment": dict(environment.markers)}
    return told, tuple(dict.fromkeys(complaints))
