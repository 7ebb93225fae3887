"""A compiled requirements file as a lock: what it wants installed, and whether it follows its sources."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from envcheck.gather.declarations.requirements_txt import group_of
from envcheck.gather.declarations.requirements_txt.command import Command, paths_of, run_folder, typed
from envcheck.gather.declarations.requirements_txt.compiled import Header, Via
from envcheck.gather.declarations.requirements_txt.departures import ELSEWHERE, Compiled, departures
from envcheck.gather.declarations.requirements_txt.sources import Asked, read_constraints, read_wishes
from envcheck.model.locks import Freshness, Manager, Selection, State, Target
from envcheck.model.markers import marker_holds
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.readings import RawFile
from envcheck.model.requirements import Requirement

_PROJECT = "pyproject.toml"
# With one of these, a project was asked for more than what everybody gets.
_CHOOSING = re.compile(r"\s(?:--(?:all-|only-)?(?:extra|group)s?|--only-dev|--dev|-G)\b")
_MINOR = re.compile(r"3\.\d+")
# With these, an export leaves out what the project itself depends on.
_SELECTIVE = re.compile(r"--(?:only-|package|prune|script|no-emit-package|no-install-package)")
_SYSTEMS = (("linux", "linux"), ("manylinux", "linux"), ("musllinux", "linux"), ("windows", "win"), ("macos", "osx"))
_TRIPLES = (("-linux-", "linux"), ("-windows-", "win"), ("-apple-darwin", "osx"))


class CompiledLock(Struct, frozen=True):
    """What pip-compile, uv or pdm wrote: ``vias`` say for each entry who wants it, paths as written.

    ``left_out`` are packages that were resolved and not written. ``includes`` tells that the file takes others in
    (``-r``), as pip-compile-multi's do: then it is only a part.
    """

    path: str
    header: Header
    command: Command
    entries: tuple[Requirement, ...]
    vias: tuple[Via, ...]
    left_out: frozenset[NormalizedName] = frozenset()
    includes: bool = False

    @property
    def manager(self) -> Manager:
        """The compiler; a requirements file of pip-tools and pdm is followed by pip, which everybody has."""
        name = posixpath.basename(self.path)
        shown = f'"{name}"' if " " in name else name
        source = f"{shown.removesuffix('.txt')}.in"
        again = {
            "pip-tools": f"pip-compile {source}",
            "uv": f"uv pip compile {source} -o {shown}",
            "pdm": f"pdm export -o {shown}",
        }[self.header.tool]
        renew = typed(self.header.command, self.path, self._ran_in) or again
        if self.header.tool != "uv":
            pip = "python -m pip"
            anew = f"{pip} install --force-reinstall -r {shown}"
            return Manager(self.header.tool, f"{pip} install -r {shown}", renew, anew, f"{pip} uninstall")
        if not self._is_for_everybody:  # ``sync`` would take away what the other files want
            anew = f"uv pip install --reinstall -r {shown}"
            return Manager("uv", f"uv pip install -r {shown}", renew, anew, "uv pip uninstall")
        return Manager("uv", f"uv pip sync {shown}", renew, f"uv pip sync --reinstall {shown}")

    @property
    def made_from(self) -> tuple[str, ...]:
        """The files that the command, its options and the annotations name, wherever they may be in the project."""
        written = [*self._roots(), *self._limits()]
        for via in self.vias:
            written += [*via.sources, *via.constraints]
        if self.command.kind == "export":
            written.append("uv.lock")
        if self.header.tool == "pdm":
            written.append("pdm.lock")
        paths = (path for name in dict.fromkeys(written) for path in paths_of(name, self._folders))
        return tuple(path for path in dict.fromkeys(paths) if path != self.path)

    @property
    def knows_needs(self) -> bool:
        """Whether annotations say who wants what."""
        return any(via.parents for via in self.vias)

    def select(self, target: Target, manifests: tuple[RawFile, ...]) -> Selection:  # noqa: ARG002 - the file is all
        """Return the entries whose markers hold, as pip would; those of one platform are for no other."""
        made_for = _system(self.command.platform)
        if made_for and target.platform and not target.platform.startswith(made_for + "-"):
            return Selection(uncovered=f"made for {self.command.platform}")
        held: dict[str, bool] = {}
        for entry in self.entries:
            if entry.marker and entry.marker not in held:
                held[entry.marker] = _holds(entry.marker, target.markers)
        own = frozenset(project for via in self.vias for project in via.projects)
        wanted = tuple(entry for entry in self.entries if held.get(entry.marker, True))
        return Selection(wanted, own, is_optional=not self._is_for_everybody and not self._is_chosen(target))

    def freshness(self, manifests: tuple[RawFile, ...]) -> Freshness:
        """Tell by meaning: what the sources want now, and what the entries and their annotations say.

        Files that the sources include are looked for among the manifests too: what is new is in no annotation.
        """
        files = {file.path: file for file in manifests}
        roots = [path for name in self._roots() if (path := self._found(name, files))]
        if not roots:
            return Freshness(State.UNKNOWN)
        wanted = read_wishes(dict.fromkeys(roots), files, self._asked(files))
        wanted.is_whole &= all(self._found(name, files) for name in self._roots())
        if self.command.kind == "custom" and not all(wish.certain for wish in wanted.wishes):
            wanted.is_whole = False
        limits = [path for name in self.command.constraints if (path := self._found(name, files))]
        wanted.constraints += read_constraints(dict.fromkeys(limits), files)
        compiled = self._compared(files)
        found = tuple(departures(compiled, wanted))
        if found:
            return Freshness(State.CHANGED, found)
        limited = len(limits) == len(self.command.constraints)
        is_proven = compiled.names_sources and compiled.is_closed and wanted.is_whole and limited
        return Freshness(State.FRESH if is_proven else State.UNKNOWN)

    @property
    def _ran_in(self) -> str | None:
        return run_folder(self.path, self.command.output)

    @property
    def _folders(self) -> tuple[str, ...]:
        """The folders that paths may be relative to: where the command ran, the file's own, the project's."""
        ran_in = self._ran_in
        known = (posixpath.dirname(self.path), "")
        return tuple(dict.fromkeys(known if ran_in is None else (ran_in, *known)))

    def _roots(self) -> tuple[str, ...]:
        """Return the sources as written: those of the command, else those of the annotations, else ``<name>.in``."""
        if self.command.kind == "export" or self.header.tool == "pdm":
            return (_PROJECT,)
        groups = tuple(group.rpartition(":")[0] or _PROJECT for group in self.command.groups)
        named = tuple(dict.fromkeys((*self.command.sources, *groups)))
        annotated = tuple(dict.fromkeys(source for via in self.vias for source in via.sources))
        return named or annotated or (f"{posixpath.basename(self.path).removesuffix('.txt')}.in",)

    def _limits(self) -> tuple[str, ...]:
        return (*self.command.constraints, *self.command.overrides)

    def _found(self, written: str, files: Mapping[str, RawFile]) -> str:
        return next((path for path in paths_of(written, self._folders) if path in files and path != self.path), "")

    def _asked(self, files: Mapping[str, RawFile]) -> Asked:
        main: Iterable[str] = self.command.sources or self._roots()
        if not self.command.sources and self.command.groups:
            main = ()
        if self.command.kind == "export" and _SELECTIVE.search(self.header.command):
            main = ()
        parts = (group.rpartition(":") for group in self.command.groups)
        return Asked(
            self.command.extras,
            self.command.all_extras,
            frozenset((self._found(path or _PROJECT, files), normalize(name)) for path, _, name in parts),
            frozenset(self._found(name, files) for name in main),
        )

    @property
    def _is_for_everybody(self) -> bool:
        """Whether its name tells no group, or its sources are not those of a group (``requirements-lock.txt``)."""
        if not self.entries or not self.entries[0].group:
            return True
        paths = [next(paths_of(name, self._folders), name) for name in self._roots()]
        of_group = any(_group_of_source(path) == self.entries[0].group or group_of(path) for path in paths)
        return not of_group and not _CHOOSING.search(self.header.command)

    def _is_chosen(self, target: Target) -> bool:
        return self.entries[0].group in (*target.groups, *target.extras)

    def _names_sources(self) -> bool:
        return any(via.sources for via in self.vias)

    def _compared(self, files: Mapping[str, RawFile]) -> Compiled:
        overrides = (path for name in self.command.overrides if (path := self._found(name, files)))
        overridden = {*(r.name for r in read_constraints(overrides, files)), *_overridden_by_project(files)}
        python = self.header.python or self.command.python
        minor = _MINOR.match(python)
        return Compiled(
            self.entries,
            tuple(self._resolved(via, files) for via in self.vias),
            self._names_sources(),
            "" if self.command.universal or minor is None else minor[0],
            self.command.universal or self.command.kind == "export",
            self.left_out,
            frozenset(overridden),
            self.command.kind != "export" and self.header.tool != "pdm" and not self.includes,
            self.command.keeps_extras,
        )

    def _resolved(self, via: Via, files: Mapping[str, RawFile]) -> Via:
        found = (
            self._found(source, files) or next(paths_of(source, self._folders), ELSEWHERE) for source in via.sources
        )
        return replace(via, sources=tuple(found))


def _overridden_by_project(files: Mapping[str, RawFile]) -> Iterator[NormalizedName]:
    """Yield the names in ``[tool.uv] override-dependencies``, which uv heeds wherever its sources are."""
    from envcheck.gather.documents.text import decode
    from envcheck.gather.documents.toml_tables import parse

    for path, file in files.items():
        if posixpath.basename(path) == _PROJECT:
            entries = parse(decode(file.data).text).table("tool", "uv").get("override-dependencies")
            for entry in entries if isinstance(entries, list) else ():
                name = re.match(r"[A-Za-z0-9._-]+", entry) if isinstance(entry, str) else None
                if name:
                    yield normalize(name[0])


def _group_of_source(path: str) -> str:
    return posixpath.basename(path).rpartition(".")[0].lower()  # dev.in -> dev-requirements.txt


def _system(platform: str) -> str:
    """Return the conda name of the system that uv's ``--python-platform`` means, empty when it is not known."""
    known = (system for begin, system in _SYSTEMS if platform.startswith(begin))
    return next(known, "") or next((system for part, system in _TRIPLES if part in platform), "")


def _holds(marker: str, environment: Mapping[str, str]) -> bool:
    try:
        return marker_holds(marker, environment)
    except (ValueError, KeyError):
        return True
