"""pylock.toml and pylock.<name>.toml (PEP 751): the lock that every installer reads, whoever wrote it."""

from __future__ import annotations

import re

from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading

NAME = "pylock"

_FILE_NAME = re.compile(r"pylock(?:\.[^.]+)?\.toml")


def claims(path: str) -> bool:
    """Tell by its name whether a file is a lock of this standard."""
    return path.endswith(".toml") and _FILE_NAME.fullmatch(path.rpartition("/")[2]) is not None


def read(file: RawFile) -> Reading[Declaration]:
    """Return what the lock holds, and what in it every installer would refuse."""
    from envcheck.gather.declarations.pylock.reading import read_lock

    return read_lock(file)
