"""Where Jupyter looks for kernelspecs: ``jupyter_core.paths.jupyter_path`` for a server in a given prefix.

Not followed: ``JUPYTER_PLATFORM_DIRS``, which moves folders on macOS and Windows.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property

from envcheck.gather.environments.files import names_in
from envcheck.gather.environments.interpreters import UNKNOWN, Interpreter, library_folders
from envcheck.gather.environments.layouts import configuration_of, kind_of
from envcheck.gather.environments.user_sites import user_base

_NO = frozenset({"no", "n", "false", "off", "0", "0.0"})


class Server:
    """A Jupyter server in a prefix (``None``: nobody knows which): what lies in its folders is looked up once."""

    def __init__(self, prefix: str | None, environ: Mapping[str, str]) -> None:
        """Prepare to look; nothing is read yet."""
        self.prefix = prefix
        self.environ = environ

    @cached_property
    def kernelspecs(self) -> tuple[str, ...]:
        """Every ``kernel.json`` in the order in which Jupyter looks."""
        return tuple(_kernelspecs(self.prefix, self.environ))

    def kernelspec(self, name: str) -> str | None:
        """Return the ``kernel.json`` that Jupyter takes for a kernel name (case does not count), or ``None``."""
        wanted = name.lower()
        for path in self.kernelspecs:
            if os.path.basename(os.path.dirname(path)).lower() == wanted:
                return path
        return None


def _kernelspecs(server_prefix: str | None, environ: Mapping[str, str]) -> Iterator[str]:
    folders = [os.path.join(folder, "kernels") for folder in jupyter_folders(server_prefix, environ)]
    folders.append(os.path.join(environ.get("IPYTHONDIR") or os.path.join(_home(environ), ".ipython"), "kernels"))
    for folder in folders:
        try:
            names = names_in(folder)
        except OSError:
            continue
        for name in names:
            path = os.path.join(folder, name, "kernel.json")
            if os.path.isfile(path):
                yield path


def jupyter_folders(server_prefix: str | None, environ: Mapping[str, str]) -> list[str]:
    """Return the folders of Jupyter's shared files, first ones first."""
    system = ["/usr/local/share/jupyter", "/usr/share/jupyter"] if os.name != "nt" else _program_data(environ)
    own = [os.path.join(server_prefix, "share", "jupyter")] if server_prefix else []
    own = [folder for folder in own if folder not in system]
    user = [user_folder(environ)]
    base = user_base(environ, server_prefix or "", _interpreter(server_prefix))
    if base and _has_user_site(server_prefix, environ) and os.path.join(base, "share", "jupyter") not in user:
        user.append(os.path.join(base, "share", "jupyter"))
    found = [entry.rstrip(os.sep) for entry in environ.get("JUPYTER_PATH", "").split(os.pathsep) if entry]
    found += own + user if prefers_own(server_prefix, environ) else user + own
    return list(dict.fromkeys([*found, *system]))


def _program_data(environ: Mapping[str, str]) -> list[str]:
    trusted = _flag(environ.get("JUPYTER_USE_PROGRAMDATA", "no")) and environ.get("PROGRAMDATA")
    return [os.path.join(trusted, "jupyter")] if trusted else []


def user_folder(environ: Mapping[str, str]) -> str:
    """Return the folder of Jupyter's files of one user."""
    if environ.get("JUPYTER_DATA_DIR"):
        return environ["JUPYTER_DATA_DIR"]
    home = _home(environ)
    if sys.platform == "darwin":
        return os.path.join(home, "Library", "Jupyter")
    if os.name == "nt":
        return os.path.join(environ.get("APPDATA") or os.path.join(home, ".jupyter", "data"), "jupyter")
    return os.path.join(environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share"), "jupyter")


def configuration_folder(environ: Mapping[str, str]) -> str:
    """Return the folder of one user's settings (``jupyter_core.paths.jupyter_config_dir``)."""
    if environ.get("JUPYTER_CONFIG_DIR"):
        return environ["JUPYTER_CONFIG_DIR"]
    return os.path.join(_home(environ), ".jupyter")


def prefers_own(prefix: str | None, environ: Mapping[str, str]) -> bool:
    """Tell whether what stands in the prefix of a server comes before what its user has."""
    if "JUPYTER_PREFER_ENV_PATH" in environ:
        return _flag(environ["JUPYTER_PREFER_ENV_PATH"])
    if not prefix or not _is_owned(prefix):
        return False
    if os.path.isfile(os.path.join(prefix, "pyvenv.cfg")):
        return True
    active = environ.get("CONDA_PREFIX")
    return active is not None and prefix.startswith(active) and environ.get("CONDA_DEFAULT_ENV", "base") != "base"


def _has_user_site(prefix: str | None, environ: Mapping[str, str]) -> bool:
    if environ.get("PYTHONNOUSERSITE"):
        return False
    if not prefix or kind_of(prefix) != "venv":
        return True
    return configuration_of(prefix).get("include-system-site-packages", "").lower() == "true"


def _interpreter(prefix: str | None) -> Interpreter:
    return next((found for _, found in library_folders(prefix)), UNKNOWN) if prefix else UNKNOWN


def _is_owned(prefix: str) -> bool:
    try:
        owner = os.stat(prefix).st_uid
    except OSError:
        return False
    return owner == os.geteuid() if hasattr(os, "geteuid") else os.access(prefix, os.W_OK)


def _home(environ: Mapping[str, str]) -> str:
    return os.path.realpath(environ.get("USERPROFILE" if os.name == "nt" else "HOME") or os.path.expanduser("~"))


def _flag(value: str) -> bool:
    return value.lower() not in _NO
