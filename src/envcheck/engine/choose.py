"""Which environment a source runs in, and why it is that one."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from envcheck.engine.discover import find_root
from envcheck.gather.environments.candidates import OnPath, look_on_path, project_environments
from envcheck.gather.environments.catalogue import read_environment
from envcheck.gather.environments.prefixes import prefix_of
from envcheck.gather.environments.programs import on_path
from envcheck.model.environment import Environment
from envcheck.model.errors import UserError
from envcheck.model.scopes import KernelFact
from envcheck.model.settings import Settings
from envcheck.model.usage import Source

if TYPE_CHECKING:
    from envcheck.gather.environments.jupyter_folders import Server


SNAPSHOTS = (".json", ".toml")
"""How the names of files end that may be snapshots; no interpreter is called like that."""
ON_PATH = "the Python on PATH"
"""How an environment was chosen that nobody chose."""


class Choice(Struct, frozen=True):
    """An environment, or none, with the reason for people."""

    prefix: str
    how: str
    environment: Environment | None


class Environments:
    """The environments of a run: each chosen as the design says and read once.

    Asked for > the notebook's kernel > ``VIRTUAL_ENV`` > ``CONDA_PREFIX`` > a folder of the project > ``PATH`` > none.
    """

    def __init__(self, settings: Settings, *, root: str, cwd: str, environ: Mapping[str, str]) -> None:
        """Prepare to choose; ``root`` and ``cwd`` are absolute, nothing is read yet."""
        self._settings = settings
        self._root = root
        self._cwd = cwd
        self._environ = _outside_of_hook(environ)
        self._read: dict[str, Environment] = {}
        self._kernels: dict[tuple[str, str, str, str], KernelFact] = {}
        self._servers: dict[str, Server] = {}
        self._in_folder: dict[str, tuple[str, ...]] = {}
        self._on_path: OnPath | None = None
        self._asked = self._asked_for()

    def default_for(self, folder: str) -> Choice:
        """Return the environment of a folder's declarations, and of its sources whose kernel names none.

        Raises ``UserError`` when the environment that was asked for does not exist.
        """
        if self._asked:
            return self._asked
        path, how = self._found_for(folder)
        return self._choice(path, how)

    def of_script(self) -> Choice:
        """Return the environment of a source that says itself what it needs: one that was asked for, or none.

        Its tools (``uv run``, ``juv run``) make one from exactly that, and no environment of the project is it.
        """
        return self._asked or Choice("", "made anew from the metadata of the script", None)

    def of_kernel(self, source: Source, home: Choice) -> tuple[KernelFact | None, Choice]:
        """Return how a notebook's kernel resolves, and the environment that the notebook is judged in."""
        claim = source.kernel
        if claim is None or not claim.name:
            return None, home
        from envcheck.gather.environments.kernels import resolve

        display_name = claim.display_name if claim.interpreter_hash else ""
        key = (claim.name, display_name, claim.interpreter_hash, home.prefix)
        if key not in self._kernels:
            server = self._server(home.prefix)
            self._kernels[key] = resolve(
                claim.name, server, display_name=display_name, interpreter_hash=claim.interpreter_hash
            )
        fact = self._kernels[key]
        if self._asked or not (fact.names_environment and fact.prefix):
            return fact, home
        return fact, self._choice(fact.prefix, f"kernel {claim.name}: {fact.how}")

    def _server(self, prefix: str) -> Server:
        from envcheck.gather.environments.jupyter_folders import Server

        if prefix not in self._servers:
            self._servers[prefix] = Server(prefix or None, self._environ)
        return self._servers[prefix]

    def _asked_for(self) -> Choice | None:
        for option, path in (("--prefix", self._settings.prefix), ("--python", self._settings.python)):
            if not path:
                continue
            asked = self._path_asked_for(path)
            if option == "--prefix" and asked and asked.lower().endswith(SNAPSHOTS) and os.path.isfile(asked):
                return self._snapshot(asked)
            if not asked or not prefix_of(asked, environ=self._environ, folder=self._cwd):
                raise UserError(
                    f"{option} {path}: there is no Python environment",
                    "give the folder that holds bin/python (or conda-meta), the path of its interpreter, or a snapshot",
                )
            return self._choice(asked, f"asked for by {option[2:]}")
        return None

    def _snapshot(self, path: str) -> Choice:
        """Return the environment of another machine. Raises ``UserError`` for a file that holds none."""
        from envcheck.gather.environments.snapshot import snapshot_at

        how = "asked for by prefix, a snapshot"
        return Choice(path, how, snapshot_at(path, how_found=how))

    def _path_asked_for(self, path: str) -> str | None:
        """Return what a path means from here; a bare name that is no file (``python3.11``) is looked for on PATH."""
        absolute = os.path.normpath(os.path.join(self._cwd, os.path.expanduser(path)))
        return absolute if os.path.dirname(path) or os.path.exists(absolute) else on_path(path, self._environ)

    def _found_for(self, folder: str) -> tuple[str, str]:
        for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
            prefix = self._environ.get(variable)
            if prefix and prefix_of(prefix, environ=self._environ):
                return prefix, variable
        for upwards in self._upwards(folder):
            if upwards not in self._in_folder:
                self._in_folder[upwards] = project_environments(os.path.normpath(os.path.join(self._root, upwards)))
            found = self._in_folder[upwards]
            if found:
                where = {".": "the project", self._cwd: "the current folder"}.get(upwards, upwards)
                return found[0], f"{os.path.basename(found[0])} in {where}"
        if self._on_path is None:
            self._on_path = look_on_path(self._environ, self._root)
        return (self._on_path.interpreter, ON_PATH) if self._on_path.prefix else ("", "none found")

    def _upwards(self, folder: str) -> list[str]:
        folders = [folder]
        while folder not in (".", ""):
            folder = os.path.dirname(folder) or "."
            folders.append(folder)
        # Of a notebook that is named alone, and that nothing governs, the project is its own folder: whoever stands
        # above it means the environment that lies there.
        above = self._root
        while above != self._cwd and above.startswith(self._cwd.rstrip(os.sep) + os.sep):
            above = os.path.dirname(above)
            folders.append(above)
        return folders

    def _choice(self, path: str, how: str) -> Choice:
        """Return the environment of a prefix or an interpreter; several interpreters may share a prefix."""
        if not path:
            return Choice("", how, None)
        if path not in self._read:
            self._read[path] = read_environment(path, how_found=how, environ=self._environ)
        return Choice(self._read[path].prefix, how, self._read[path])


def _outside_of_hook(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return the variables without the environment that pre-commit has made for a hook and activated for it.

    It holds what the hook is made of, nothing of the project (pre-commit 4, languages/python.py get_env_patch).
    """
    own = environ.get("VIRTUAL_ENV", "")
    if not environ.get("PRE_COMMIT") or not os.path.basename(own).startswith("py_env-"):
        return environ
    places = (place for place in environ.get("PATH", "").split(os.pathsep) if os.path.dirname(place) != own)
    kept = {name: value for name, value in environ.items() if name != "VIRTUAL_ENV"}
    return {**kept, "PATH": os.pathsep.join(places)}


def environment_of(paths: Sequence[str], settings: Settings, *, environ: Mapping[str, str], cwd: str) -> Choice:
    """Return the environment that the declarations of some paths (relative to ``cwd``) are checked in."""
    absolute = [os.path.normpath(os.path.join(cwd, path)) for path in paths or ["."]]
    root = find_root(absolute)
    folder = absolute[0] if os.path.isdir(absolute[0]) else os.path.dirname(absolute[0])
    return Environments(settings, root=root, cwd=cwd, environ=environ).default_for(os.path.relpath(folder, root))
