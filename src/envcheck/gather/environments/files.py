"""Reading what may be hostile: regular files only, never more than asked for, never waiting on a pipe."""

from __future__ import annotations

import errno
import os
import stat

MEGABYTE = 1 << 20
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_start(path: str, limit: int) -> bytes:
    """Return at most ``limit`` bytes from the start of a regular file; raises ``OSError`` for anything else."""
    if "\0" in path:
        raise _no_path(path)
    # O_NONBLOCK: opening a named pipe without a writer would wait for ever.
    descriptor = os.open(path, _FLAGS)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        return os.read(descriptor, min(status.st_size, limit))
    finally:
        os.close(descriptor)


def read_whole(path: str, limit: int = 64 * MEGABYTE) -> bytes:
    """Return a regular file's bytes; raises ``OSError``, for a file above ``limit`` too."""
    found = read_start(path, limit + 1)
    if len(found) > limit:
        raise OSError(errno.EFBIG, f"larger than {limit // MEGABYTE} MB", path)
    return found


def read_text(path: str, limit: int = MEGABYTE) -> str:
    """Return the text of a small file (UTF-8, odd bytes replaced, BOM cut), empty when it cannot be read."""
    try:
        return read_whole(path, limit).decode("utf-8", "replace").removeprefix("\ufeff")
    except OSError:
        return ""


def names_in(folder: str) -> list[str]:
    """Return the sorted names in a folder, none when it is not there; raises ``OSError`` when it cannot be read."""
    if "\0" in folder:
        raise _no_path(folder)
    try:
        return sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _no_path(path: str) -> OSError:
    """Paths come out of files, too; the system calls refuse this one with an error of another kind."""
    return OSError(errno.EINVAL, "a path with a NUL character", path)


def is_absent(error: OSError) -> bool:
    """Tell whether an error only means that there is no such file."""
    return isinstance(error, (FileNotFoundError, NotADirectoryError))


def reason(error: OSError) -> str:
    """Return an error's words without path and number, for a message."""
    return (error.strerror or type(error).__name__).lower()
