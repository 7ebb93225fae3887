"""A notebook and an environment → the stamp of the one in the other."""

from __future__ import annotations

import json
import os
import posixpath
from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from envcheck.engine.check import names
from envcheck.engine.discover import discover, find_root
from envcheck.engine.scopes import with_written
from envcheck.gather.sources import ipynb
from envcheck.judge.evidence.link import Inventory, link
from envcheck.judge.evidence.stamped import record_of_environment, stamp_of
from envcheck.model.environment import Environment
from envcheck.model.errors import UserError
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.readings import ProblemKind, RawFile
from envcheck.model.records import Record
from envcheck.model.scopes import ProjectFiles, Scope
from envcheck.model.settings import Settings
from envcheck.model.stamps import Stamp
from envcheck.model.usage import Source


class Stamper:
    """Makes the stamps of notebooks in one environment; what is read of that is laid out once.

    A stamp says what ran, so neither declarations nor locks count for it: only what the notebook imports, the modules
    of the project, and what is installed.
    """

    def __init__(self, environment: Environment, settings: Settings, files: ProjectFiles) -> None:
        """Prepare to stamp; paths of ``files`` and of sources are relative to the same root."""
        self.environment = environment
        self._settings = settings
        self._files = files
        self._inventory = Inventory.of(environment, names().extended(settings.name_map))

    @cached_property
    def record(self) -> Record:
        """All that is installed."""
        return record_of_environment(self.environment)

    def key_of(self, ecosystem: Ecosystem, name: NormalizedName) -> str:
        """Return the name by which the environment knows a name of an ecosystem (``conda:name`` for no Python)."""
        return self._inventory.key_of(ecosystem, name)

    def stamp(self, source: Source, *, direct_only: bool = False) -> Stamp:
        """Return the stamp of a source; ``direct_only`` leaves out what its imports require themselves."""
        scope = Scope(
            root=posixpath.dirname(source.path) or ".",
            sources=(source,),
            environment=self.environment,
            files=with_written(self._files, [source]),
        )
        uses = link(scope, self._settings, self._inventory).uses
        return stamp_of(uses, self.environment, direct_only=direct_only)


class Surroundings(Struct, frozen=True):
    """Where a notebook stands: its path below the root of its project, the modules there, and the user's wishes."""

    path: str = "notebook.ipynb"
    files: ProjectFiles = field(default_factory=ProjectFiles)
    settings: Settings = field(default_factory=Settings)


def stamp_of_notebook(
    content: bytes | Mapping[str, object],
    environment: Environment,
    around: Surroundings | None = None,
    *,
    direct_only: bool = False,
) -> Stamp:
    """Return the stamp of a notebook, given as its bytes or as the object that they spell, in an environment.

    ``around`` is as :func:`surroundings` finds it; without it nothing counts as a module of the project. Keys that the
    notebook's own stamp has besides those that are known are kept. Raises ``UserError`` for what is no notebook in
    Python, and where its stamp is of a newer form.
    """
    around = around or Surroundings()
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    reading = ipynb.read(RawFile(around.path, data))
    broken = (p.message for p in reading.problems if p.kind is ProblemKind.UNREADABLE_FILE and not p.place.cell)
    refuse(reading.value, next(broken, ""))
    stamper = Stamper(environment, around.settings, around.files)
    return kept(reading.value.stamp, stamper.stamp(reading.value, direct_only=direct_only))


def surroundings(path: str, settings: Settings | None = None) -> Surroundings:
    """Return where a notebook stands, given its absolute path; the project is walked to know its modules."""
    root, settings = find_root([path]), settings or Settings()
    files = discover([path], root=root, exclude=settings.exclude).files
    return Surroundings(os.path.relpath(path, root).replace(os.sep, "/"), files, settings)


def refuse(source: Source, fault: str = "") -> None:
    """Raise ``UserError`` for a source that can have no stamp, or whose stamp may not be written over."""
    if fault:
        raise UserError(f"{source.path}: {fault}", "repair the notebook")
    if source.language != "python":
        raise UserError(f"{source.path}: is a notebook in {source.language}", "only notebooks in Python are stamped")
    if source.stamp and not source.stamp.is_known:
        raise UserError(f"{source.path}: {_why_not(source.stamp)}", _what_then(source.stamp))


def kept(old: Stamp | None, new: Stamp) -> Stamp:
    """Return a new stamp with the keys of the old one that are nobody's business here."""
    return replace(new, unknown=old.unknown) if old and old.unknown else new


def _why_not(stamp: Stamp) -> str:
    if stamp.is_newer:
        return f"its stamp is of schema {stamp.schema}, which only a newer envcheck knows"
    return "what stands in the place of its stamp is none"


def _what_then(stamp: Stamp) -> str:
    return "update envcheck" if stamp.is_newer else "look at metadata.envcheck; envcheck unstamp takes it away"
