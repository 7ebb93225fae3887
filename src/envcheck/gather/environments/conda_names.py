"""Names of conda environments, as ``conda run -n`` and nb_conda_kernels use them, and the prefixes behind them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from envcheck.gather.environments.files import names_in, read_text
from envcheck.gather.environments.layouts import kind_of

_KERNEL = r"conda-(?:env-(?P<env>.+)|(?:base|root))-[^-]+"
_ODD = r"[^A-Za-z0-9._-]"


def conda_kernel(name: str) -> str | None:
    """Return the environment that an nb_conda_kernels kernel name stands for: ``""`` is base, ``None`` no such name."""
    found = re.fullmatch(_KERNEL, name)
    return (found["env"] or "") if found else None


def prefix_of_kernel(environment: str, environ: Mapping[str, str]) -> str | None:
    """Return the prefix whose nb_conda_kernels name this is."""
    if not environment:
        return next(iter(_bases(environ)), None)
    for prefix in conda_prefixes(environ):
        name, parent = os.path.basename(prefix), os.path.basename(os.path.dirname(prefix))
        if environment.lower() in (re.sub(_ODD, "_", text).lower() for text in (name, f"{parent}-{name}")):
            return prefix
    return None


def prefix_named(name: str, environ: Mapping[str, str]) -> str | None:
    """Return the prefix of a conda environment by its name."""
    if name in ("base", "root"):
        return next(iter(_bases(environ)), None)
    return next((prefix for prefix in conda_prefixes(environ) if os.path.basename(prefix) == name), None)


def conda_prefixes(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the conda environments of this machine's user, without asking conda."""
    folders = [
        folder
        for variable in ("CONDA_ENVS_DIRS", "CONDA_ENVS_PATH")
        for folder in environ.get(variable, "").split(os.pathsep)
        if folder
    ]
    folders += [os.path.join(base, "envs") for base in _bases(environ)]
    listed = read_text(os.path.join(environ.get("HOME", ""), ".conda", "environments.txt")).splitlines()
    below = [os.path.join(folder, name) for folder in folders for name in _names(folder)]
    for prefix in dict.fromkeys([*below, *(line.strip() for line in listed if line.strip())]):
        if kind_of(prefix) == "conda":
            yield prefix


def _bases(environ: Mapping[str, str]) -> dict[str, None]:
    """The installations: what runs conda now, what mamba calls its root, and what the active environment lies in."""
    found = [environ.get("MAMBA_ROOT_PREFIX", "")]
    if environ.get("CONDA_EXE"):
        found.insert(0, os.path.dirname(os.path.dirname(environ["CONDA_EXE"])))
    active = environ.get("CONDA_PREFIX", "")
    parent = os.path.dirname(active)
    found.append(os.path.dirname(parent) if os.path.basename(parent) == "envs" else active)
    return dict.fromkeys(prefix for prefix in found if prefix and kind_of(prefix) == "conda")


def _names(folder: str) -> list[str]:
    try:
        return names_in(folder)
    except OSError:
        return []
