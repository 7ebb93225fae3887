"""VS Code's way to note an interpreter in a notebook: the SHA-256 of its path."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from hashlib import sha256

from envcheck.gather.environments.conda_names import conda_prefixes
from envcheck.gather.environments.files import MEGABYTE, read_whole
from envcheck.gather.environments.interpreters import library_folders
from envcheck.gather.environments.jupyter_folders import Server
from envcheck.gather.environments.prefixes import prefix_of


def prefix_with_hash(wanted: str, server: Server) -> str | None:
    """Return the environment, of those known here, one of whose interpreter paths has this hash."""
    for interpreter in _interpreters(server):
        # VS Code hashes /x/.venv/python for /x/.venv/bin/python.
        shortened = interpreter.replace("/bin/python", "/python")
        if wanted in (sha256(path.encode()).hexdigest() for path in (interpreter, shortened)):
            return prefix_of(interpreter)
    return None


def _interpreters(server: Server) -> Iterator[str]:
    environ = server.environ
    named = (server.prefix, environ.get("VIRTUAL_ENV"), environ.get("CONDA_PREFIX"), "/usr", "/usr/local", "")
    for prefix in dict.fromkeys(each for each in (*named, *conda_prefixes(environ)) if each is not None):
        folder = "Scripts" if os.path.isdir(f"{prefix}/Scripts") else "bin"
        versions = [found.short for _, found in library_folders(prefix or "/")]
        for name in ("python", "python3", *(f"python{version}" for version in versions), "python.exe"):
            yield f"{prefix}/{folder}/{name}"
    for path in server.kernelspecs:
        try:
            arguments = json.loads(read_whole(path, MEGABYTE)).get("argv")
        except (OSError, ValueError, AttributeError, RecursionError):
            continue
        if isinstance(arguments, list) and arguments and isinstance(arguments[0], str):
            yield arguments[0]
