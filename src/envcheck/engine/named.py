"""Locked entries whose text tells no name (``-e ./libs/tools``) → the same under the name of what stands there."""

from __future__ import annotations

import os
import posixpath

from msgspec import Struct
from msgspec.structs import replace

from envcheck.engine.load import Facts
from envcheck.model.declarations import Declaration
from envcheck.model.environment import Environment
from envcheck.model.locks import IndexedEntries, Selection
from envcheck.model.names import NormalizedName
from envcheck.model.requirements import DirectKind, DirectReference
from envcheck.model.urls import normalize_url, path_of


class Names(Struct, frozen=True):
    """What folders and repositories are called: a folder of the project by its manifest, others as installed."""

    root: str
    facts: Facts
    environment: Environment | None

    def given(self, declaration: Declaration, selection: Selection) -> tuple[Declaration, Selection]:
        """Return a lock and what it selects with a name for every entry that has one somewhere."""
        entries = declaration.requirements
        if isinstance(entries, IndexedEntries) or all(entry.name for entry in entries):
            return declaration, selection
        names = self._by_origin()
        found = {
            entry: replace(entry, name=name, shown_name=name)
            for entry in entries
            if entry.direct and not entry.name and (name := names.get(self._origin(entry.direct, entry.place.path)))
        }
        return (
            replace(declaration, requirements=tuple(found.get(entry, entry) for entry in entries)),
            replace(selection, entries=tuple(found.get(entry, entry) for entry in selection.entries)),
        )

    def _by_origin(self) -> dict[str, NormalizedName]:
        names: dict[str, NormalizedName] = {}
        for path, declaration in self.facts.declarations.items():
            if declaration.project and not declaration.lock:
                names.setdefault(self._folder(posixpath.dirname(path)), NormalizedName(declaration.project))
        for distribution in self.environment.distributions if self.environment else ():
            if distribution.direct:
                names.setdefault(self._origin(distribution.direct, ""), distribution.name)
        return names

    def _origin(self, direct: DirectReference, path: str) -> str:
        if direct.kind is DirectKind.PATH or direct.url.startswith("file:"):
            return self._folder(posixpath.join(posixpath.dirname(path), path_of(direct.url)))
        return normalize_url(direct.url)

    def _folder(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self.root.replace(os.sep, "/"), path))
