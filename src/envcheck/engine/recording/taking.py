"""An environment of this machine → a snapshot of it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from msgspec import Struct

from envcheck.engine.choose import Choice, Environments, environment_of
from envcheck.gather.documents.snapshot_writing import snapshot_of, to_json_text, to_toml_text
from envcheck.gather.environments.prefixes import prefix_of
from envcheck.model.environment import Environment
from envcheck.model.errors import UserError
from envcheck.model.settings import Settings

FORMATS = {"json": to_json_text, "toml": to_toml_text}


class Taken(Struct, frozen=True):
    """A snapshot as text, and what it was taken of."""

    text: str
    environment: Environment
    how: str


def take(path: str, settings: Settings, form: str, *, environ: Mapping[str, str], cwd: str) -> Taken:
    """Return the snapshot of an environment: the one at a path (a folder or an interpreter), else that of a project.

    Raises ``UserError`` where there is none.
    """
    choice = choice_at(path, settings, environ=environ, cwd=cwd)
    if choice.environment is None:
        raise UserError(f"no environment of {path}: {choice.how}", "give its folder, or --prefix, or --python")
    text = FORMATS[form](snapshot_of(choice.environment))
    return Taken(text, choice.environment, choice.how)


def choice_at(path: str, settings: Settings, *, environ: Mapping[str, str], cwd: str) -> Choice:
    """Return the environment that a path is itself, else the one that is chosen for a project there."""
    absolute = os.path.normpath(os.path.join(cwd, os.path.expanduser(path)))
    if not os.path.lexists(absolute):
        raise UserError(f"{path} does not exist", "give the folder of an environment or of a project")
    if not (settings.prefix or settings.python) and prefix_of(absolute, environ=environ, folder=cwd):
        named = Settings(python=absolute) if os.path.isfile(absolute) else Settings(prefix=absolute)
        return Environments(named, root=cwd, cwd=cwd, environ=environ).default_for(".")
    return environment_of([path], settings, environ=environ, cwd=cwd)
