"""One file replaced whole or not at all, and only if it is still what was read."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator

from envcheck.model.errors import UserError

_SUFFIX = ".envcheck.tmp"
_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0)
# Nor does a pipe that somebody called so keep anybody waiting.
_READ_NO_LINK = _READ | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def replace_file(root: str, path: str, *, old: bytes, new: bytes) -> None:
    """Put ``new`` in the place of ``old`` in a file below ``root``: mode, owner and links stay.

    Whoever dies meanwhile leaves the old file or the new one, whole. Raises ``UserError``, the file untouched, when it
    is not ``old`` any more, lies outside the project behind a link, or cannot be written.
    """
    target = os.path.realpath(os.path.join(root, path))
    inside = os.path.realpath(root)
    if os.path.commonpath((target, inside)) != inside:
        raise UserError(f"{path}: a link that leads out of the project", "write the file that it leads to")
    try:
        with _held(target, path) as status:
            if _content(target) != old:
                raise UserError(f"{path}: changed since it was read", "run it again")
            if not os.access(target, os.W_OK):
                raise UserError(f"{path}: read-only", "make it writable")
            _replace(target, new, status)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(f"{path}: cannot be written: {reason}", "the file is as it was") from error


def create_file(root: str, path: str, content: bytes) -> None:
    """Write a new file below ``root``, whole or not at all, with the folders it needs; never over another one.

    Raises ``UserError`` when something is there already, when its folder lies outside the project behind a link, and
    when it cannot be written.
    """
    target = os.path.join(root, path)
    inside = os.path.realpath(root)
    if os.path.commonpath((os.path.realpath(os.path.dirname(target)), inside)) != inside:
        raise UserError(f"{path}: a link that leads out of the project", "write the file that it leads to")
    try:
        _create(target, content)
    except FileExistsError as error:
        raise UserError(f"{path}: is there already", "nothing is written over it") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(f"{path}: cannot be written: {reason}", "nothing is left of it") from error


@contextlib.contextmanager
def held(root: str) -> Iterator[None]:
    """Hold a project while several of its files are written; raises ``UserError`` when another process does."""
    try:
        descriptor = os.open(root, _READ)
    except OSError:  # Windows opens no folders; each file is held by itself
        yield
        return
    try:
        if _is_held(descriptor) is False:
            raise UserError("another envcheck is writing here, so nothing was written", "run it again")
        yield
    finally:
        os.close(descriptor)


def _create(target: str, content: bytes) -> None:
    folder, name = os.path.split(target)
    os.makedirs(folder, exist_ok=True)
    with _beside(folder, name, content) as beside:
        os.chmod(beside, 0o666 & ~_umask())
        try:
            os.link(beside, target)  # unlike a rename it fails where something is
        except FileExistsError:
            raise
        except (AttributeError, OSError) as error:
            if os.path.lexists(target):
                raise FileExistsError(target) from error
            os.rename(beside, target)  # a file system without links
    _sync_folder(folder)


def _umask() -> int:
    mask = os.umask(0o077)  # there is no other way to learn it
    os.umask(mask)
    return mask


@contextlib.contextmanager
def _held(target: str, path: str) -> Iterator[os.stat_result]:
    """Hold a file against others who do the same, and give what it is."""
    descriptor = os.open(target, _READ)
    try:
        if _is_held(descriptor) is False:
            raise UserError(f"{path}: is being written by another process", "run it again")
        status = os.fstat(descriptor)
        # Whoever held it before may have put another file in its place.
        if not os.path.samestat(status, os.stat(target)):
            raise UserError(f"{path}: changed since it was read", "run it again")
        yield status
    finally:
        os.close(descriptor)


def _is_held(descriptor: int) -> bool | None:
    """Hold an open file for this process and tell whether that worked; ``None`` where files cannot be held."""
    try:
        import fcntl
    except ImportError:  # Windows: the comparison of contents is all there is
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None  # a file system without locks
    return True


def _content(target: str) -> bytes:
    with open(target, "rb") as file:
        return file.read()


def _replace(target: str, new: bytes, status: os.stat_result) -> None:
    folder, name = os.path.split(target)
    with _beside(folder, name, new) as beside:
        _like(beside, status)
        os.replace(beside, target)
    _sync_folder(folder)


@contextlib.contextmanager
def _beside(folder: str, name: str, content: bytes) -> Iterator[str]:
    """Give a file with this content in the folder, safe on the disk; it is gone afterwards, whatever happens."""
    _sweep(folder, name)
    descriptor, beside = _claimed(folder, name)
    try:
        with open(descriptor, "wb", closefd=os.name == "nt") as file:  # Windows renames no open file
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        yield beside
    finally:
        with contextlib.suppress(OSError):  # mostly it has become the file itself
            os.unlink(beside)
        with contextlib.suppress(OSError):
            os.close(descriptor)


def _claimed(folder: str, name: str) -> tuple[int, str]:
    """Return a new file, held for as long as it is open, so that nobody takes it for what a killed one has left."""
    while True:
        descriptor, beside = tempfile.mkstemp(_SUFFIX, f".{name}.", folder)
        # Whoever sweeps may have come between the two.
        if _is_held(descriptor) is not False and os.path.exists(beside):
            return descriptor, beside
        os.close(descriptor)


def _sweep(folder: str, name: str) -> None:
    """Remove what writers of this file have left that were killed; those that live hold theirs."""
    for left in _left(folder, name):
        with contextlib.suppress(OSError):
            descriptor = os.open(left, _READ_NO_LINK)
            try:
                if _is_held(descriptor):
                    os.unlink(left)
            finally:
                os.close(descriptor)


def _left(folder: str, name: str) -> Iterator[str]:
    start = f".{name}."
    with contextlib.suppress(OSError):  # folders that may be written to and not be listed
        for one in os.listdir(folder):
            if one.startswith(start) and one.endswith(_SUFFIX) and "." not in one[len(start) : -len(_SUFFIX)]:
                yield os.path.join(folder, one)


def _like(beside: str, status: os.stat_result) -> None:
    """Give a new file mode and owner of the one that it replaces."""
    if hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):  # only root may give files away
            os.chown(beside, status.st_uid, status.st_gid)
    os.chmod(beside, stat.S_IMODE(status.st_mode))


def _sync_folder(folder: str) -> None:
    with contextlib.suppress(OSError):  # Windows opens no folders
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
