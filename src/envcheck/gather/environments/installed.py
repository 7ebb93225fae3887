"""One installed distribution with the files it owns, before environments are put together."""

from __future__ import annotations

from msgspec import Struct

from envcheck.gather.environments.records import listing_below
from envcheck.model.environment import Distribution
from envcheck.model.names import NormalizedName
from envcheck.model.readings import Problem


class Ownership(Struct, frozen=True):
    """Which modules somebody owns: their top-level names, and where to look when others have some of these too.

    ``listing`` names the files (see ``records``); ``folder`` is a source folder on the path to be looked into instead.
    ``namespaces`` are the tops that are folders without ``__init__.py`` in that source folder.
    """

    owner: NormalizedName
    tops: frozenset[str]
    listing: bytes = b""
    folder: str = ""
    namespaces: frozenset[str] = frozenset()


class CondaOwner(Struct, frozen=True):
    """The conda package that owns a metadata folder: ``files`` is the JSON text of its files, ``site`` begins them."""

    name: str
    files: bytes
    site: str

    def lists(self, path: str) -> bool:
        """Tell whether the package has a file of this path in the site folder."""
        return f'"{self.site}/{path}"'.encode("utf-8", "replace") in self.files

    def listing(self) -> bytes:
        """Return the listing of the package's files in the site folder."""
        return listing_below(self.files, self.site)


class Installed(Struct, frozen=True):
    """A distribution, what it owns and what is wrong with its metadata; without a usable name only the last."""

    distribution: Distribution | None
    ownerships: tuple[Ownership, ...] = ()
    problems: tuple[Problem, ...] = ()
