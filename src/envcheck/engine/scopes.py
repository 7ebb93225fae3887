"""Facts → scopes: which declarations govern which sources, in which environment."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from envcheck.engine.choose import Choice, Environments
from envcheck.engine.discover import GOVERN_PARENT, Project, is_below
from envcheck.engine.load import Facts
from envcheck.engine.locks import Locks
from envcheck.model.declarations import Declaration
from envcheck.model.readings import Problem, ProblemKind
from envcheck.model.scopes import KernelFact, LockFact, ProjectFiles, Scope
from envcheck.model.settings import Settings
from envcheck.model.usage import Source
from envcheck.model.viewpoint import Viewpoint

PROJECT = "."
"""The folder of a scope that no declaration governs: the project's own."""


class _Draft(Struct):
    """A scope that is being filled; its root is a folder, or a source that is judged alone."""

    root: str
    choice: Choice
    primary: bool
    sources: list[Source] = field(default_factory=list)
    kernels: list[tuple[str, KernelFact]] = field(default_factory=list)


def build_scopes(
    project: Project, facts: Facts, environments: Environments, viewpoint: Viewpoint, settings: Settings
) -> tuple[Scope, ...]:
    """Return the scopes of a project, sorted by folder, each folder's own environment before those of kernels.

    A declaration above what was asked for makes a scope only where it governs something of it.
    """
    locks = Locks(project.root, facts, settings, folder_governed)
    governing = _governing(facts, locks)
    drafts = {
        (folder, ""): _Draft(folder, environments.default_for(folder), primary=True)
        for folder in sorted(governing)
        if any(is_below("" if folder == PROJECT else folder, base) for base in project.asked)
        or any(is_below(path, base) for path in governing[folder] for base in project.asked)
    }
    for source in facts.sources:
        if source.path in facts.scripts:
            drafts[source.path, ""] = _alone(source, environments)
            continue
        folder = _governed_by(source.path, governing)
        if (folder, "") not in drafts:
            drafts[folder, ""] = _Draft(folder, environments.default_for(folder), primary=True)
        _place(source, folder, drafts, environments)
    if facts.problems and not drafts:
        drafts[PROJECT, ""] = _Draft(PROJECT, environments.default_for(PROJECT), primary=True)
    problems = _problems_by_folder(facts.problems, {folder for folder, _ in drafts})
    making = _Making(
        facts,
        governing,
        with_written(project.files, facts.sources),
        tuple(drafts.values()),
        problems,
        viewpoint,
        locks,
    )
    return tuple(making.scope(draft) for _, draft in sorted(drafts.items()) if draft.primary or draft.sources)


def _place(source: Source, folder: str, drafts: dict[tuple[str, str], _Draft], environments: Environments) -> None:
    """Put a source into the scope of its kernel's environment, or of its folder's."""
    home = drafts[folder, ""]
    fact, choice = environments.of_kernel(source, home.choice)
    if choice.prefix == home.choice.prefix:
        draft = home
    else:
        draft = drafts.setdefault((folder, choice.prefix), _Draft(folder, choice, primary=False))
    draft.sources.append(source)
    if fact:
        draft.kernels.append((source.path, fact))


def _alone(source: Source, environments: Environments) -> _Draft:
    """Return the scope of a source that says itself what it needs: nothing of its folder counts for it (PEP 723)."""
    fact, choice = environments.of_kernel(source, environments.of_script())
    return _Draft(source.path, choice, primary=True, sources=[source], kernels=[(source.path, fact)] if fact else [])


class _Making(Struct, frozen=True):
    """What turns drafts into scopes, once all of them are filled."""

    facts: Facts
    governing: Mapping[str, tuple[str, ...]]
    files: ProjectFiles
    drafts: tuple[_Draft, ...]
    problems: Mapping[str, list[Problem]]
    viewpoint: Viewpoint
    locks: Locks

    def scope(self, draft: _Draft) -> Scope:
        """Return the scope of a draft."""
        declarations = [self.facts.declarations[path] for path in self.governing.get(draft.root, ())]
        declarations += self.facts.scripts.get(draft.root, ())
        declarations += [self.facts.installs[s.path] for s in draft.sources if s.path in self.facts.installs]
        declarations += self._installed_from(draft, {d.path for d in declarations})
        return Scope(
            root=draft.root,
            sources=tuple(draft.sources),
            declarations=tuple(declarations),
            environment=draft.choice.environment,
            how_chosen=draft.choice.how,
            companions=tuple(s for other in self.drafts if other.root == draft.root for s in other.sources),
            primary=draft.primary,
            files=self.files,
            kernels=tuple(draft.kernels),
            problems=tuple(self.problems.get(draft.root, ())) if draft.primary else (),
            viewpoint=self.viewpoint,
            locks=tuple(self._locks(draft, declarations)),
        )

    def _locks(self, draft: _Draft, declarations: Iterable[Declaration]) -> Iterator[LockFact]:
        """Yield the locks that speak for the draft's folder."""
        for declaration in declarations:
            if declaration.lock:
                home = self.locks.home_of(declaration, self.governing)
                at_home = draft.root in (home, *self.facts.scripts)
                yield self.locks.fact(declaration, declaration.lock, draft.choice.environment, at_home=at_home)

    def _installed_from(self, draft: _Draft, known: set[str]) -> Iterator[Declaration]:
        """Yield the files that the draft's notebooks install from (``%pip install -r file``)."""
        for source in draft.sources:
            for path in _with_included([source.path], self.facts):
                if path in self.facts.declarations and path not in known:
                    known.add(path)
                    yield self.facts.declarations[path]


def with_written(files: ProjectFiles, sources: Iterable[Source]) -> ProjectFiles:
    """Return the project's files with the modules that its notebooks write (``%%writefile``)."""
    paths = (posixpath.normpath(posixpath.join(posixpath.dirname(s.path), name)) for s in sources for name in s.writes)
    written = {path for path in paths if path.endswith(".py")}
    folders = {posixpath.dirname(path) for path in written} - {""}
    return ProjectFiles(files.modules | written, files.folders | folders) if written else files


def _governing(facts: Facts, locks: Locks) -> dict[str, tuple[str, ...]]:
    """Return for each folder that governs the paths of its declarations and of all they include."""
    folders: dict[str, list[str]] = {}
    for path, declaration in facts.declarations.items():
        if declaration.governs and not declaration.lock:
            folders.setdefault(folder_governed(path), []).append(path)
    for lock in locks.all():  # where nothing else governs, a lock alone says what is wanted
        home = locks.home_of(lock, folders)
        for folder in {home} | (locks.members(lock) & set(folders)):
            folders.setdefault(folder, []).append(lock.path)
    extra = [path for path, declaration in facts.declarations.items() if not (declaration.governs or declaration.lock)]
    for path in extra:  # constraints and tool settings take part where something else governs
        folder = folder_governed(path)
        if folder in folders:
            folders[folder].append(path)
    return {folder: tuple(sorted(_with_included(paths, facts))) for folder, paths in folders.items()}


def _with_included(paths: Iterable[str], facts: Facts) -> set[str]:
    pending, seen = list(paths), set[str]()
    while pending:
        path = pending.pop()
        if path not in seen:
            seen.add(path)
            pending.extend(facts.included.get(path, ()))
    return seen


def folder_governed(path: str) -> str:
    """Return the folder that a declaration of this path governs."""
    folder = posixpath.dirname(path)
    if posixpath.basename(folder) in GOVERN_PARENT:
        folder = posixpath.dirname(folder)
    return folder or PROJECT


def _governed_by(path: str, governing: Iterable[str]) -> str:
    """Return the nearest folder upwards that has a declaration, else the project's."""
    known = set(governing)
    folder = posixpath.dirname(path)
    while folder:
        if folder in known:
            return folder
        folder = posixpath.dirname(folder)
    return PROJECT


def _problems_by_folder(problems: Iterable[Problem], folders: set[str]) -> dict[str, list[Problem]]:
    """Return the problems of each scope; those of a place that no scope holds go to the first one."""
    found: dict[str, list[Problem]] = {}
    first = min(folders, default=PROJECT)
    for problem in problems:
        if problem.kind is not ProblemKind.NOT_READ:
            path = problem.place.path
            folder = path if path in folders else _governed_by(path, folders)
            found.setdefault(folder if folder in folders else first, []).append(problem)
    return found
