"""Files → facts: every source and declaration of a project read, and what they refer to."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from envcheck.engine.discover import Project
from envcheck.engine.reading.files import read_file
from envcheck.engine.reading.one import Outcome
from envcheck.engine.reading.sources import ALONE, Means, read_sources
from envcheck.gather.declarations.catalogue import dialect_for, editor_for
from envcheck.model.declarations import Declaration
from envcheck.model.places import Place
from envcheck.model.progress import Progress
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading, Reference, ReferenceKind
from envcheck.model.requirements import Role
from envcheck.model.usage import InlineScript, Source


class Facts(Struct):
    """Everything that was read of a project.

    ``included`` maps a declaration's path to the paths that it asks for (``-r``, ``-c``), in order; those are in
    ``declarations`` too. ``installs`` are the install lines of notebooks as declarations of their own, by their path.
    ``scripts`` are the sources that say what they need themselves (PEP 723): by their path, their block as declaration
    and the lock that was made of it.
    """

    sources: list[Source] = field(default_factory=list)
    declarations: dict[str, Declaration] = field(default_factory=dict)
    included: dict[str, list[str]] = field(default_factory=dict)
    installs: dict[str, Declaration] = field(default_factory=dict)
    scripts: dict[str, tuple[Declaration, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def every_declaration(self) -> Iterator[Declaration]:
        """Yield all declarations, in files of their own or not."""
        yield from self.declarations.values()
        yield from self.installs.values()
        yield from (declaration for own in self.scripts.values() for declaration in own)


def load(project: Project, progress: Progress | None = None, means: Means = ALONE) -> Facts:
    """Return all facts of a project's files; what cannot be read is among the problems."""
    loading = _Loading(project.root, Facts(problems=list(project.problems)))
    if progress:
        progress.start(len(project.declarations) + len(project.sources))
    for path in project.declarations:
        loading.declaration(path)
        if progress:
            progress.advance()
    for _, outcome in read_sources(project.root, project.sources, means):
        loading.source(outcome)
        if progress:
            progress.advance()
    loading.references()
    if progress:
        progress.finish()
    return loading.facts


class _Loading:
    """One pass over the files of a project; what several files refer to is read once."""

    def __init__(self, root: str, facts: Facts) -> None:
        self._root = root
        self.facts = facts
        self._pending: list[tuple[str, Reference]] = []

    def declaration(self, path: str) -> None:
        """Read a declaration that a dialect claims by its name."""
        dialect = dialect_for(path)
        if dialect is None or path in self.facts.declarations:
            return
        file = self._file(path)
        if file:
            self._keep(path, _known(dialect.read(file)))
        elif editor_for(path):
            self.facts.declarations[path] = Declaration(path, dialect.NAME, unread=True)

    def source(self, outcome: Outcome) -> None:
        """Keep what a source says, its install lines as a declaration of their own."""
        reading = outcome.reading
        if reading is None:
            self.facts.problems.extend(filter(None, [outcome.problem]))
            return
        self.facts.problems.extend(reading.problems)
        self.facts.sources.append(reading.value)
        if reading.value.installs:
            self._installs(reading.value)
        if reading.value.block:
            self._script(reading.value, reading.value.block)

    def _script(self, source: Source, block: InlineScript) -> None:
        from envcheck.gather.declarations import inline_script

        own = [inline_script.read_block(block)]
        if f"{source.path}.lock" in self.facts.declarations:  # as `uv lock --script` writes it; it is nobody else's
            own.append(Reading(self.facts.declarations.pop(f"{source.path}.lock")))
        own.extend(filter(None, [_embedded_lock(source)]))
        self.facts.problems.extend(problem for reading in own for problem in reading.problems)
        self.facts.scripts[source.path] = tuple(reading.value for reading in own)

    def _installs(self, source: Source) -> None:
        from envcheck.gather.declarations import notebook_install

        reading = notebook_install.read_commands(source.installs, path=source.path)
        self.facts.problems.extend(reading.problems)
        self.facts.installs[source.path] = Declaration(
            source.path, notebook_install.NAME, requirements=reading.value, governs=False
        )
        # A notebook may have fetched the file that it installs from, so that a missing one is no news.
        known = (r for r in reading.references if self._exists(_target(source.path, r)))
        self._pending.extend((source.path, reference) for reference in known)

    def references(self) -> None:
        """Follow what files refer to, once all that is known by name is read."""
        while self._pending:
            self._refer(*self._pending.pop(0))

    def _keep(self, path: str, reading: Reading[Declaration]) -> None:
        self.facts.declarations[path] = reading.value
        self.facts.problems.extend(reading.problems)
        self._pending.extend((path, reference) for reference in reading.references)

    def _refer(self, path: str, reference: Reference) -> None:
        target = _target(path, reference)
        if "://" in reference.target:
            self._say(ProblemKind.NOT_READ, reference, "is on the network: not read", "")
        elif target.startswith("../") or posixpath.isabs(target):
            self._say(ProblemKind.NOT_READ, reference, "is outside the project: not read", "")
        elif self._leads_back(target, path):
            self._say(ProblemKind.INVALID_REQUIREMENT, reference, "includes itself", "remove the line: pip refuses it")
        elif target not in self.facts.declarations and not self._exists(target):
            self._say(ProblemKind.INVALID_REQUIREMENT, reference, "does not exist", "add the file or remove the line")
        else:
            self._follow(path, target, reference)

    def _follow(self, path: str, target: str, reference: Reference) -> None:
        self.facts.included.setdefault(path, []).append(target)
        role = Role.CONSTRAINT if reference.kind is ReferenceKind.CONSTRAINTS else Role.DECLARED
        if target in self.facts.declarations:
            return
        file = self._file(target)
        if file is None:
            return
        from envcheck.gather.declarations import requirements_txt

        reading = requirements_txt.read_as(file, role)
        self._keep(target, replace(reading, value=replace(reading.value, governs=False)))

    def _leads_back(self, target: str, path: str) -> bool:
        """Tell whether ``target`` is ``path`` itself or already asks for it."""
        pending, seen = [target], set()
        while pending:
            current = pending.pop()
            if current == path:
                return True
            if current not in seen:
                seen.add(current)
                pending.extend(self.facts.included.get(current, ()))
        return False

    def _file(self, path: str) -> RawFile | None:
        found = read_file(self._root, path)
        if isinstance(found, Problem):
            self.facts.problems.append(found)
            return None
        return found

    def _exists(self, path: str) -> bool:
        return not path.startswith("../") and os.path.lexists(os.path.join(self._root, path))

    def _say(self, kind: ProblemKind, reference: Reference, message: str, remedy: str) -> None:
        self.facts.problems.append(Problem(kind, reference.place, f"{reference.target} {message}", remedy))


def _known(reading: Reading[Declaration]) -> Reading[Declaration]:
    """Return what was read; a manifest that is broken governs all the same, and may declare anything."""
    if any(p.kind is ProblemKind.UNREADABLE_FILE for p in reading.problems) and editor_for(reading.value.path):
        return replace(reading, value=replace(reading.value, governs=True, unread=True))
    return reading


def _embedded_lock(source: Source) -> Reading[Declaration] | None:
    """Return the lock that juv keeps in a notebook, read as the uv.lock that it is."""
    dialect = dialect_for("uv.lock") if source.lock else None
    if dialect is None:
        return None
    # Lines of that text are no lines of the notebook: indented headers, which TOML allows, are given none by readers.
    text = re.sub(r"^\[", " [", source.lock, flags=re.MULTILINE)
    reading = dialect.read(RawFile(source.path, text.encode("utf-8", "replace")))
    problems = tuple(replace(problem, place=Place(source.path)) for problem in reading.problems)
    return replace(reading, problems=problems)


def _target(path: str, reference: Reference) -> str:
    """Return the path that a reference means: relative to the file that names it (pip's rule)."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), reference.target.replace("\\", "/")))
