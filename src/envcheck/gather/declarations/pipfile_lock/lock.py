"""What a Pipfile.lock knows beyond its entries."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from msgspec import Struct

from envcheck.gather.documents.lock_texts import is_for
from envcheck.gather.documents.pipfile_tables import DEVELOPMENT
from envcheck.model.locks import Freshness, Manager, Selection, Target
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.readings import RawFile
from envcheck.model.requirements import DirectKind, Requirement

RENEW = "pipenv lock"
# pipenv has no option to install again what has the right version.
_MANAGER = Manager("pipenv", "pipenv sync", RENEW, "pipenv --rm && pipenv sync", "pipenv run pip uninstall")
_ALIASES = {"default": "", "packages": "", "dev": DEVELOPMENT, "develop": DEVELOPMENT}


class PipfileLock(Struct, frozen=True):
    """A lock of pipenv: ``entries`` of all categories, each with its group, the default ones first.

    ``digest`` is that of the Pipfile, ``sources`` and ``requires`` are what it said of indexes and of Python.
    """

    path: str
    entries: tuple[Requirement, ...]
    digest: str = ""
    sources: tuple[Mapping[str, object], ...] = ()
    requires: Mapping[str, object] = {}
    knows_needs: bool = False

    @property
    def manager(self) -> Manager:
        """Pipenv."""
        return _MANAGER

    @property
    def made_from(self) -> tuple[str, ...]:
        """The Pipfile."""
        return (posixpath.join(posixpath.dirname(self.path), "Pipfile"),)

    def select(self, target: Target, manifests: tuple[RawFile, ...]) -> Selection:  # noqa: ARG002 - the lock says it all
        """Return what ``pipenv sync`` installs.

        A group is a category: ``dev``, ``develop`` and ``dev-packages`` are what ``--dev`` adds, and others what
        ``--categories`` names. Of a name in several categories the last one installed stays.
        """
        wanted = {_ALIASES.get(name.lower(), normalize(name)) for name in target.groups}
        if target.default_groups:
            wanted.add("")
        chosen: dict[NormalizedName, Requirement] = {}
        for entry in self.entries:
            if normalize(entry.group) in wanted and is_for(entry.marker, target.markers):
                chosen.pop(entry.name, None)
                chosen[entry.name] = entry
        return Selection(tuple(chosen.values()), self._own())

    def freshness(self, manifests: tuple[RawFile, ...]) -> Freshness:
        """Tell what ``pipenv verify`` tells."""
        from envcheck.gather.declarations.pipfile_lock.freshness import judged

        return judged(self, manifests)

    def _own(self) -> frozenset[NormalizedName]:
        """Return the names under which the folder of the Pipfile is installed itself."""
        directs = ((entry.name, entry.direct) for entry in self.entries)
        here = (name for name, d in directs if d and d.kind is DirectKind.PATH and posixpath.normpath(d.url) == ".")
        return frozenset(here)
