"""All sources of a run, whoever reads them: the order is that of their paths, and the outcome the same."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Raw, Struct

from envcheck.engine.reading.one import Outcome, read_one

TYPE_CHECKING = False
if TYPE_CHECKING:
    from envcheck.engine.reading.cache import Cache, Identity

FEW = 100
"""Sources that are read as quickly as it is found out whether they are known."""


class Means(Struct, frozen=True):
    """What may be used to read faster: so many processes (0 for what the machine has), and a cache.

    ``environ`` tells where caches are kept; without it there is none.
    """

    jobs: int = 0
    environ: Mapping[str, str] | None = None


ALONE = Means(jobs=1)
"""One process, and no memory."""


def read_sources(root: str, paths: Sequence[str], means: Means) -> Iterator[tuple[str, Outcome]]:
    """Yield each source with what it says, in the order of ``paths``."""
    if len(paths) < FEW:
        yield from ((path, read_one(root, path)) for path in paths)
        return
    from envcheck.engine.reading.cache import Cache, cache_folder, identity_of

    identities = {path: identity_of(os.path.join(root, path)) for path in paths}
    folder = cache_folder(means.environ) if means.environ else ""
    if folder:
        yield from _with_cache(root, identities, Cache(folder, root), means.jobs)
    else:
        yield from _read(root, paths, _size(identities.values()), means.jobs)


def _with_cache(
    root: str, identities: dict[str, Identity | None], cache: Cache, jobs: int
) -> Iterator[tuple[str, Outcome]]:
    from msgspec import msgpack

    known = {path: raw for path, identity in identities.items() if identity and (raw := cache.kept(path, identity))}
    unknown = [path for path in identities if path not in known]
    reading = _read(root, unknown, _size(identities[path] for path in unknown), jobs)
    decode = msgpack.Decoder(Outcome).decode
    fresh: dict[str, tuple[Identity, Raw]] = {}
    for path, identity in identities.items():
        if path in known:
            yield path, decode(known[path])
            continue
        _, outcome = next(reading)
        if identity and outcome.reading:
            fresh[path] = identity, Raw(msgpack.encode(outcome))
        yield path, outcome
    cache.keep(fresh, known)


def _read(root: str, paths: Sequence[str], size: int, jobs: int) -> Iterator[tuple[str, Outcome]]:
    from envcheck.engine.reading.workers import decoder, processors, read_by_workers, worth_of_workers

    count = jobs or (processors() if worth_of_workers(len(paths), size) else 1)
    if count == 1 or len(paths) < FEW:
        yield from ((path, read_one(root, path)) for path in paths)
        return
    decode = decoder().decode
    yield from ((path, decode(content)) for path, content in read_by_workers(root, paths, count))


def _size(identities: Iterable[Identity | None]) -> int:
    return sum(identity.size for identity in identities if identity)
