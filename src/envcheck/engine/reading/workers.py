"""Several processes that read sources, where that takes longer than starting them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

import msgspec

from envcheck.engine.reading.one import Outcome, read_one

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
    """Yield each path with its encoded outcome, in order. What a worker that died leaves is read here."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    size = max(1, -(-len(paths) // (jobs * _CHUNKS)))
    chunks = [paths[start : start + size] for start in range(0, len(paths), size)]
    # A fork has everything loaded already; where a process is not safely forked, it starts anew.
    context = get_context("fork" if sys.platform == "linux" else "spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        waiting = [pool.submit(read_chunk, root, chunk) for chunk in chunks]
        for chunk, future in zip(chunks, waiting, strict=True):
            try:
                outcomes = future.result()
            except BrokenProcessPool:
                outcomes = read_chunk(root, chunk)
            yield from zip(chunk, outcomes, strict=True)


def read_chunk(root: str, paths: Sequence[str]) -> list[bytes]:
    """Return the encoded outcomes of some sources."""
    return [msgspec.msgpack.encode(read_one(root, path)) for path in paths]


def decoder() -> msgspec.msgpack.Decoder[Outcome]:
    """Return what decodes an outcome."""
    return msgspec.msgpack.Decoder(Outcome)
