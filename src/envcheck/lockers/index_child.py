"""Asks pip's indexes for the versions of distributions: ``child.py FOLDER… -- NAME…`` → JSON.

``{"pandas": {"2.1.4": "", "2.1.3": "yanked: broken wheels"}}``: all that can be installed here, and why not to.
"""

from __future__ import annotations

import json
import sys


def main(arguments: list[str]) -> None:
    """Print what the indexes of pip's configuration have of the names after ``--``."""
    end = arguments.index("--")
    sys.path[:0] = arguments[:end]

    from pip._internal.exceptions import PipError
    from piptools.repositories.pypi import PyPIRepository

    repository = PyPIRepository([], cache_dir="")
    known: dict[str, dict[str, str]] = {}
    for name in arguments[end + 1 :]:
        try:
            candidates = repository.find_all_candidates(name)
        except PipError:
            candidates = []
        versions: dict[str, str] = {}
        for candidate in candidates:
            link, version = candidate.link, str(candidate.version)
            # One file that was not withdrawn is enough to install it.
            reason = f"yanked: {link.yanked_reason or 'no reason given'}" if link.is_yanked else ""
            versions[version] = reason if versions.get(version, reason) else ""
        known[name] = versions
    sys.stdout.write(json.dumps(known))


if __name__ == "__main__":
    main(sys.argv[1:])
