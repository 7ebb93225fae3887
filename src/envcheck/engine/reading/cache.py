"""Readings kept from one run to the next, for files that are still what they were.

A file is the same when its size, its times of change and its inode are: hashing contents costs as much as reading them.
What is kept is decoded as plain data of known types, so that a cache that was tampered with can lie, and do no more.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec import Struct

from envcheck import __version__

_FORM = 1
_ENDING = ".readings"
_RACY = 2_000_000_000  # nanoseconds: a file may change again within the time that its file system tells apart
_LARGEST = 256 * 2**20  # bytes of all projects together
_READERS = ("gather/sources", "gather/documents", "model")


class Identity(Struct, frozen=True, array_like=True):
    """What a file must still be: bytes, nanoseconds since the epoch, inode."""

    size: int
    modified: int
    changed: int
    inode: int


class Entry(Struct, frozen=True, array_like=True):
    """The reading of a file in its encoded form."""

    identity: Identity
    reading: msgspec.Raw


class _Kept(Struct, frozen=True, array_like=True):
    """What a cache file holds; made by other readers, it is worth nothing."""

    form: int
    readers: str
    entries: dict[str, Entry]


class Cache:
    """The readings of one project; nothing that goes wrong with it is more than a slower run."""

    def __init__(self, folder: str, root: str) -> None:
        """Take what the last run has kept of the project at ``root``."""
        self._path = os.path.join(folder, hashlib.sha256(os.fsencode(root)).hexdigest()[:32] + _ENDING)
        self._readers = _version_of_readers()
        self._entries = self._load()

    def kept(self, path: str, identity: Identity | None) -> msgspec.Raw | None:
        """Return the reading of a file that is still the same, ``None`` when there is none."""
        entry = self._entries.get(path)
        return entry.reading if entry and entry.identity == identity else None

    def keep(self, read: Mapping[str, tuple[Identity, msgspec.Raw]], unchanged: Iterable[str]) -> None:
        """Keep new readings beside those of ``unchanged`` files, in one step, and no other."""
        newest = time.time_ns() - _RACY
        entries = {path: self._entries[path] for path in unchanged}
        settled = {
            path: Entry(identity, raw)
            for path, (identity, raw) in read.items()
            if max(identity.modified, identity.changed) < newest
        }
        if not settled and len(entries) == len(self._entries):
            return
        content = msgspec.msgpack.encode(_Kept(_FORM, self._readers, {**entries, **settled}))
        with contextlib.suppress(OSError):
            _write(self._path, content)
            _shrink(os.path.dirname(self._path))

    def _load(self) -> dict[str, Entry]:
        try:
            with open(self._path, "rb") as file:
                if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid != os.getuid():
                    return {}
                kept = msgspec.msgpack.decode(file.read(), type=_Kept)
        except (OSError, msgspec.DecodeError, RecursionError, MemoryError):
            return {}
        return kept.entries if (kept.form, kept.readers) == (_FORM, self._readers) else {}


def identity_of(path: str) -> Identity | None:
    """Return what a file is now, ``None`` when that cannot be told."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return Identity(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def cache_folder(environ: Mapping[str, str]) -> str:
    """Return the folder that caches are kept in, empty when there is no home for it."""
    if own := environ.get("ENVCHECK_CACHE_DIR"):
        return os.path.abspath(own)
    if sys.platform == "win32":
        base = environ.get("LOCALAPPDATA", "")
        return os.path.join(base, "envcheck", "Cache") if base else ""
    home = environ.get("HOME", "")
    usual = os.path.join(home, "Library/Caches" if sys.platform == "darwin" else ".cache") if home else ""
    base = environ.get("XDG_CACHE_HOME") or usual
    return os.path.join(base, "envcheck") if os.path.isabs(base) else ""


def files_in(folder: str) -> Iterator[tuple[str, int, float]]:
    """Yield the cache files of a folder with their bytes and the time of their last use."""
    try:
        with os.scandir(folder) as found:
            for entry in found:
                if entry.name.endswith((_ENDING, f"{_ENDING}.tmp")) and entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    yield entry.path, status.st_size, status.st_mtime
    except OSError:
        return


def _write(path: str, content: bytes) -> None:
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    beside = f"{path[: -len(_ENDING)]}.{os.getpid()}{_ENDING}.tmp"
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        os.replace(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise


def _shrink(folder: str) -> None:
    """Remove what was not used for longest until the folder is small enough."""
    files = sorted(files_in(folder), key=lambda each: each[2], reverse=True)
    total = 0
    for path, size, _ in files:
        total += size
        if total > _LARGEST:
            with contextlib.suppress(OSError):
                os.unlink(path)


def _version_of_readers() -> str:
    """Return what changes whenever the code does that makes readings."""
    package = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
    digest = hashlib.sha256(f"{__version__} {sys.version}".encode())
    for folder in _READERS:
        try:
            with os.scandir(os.path.join(package, folder)) as entries:
                modules = {entry.name: entry.stat() for entry in entries if entry.name.endswith(".py")}
        except OSError:  # installed in an archive
            continue
        digest.update(repr(sorted((name, is_.st_size, is_.st_mtime_ns) for name, is_ in modules.items())).encode())
    return digest.hexdigest()
