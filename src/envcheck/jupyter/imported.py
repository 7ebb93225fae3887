"""Which modules this kernel has imported, since when, and which of them have become others on the disk."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from envcheck.model.environment import Distribution, Environment
from envcheck.model.versions import parse_version, same_version


class Changed(Struct, frozen=True):
    """A distribution that is not the one any more that was imported; ``was`` is empty where its module does not say."""

    name: str
    was: str
    now: str


class Imported:
    """The modules of this process, each with the time (nanoseconds) at which it was there when somebody looked."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}
        self._first = time.time_ns()

    def look(self, *_: object) -> None:
        """Note what has been imported by now; whoever calls it often knows the times better."""
        now = time.time_ns()
        for name in sys.modules.keys() - self._seen.keys():
            self._seen[name] = now

    def changed(self, environment: Environment) -> tuple[Changed, ...]:
        """Return the distributions that were installed anew after this process had imported them."""
        by_name = {distribution.name: distribution for distribution in environment.distributions}
        found = {}
        for module, owners in environment.modules.items():
            for owner in owners if module in self._seen and len(owners) == 1 else ():
                distribution = by_name.get(owner)
                if distribution and self._is_newer(module, distribution):
                    found[owner] = Changed(distribution.name, _said(module), distribution.version)
        return tuple(found[name] for name in sorted(found))

    def _is_newer(self, module: str, distribution: Distribution) -> bool:
        installed = installed_at(distribution)
        seen, said = self._seen[module], parse_version(_said(module))
        if installed > seen:
            return True
        # Imported before anybody looked: only a module that calls itself another version gives that away, and one
        # that has never told its version right does so as well, unless the files are that new.
        is_early = seen - self._first < 1_000_000_000
        return (
            is_early and bool(said) and installed > _started() and not same_version(_said(module), distribution.version)
        )


def installed_at(distribution: Distribution) -> int:
    """Return when the metadata of a distribution came to where it stands (nanoseconds), 0 when nobody can tell.

    A folder's own time: files may be links into a cache, or carry the time of their archive.
    """
    folder = os.path.dirname(distribution.place.path)
    path = folder if folder.endswith((".dist-info", ".egg-info")) else distribution.place.path
    try:
        return os.stat(path).st_ctime_ns
    except OSError:
        return 0


def tops(names: Iterable[str]) -> frozenset[str]:
    """Return the first components of dotted names."""
    return frozenset(name.partition(".")[0] for name in names)


def told(changed: Iterable[Changed]) -> Iterator[str]:
    """Yield a sentence for each distribution that has changed."""
    for one in changed:
        was = f" ({one.was} is loaded)" if one.was and one.was != one.now else ""
        yield f"{one.name}: {one.now} was installed after this kernel had imported it{was}; restart the kernel"


def _said(module: str) -> str:
    namespace: Mapping[str, object] = getattr(sys.modules.get(module), "__dict__", {})
    version = namespace.get("__version__")
    return version if isinstance(version, str) else ""


def _started() -> int:
    """Return when this kernel was started at the earliest, as its connection file tells; 0 when it has none."""
    try:
        from ipykernel.connect import get_connection_file

        return os.stat(get_connection_file()).st_mtime_ns
    except Exception:  # noqa: BLE001 - no kernel, another kernel, or its file is gone
        return 0
