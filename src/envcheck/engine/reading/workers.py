"""Several processes that read sources, where that takes longer than starting them."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence

import msgspec

from envcheck.engine.reading.one import Outcome, read_one

_PAUSE = 0.2  # seconds
_CHUNKS = 8  # for each worker: the last ones even out what was unequal


def worth_of_workers(files: int, size: int) -> bool:
    """Tell whether so many files of so many bytes together take longer than starting workers."""
    return files > 1_500 or size > 60 * 2**20


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def read_by_workers(root: str, paths: Sequence[str], jobs: int) -> Iterator[tuple[str, bytes]]:
    """Yield each path with its encoded outcome, in order. What a worker that died leaves is read here.

    No worker outlives this process, whatever ends it.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    size = max(1, -(-len(paths) // (jobs * _CHUNKS)))
    chunks = [paths[start : start + size] for start in range(0, len(paths), size)]
    # A fork has everything loaded already; where a process is not safely forked, it starts anew.
    context = get_context("fork" if sys.platform == "linux" else "spawn")
    pool = ProcessPoolExecutor(jobs, context, _end_with_parent, (os.getpid(),))
    try:
        with _undisturbed():
            waiting = [pool.submit(read_chunk, root, chunk) for chunk in chunks]
        for chunk, future in zip(chunks, waiting, strict=True):
            try:
                outcomes = future.result()
            except BrokenProcessPool:
                outcomes = read_chunk(root, chunk)
            yield from zip(chunk, outcomes, strict=True)
    finally:
        # Whoever is interrupted does not wait. Workers are not killed either: one that dies while it answers leaves
        # half an answer, for the rest of which the pool would wait for ever. They end when this process does.
        pool.shutdown(wait=False, cancel_futures=True)


def read_chunk(root: str, paths: Sequence[str]) -> list[bytes]:
    """Return the encoded outcomes of some sources."""
    return [msgspec.msgpack.encode(read_one(root, path)) for path in paths]


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach: it goes to all of a terminal, and only the first is to speak of it.

    Interrupted while it held the lock of a queue, a worker would leave the others waiting for ever.
    """
    import signal

    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent(parent: int) -> None:
    """Let a worker end soon after the process that started it: killed, that can tell nobody."""
    import threading
    import time

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PAUSE)
        os._exit(1)

    if sys.platform != "win32":  # where a parent stays what it was, and multiprocessing looks after it
        threading.Thread(target=watch, daemon=True).start()


def decoder() -> msgspec.msgpack.Decoder[Outcome]:
    """Return what decodes an outcome."""
    return msgspec.msgpack.Decoder(Outcome)
