"""What a pdm.lock knows beyond its entries."""

from __future__ import annotations

import posixpath
import re

from msgspec import Struct

from envcheck.gather.declarations.pdm_lock import selection
from envcheck.gather.declarations.pdm_lock.entries import Entry, is_archive
from envcheck.gather.declarations.pdm_lock.project import Project, project_of
from envcheck.gather.declarations.pdm_lock.targets import Scope, uncovered
from envcheck.gather.documents.lock_texts import text_in
from envcheck.model.locks import Freshness, Manager, Selection, Target
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.readings import RawFile
from envcheck.model.requirements import DirectKind

RENEW = "pdm lock"
# Without these options pdm leaves what no lock holds and other builds of a version, and ``lock`` updates everything.
_MANAGER = Manager("pdm", "pdm sync --clean", "pdm lock --update-reuse", "pdm sync --reinstall")
_MANIFEST = "pyproject.toml"
_GLOB = re.compile(r"(\*\*/|\*\*|\*|\?)")
_GLOBS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


class PdmLock(Struct, frozen=True):
    """A lock of pdm: ``groups`` is ``None`` in locks that do not say which ones they hold.

    ``inherits`` tells whether each entry says in what groups and for whom it is, ``crosses`` whether a lock without
    targets is for whatever the project is for. ``digest`` or ``inputs`` say what the lock was made from.
    """

    path: str
    entries: tuple[Entry, ...]
    scopes: tuple[Scope, ...] = ()
    groups: tuple[str, ...] | None = None
    inherits: bool = True
    crosses: bool = False
    digest: str = ""
    inputs: dict[str, object] | None = None
    knows_needs: bool = True

    @property
    def manager(self) -> Manager:
        """Pdm."""
        return _MANAGER

    @property
    def manifest(self) -> str:
        """The path of the pyproject.toml that the lock belongs to."""
        return posixpath.join(posixpath.dirname(self.path), _MANIFEST)

    @property
    def made_from(self) -> tuple[str, ...]:
        """The pyproject.toml of the project, and those of the folders that it takes distributions from."""
        members = self.inputs.get("workspace") if self.inputs else None
        folders = [*self.folders.values(), *(members if isinstance(members, dict) else ())]
        paths = [posixpath.normpath(posixpath.join(posixpath.dirname(self.path), folder)) for folder in folders]
        inside = (path for path in paths if not path.startswith(("../", "/")) and path != "..")
        return tuple(dict.fromkeys((self.manifest, *(posixpath.join(path, _MANIFEST) for path in inside))))

    @property
    def folders(self) -> dict[NormalizedName, str]:
        """The folders on this machine that entries come from, as written, by the names of the distributions."""
        directs = ((entry.name, entry.requirement.direct) for entry in self.entries)
        return {name: d.url for name, d in directs if d and d.kind is DirectKind.PATH and not is_archive(d.url)}

    def select(self, target: Target, manifests: tuple[RawFile, ...]) -> Selection:
        """Return what ``pdm sync`` installs; extras and groups are what ``-G`` names."""
        project = project_of(manifests, self.manifest)
        own = self._own(project)
        elsewhere = uncovered(self._scopes(project), {"python_full_version": target.python, **target.markers})
        groups = selection.chosen_groups(target, self.groups, project)
        absent = [group for group in groups if self.groups and group not in self.groups]
        if elsewhere or absent:
            return Selection(own=own, uncovered=elsewhere or f"locked without the group {' and '.join(absent)}")
        excluded = project.excludes if project else frozenset()
        entries = tuple(entry for entry in self.entries if entry.name not in excluded)
        if self.inherits:
            return Selection(selection.inherited(entries, groups, target.markers), own)
        return Selection(selection.reached(entries, project, groups, target.markers), own)

    def freshness(self, manifests: tuple[RawFile, ...]) -> Freshness:
        """Tell what ``pdm lock --check`` tells, of what the manifests show."""
        from envcheck.gather.declarations.pdm_lock.freshness import judged

        return judged(self, manifests)

    def _scopes(self, project: Project | None) -> tuple[Scope, ...]:
        """Return what the lock is for; without targets that is what the project itself is for."""
        wanted = text_in(project.document.table("project"), "requires-python") if project else ""
        return self.scopes or ((Scope(wanted),) if self.crosses and wanted else ())

    def _own(self, project: Project | None) -> frozenset[NormalizedName]:
        if project is None:
            return frozenset()
        members = [normalize(name) for name, folder in self.folders.items() if is_member(folder, project.members)]
        return frozenset((*members, project.name)) - {""}


def is_member(folder: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether a folder, relative to the root, is one of those that ``[tool.pdm.workspace] members`` means."""
    wanted = posixpath.normpath(folder)
    return any(re.fullmatch(_as_regex(posixpath.normpath(pattern)), wanted) for pattern in patterns)


def _as_regex(pattern: str) -> str:
    return "".join(_GLOBS.get(part, re.escape(part)) for part in _GLOB.split(pattern))
