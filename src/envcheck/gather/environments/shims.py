"""pyenv's shims: scripts named like interpreters that look up at each start which version a folder wants."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from envcheck.gather.environments.files import read_text


def is_shim(path: str) -> bool:
    """Tell whether a program is one of pyenv's shims."""
    return _root(path) is not None


def interpreter_behind(path: str, *, environ: Mapping[str, str], folder: str) -> str | None:
    """Return the interpreter that a shim starts in a folder, ``None`` when it is outside pyenv or not installed."""
    root = _root(path)
    if root is None:
        return None
    for wanted in _wanted_versions(root, environ, folder):
        for version in (wanted, wanted.removeprefix("python-")):
            program = f"{root}/versions/{_installed(root, version)}/bin/{os.path.basename(path)}"
            if os.path.exists(program):
                return program
    return None


def _root(path: str) -> str | None:
    shims = os.path.dirname(os.path.abspath(path))
    root = os.path.dirname(shims)
    return root if os.path.basename(shims) == "shims" and os.path.isdir(f"{root}/versions") else None


def _wanted_versions(root: str, environ: Mapping[str, str], folder: str) -> Iterator[str]:
    if environ.get("PYENV_VERSION"):
        texts = environ["PYENV_VERSION"].replace(":", "\n")
    else:
        texts = next((text for file in _version_files(root, folder) if (text := read_text(file))), "")
    for line in texts.splitlines():
        words = line.split()
        if words and not words[0].startswith("#") and "/" not in words[0] and words[0] != "..":
            yield words[0]


def _version_files(root: str, folder: str) -> Iterator[str]:
    here = os.path.abspath(folder)
    while True:
        yield f"{here}/.python-version"
        above = os.path.dirname(here)
        if above == here:
            break
        here = above
    yield f"{root}/version"


def _installed(root: str, version: str) -> str:
    """``3.11`` means the newest 3.11.x that is installed."""
    if os.path.isdir(f"{root}/versions/{version}"):
        return version
    try:
        names = [name for name in os.listdir(f"{root}/versions") if name.startswith(version + ".")]
    except OSError:
        return version
    return max(
        names, key=lambda name: [int(part) if part.isdigit() else -1 for part in name.split(".")], default=version
    )
