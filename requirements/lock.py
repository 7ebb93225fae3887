"""Lock the development environment: ``pyproject.toml`` → ``requirements/dev.txt`` with hashes (``nox -s lock``).

It is pip-tools, told two things that it cannot know: the dependency groups (PEP 735), and that the index has already
given the hash of every file, so that nothing is downloaded only to be hashed (jazzband/pip-tools#1536).
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from unittest import mock

import tomli
from packaging.dependency_groups import resolve_dependency_groups
from pip._internal.models.link import Link
from pip._internal.utils.hashes import FAVORITE_HASH
from piptools.repositories.pypi import PyPIRepository
from piptools.scripts.compile import cli

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "dev.txt"
OPTIONS = (
    "--quiet --no-config --generate-hashes --strip-extras --allow-unsafe "
    "--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options"
).split()

_download_and_hash = PyPIRepository._get_file_hash


def _hash_of_index(repository: PyPIRepository, link: Link) -> str:
    if link.hash_name == FAVORITE_HASH and link.hash:
        return f"{FAVORITE_HASH}:{link.hash}"
    return _download_and_hash(repository, link)


def wanted() -> list[str]:
    """Return what a developer needs: the package's own dependencies and the group ``dev``."""
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [*project["project"]["dependencies"], *resolve_dependency_groups(project["dependency-groups"], "dev")]


def main() -> None:
    """Write the lock, keeping the versions that it has unless ``--upgrade`` is given."""
    # A machine's own wheels and mirrors must not decide what everybody installs.
    os.environ["PIP_CONFIG_FILE"] = os.devnull
    for local in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        os.environ.pop(local, None)
    os.environ["CUSTOM_COMPILE_COMMAND"] = "nox -s lock"
    sys.stdin = io.StringIO("\n".join(wanted()))
    with mock.patch.object(PyPIRepository, "_get_file_hash", _hash_of_index):
        cli([*OPTIONS, *sys.argv[1:], "--output-file", str(LOCK), "-"], standalone_mode=False)
    text = LOCK.read_text(encoding="utf-8")
    LOCK.write_text(text.replace("via -r -", "via pyproject.toml"), encoding="utf-8")


if __name__ == "__main__":
    main()
