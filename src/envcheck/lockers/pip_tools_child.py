"""pip-compile as a program of its own, under whatever Python it is to lock for: ``child.py FOLDER… -- ARGUMENT…``.

The folders are where pip-tools and what it needs are installed: they come before the interpreter's own packages, and
the folder of the project is on no path, so that no file of it is imported. pip-tools downloads every file of a release
in order to hash it when the index is a mirror; an index that gives the SHA-256 of its files has said it already
(jazzband/pip-tools#1536).
"""

from __future__ import annotations

import sys
from typing import Any


def main(arguments: list[str]) -> None:
    """Run pip-compile on the arguments after ``--``."""
    end = arguments.index("--")
    sys.path[:0] = arguments[:end]

    from pip._internal.utils.hashes import FAVORITE_HASH
    from piptools.repositories.pypi import PyPIRepository
    from piptools.scripts.compile import cli

    download_and_hash = PyPIRepository._get_file_hash  # noqa: SLF001

    def hash_of_index(repository: Any, link: Any) -> Any:
        if link.hash_name == FAVORITE_HASH and link.hash:
            return FAVORITE_HASH + ":" + link.hash
        return download_and_hash(repository, link)

    PyPIRepository._get_file_hash = hash_of_index  # type: ignore[assignment,method-assign]  # noqa: SLF001
    cli(arguments[end + 1 :], prog_name="pip-compile")


if __name__ == "__main__":
    main(sys.argv[1:])
