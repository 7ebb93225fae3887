"""Which file a project's first declaration goes to."""

from __future__ import annotations

import os

from envcheck.engine.starting.opening import Opened
from envcheck.model.errors import UserError

REQUIREMENTS, CONDA, PEP_621 = NAMES = ("requirements.txt", "environment.yml", "pyproject.toml")
"""The files that may be asked for."""


def choose_file(opened: Opened, asked: str) -> str:
    """Return the name of the file: what was asked for, else what suits the environment and what is there.

    Raises ``UserError`` when nothing may be written there: something is declared already, or the file exists.
    """
    shown = opened.case.viewpoint.path
    if opened.declared:
        paths = ", ".join(shown(path) for path in opened.declared)
        raise UserError(
            f"{paths}: {'says' if len(opened.declared) == 1 else 'say'} already what is needed",
            "envcheck pin pins that, and adds what is imported and not declared",
        )
    name = asked or _suitable(opened)
    if name != PEP_621 and os.path.lexists(os.path.join(opened.at, name)):
        raise UserError(
            f"{shown(opened.path(name))}: is there already, and nothing is written over it",
            "envcheck pin adds to it what is imported; --to names another file",
        )
    return name


def _suitable(opened: Opened) -> str:
    environments = [one.environment for one in opened.scopes if one.environment]
    if environments and all(environment.kind == "conda" for environment in environments):
        return CONDA
    return PEP_621 if os.path.lexists(os.path.join(opened.at, PEP_621)) else REQUIREMENTS
