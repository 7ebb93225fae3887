"""The bytes of a file, or why there are none."""

from __future__ import annotations

import os
import stat

from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, RawFile

_LARGEST = 2**31
"""Bytes: a text of this size is no notebook, and would not fit into memory several times."""


def read_file(root: str, path: str) -> RawFile | Problem:
    """Return the bytes of a regular file below ``root``, or the problem that kept them from being read."""
    try:
        # Without O_NONBLOCK a named pipe put in the file's place would hold the run for ever.
        descriptor = os.open(os.path.join(root, path), os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        return _unreadable(path, error)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return Problem(ProblemKind.UNREADABLE_FILE, Place(path), "not a regular file: left unread", "remove it")
        if status.st_size >= _LARGEST:
            return Problem(
                ProblemKind.UNREADABLE_FILE, Place(path), "larger than 2 GiB: left unread", "clear its outputs"
            )
        return RawFile(path, _all_of(descriptor, status.st_size))
    except OSError as error:
        return _unreadable(path, error)
    finally:
        os.close(descriptor)


def _all_of(descriptor: int, size: int) -> bytes:
    data = os.read(descriptor, size + 1)
    if len(data) == size or not data:
        return data
    chunks = [data]
    while chunk := os.read(descriptor, 1 << 20):
        chunks.append(chunk)
    return b"".join(chunks)


def _unreadable(path: str, error: OSError | ValueError) -> Problem:
    reason = getattr(error, "strerror", None) or str(error)
    return Problem(
        ProblemKind.UNREADABLE_FILE, Place(path), f"cannot be opened: {reason.lower()}", "check its permissions"
    )
