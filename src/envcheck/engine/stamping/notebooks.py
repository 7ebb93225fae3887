"""Paths → notebooks, each with the environment that it runs in, or why there is none."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from envcheck.engine.choose import Choice, Environments
from envcheck.engine.discover import Project, discover, find_root
from envcheck.engine.reading.files import read_file
from envcheck.engine.stamping.building import Stamper
from envcheck.gather.sources import ipynb
from envcheck.model.errors import UserError
from envcheck.model.readings import Problem, ProblemKind, RawFile
from envcheck.model.settings import Settings
from envcheck.model.usage import KernelClaim, Source
from envcheck.model.viewpoint import Viewpoint


class Fault(Struct, frozen=True):
    """Why something cannot be done with a notebook, and what would help."""

    reason: str
    remedy: str = ""


class Notebook(Struct, frozen=True):
    """A notebook as it was read: ``data`` is empty and ``fault`` set where it could not be."""

    path: str
    source: Source
    data: bytes = b""
    fault: Fault | None = None
    problems: tuple[Problem, ...] = ()
    """What is wrong with its stamp."""

    @property
    def is_foreign(self) -> bool:
        """Whether it is in another language: to be left alone."""
        return self.source.language != "python"


class Notebooks(Struct):
    """The notebooks of a request, read one after the other, and the environments that they run in."""

    project: Project
    settings: Settings
    viewpoint: Viewpoint
    kernel: str
    environments: Environments
    _stampers: dict[str, Stamper] = field(default_factory=dict)

    def each(self) -> Iterator[Notebook]:
        """Yield every notebook, one in memory at a time."""
        for path in self.project.sources:
            if ipynb.claims(path):
                yield self.read(path)

    def read(self, path: str) -> Notebook:
        """Return a notebook as it is now."""
        found = read_file(self.project.root, path)
        if isinstance(found, Problem):
            nothing = ipynb.read(RawFile(path, b"{}")).value
            return Notebook(path, nothing, fault=Fault(found.message, found.remedy))
        return notebook_of(found)

    def environment_of(self, source: Source) -> Choice | Fault:
        """Return the environment that a notebook runs in, or why nobody can tell which that is."""
        if self.kernel:
            source = replace(source, kernel=KernelClaim(self.kernel))
        folder = posixpath.dirname(source.path) or "."
        home = self.environments.of_script() if source.block else self.environments.default_for(folder)
        fact, choice = self.environments.of_kernel(source, home)
        is_asked_for = self.settings.python or self.settings.prefix
        if fact and fact.names_environment and not (fact.prefix or is_asked_for):
            remedy = "--kernel names another one, --prefix an environment"
            return Fault(f"its kernel {fact.name} leads to no environment here ({fact.how})", remedy)
        if choice.environment is None:
            return Fault(f"no environment: {choice.how}", "--prefix or --python names the one that it ran in")
        if choice.environment.python == "":
            return Fault(f"{choice.prefix} does not tell which Python it has", "--prefix or --python names another")
        return choice

    def stamper(self, choice: Choice) -> Stamper:
        """Return what makes stamps in an environment."""
        if choice.environment is None:
            raise ValueError("stamps are made in an environment")
        if choice.prefix not in self._stampers:
            self._stampers[choice.prefix] = Stamper(choice.environment, self.settings, self.project.files)
        return self._stampers[choice.prefix]


def notebook_of(file: RawFile) -> Notebook:
    """Return a notebook from its bytes, wherever they come from."""
    reading = ipynb.read(file)
    broken = next((p for p in reading.problems if _is_of_file(p)), None)
    fault = Fault(broken.message, broken.remedy) if broken else None
    problems = tuple(p for p in reading.problems if _is_of_stamp(p))
    return Notebook(file.path, reading.value, file.data, fault, problems)


def find_notebooks(
    paths: Sequence[str], settings: Settings, *, environ: Mapping[str, str], cwd: str, kernel: str = ""
) -> Notebooks:
    """Return the notebooks below ``paths`` (relative to ``cwd``); ``kernel`` stands in the place of their own ones.

    Raises ``UserError`` for a path or environment that does not exist, and when there is no notebook.
    """
    absolute = [os.path.normpath(os.path.join(cwd, path)) for path in paths or ["."]]
    root = find_root(absolute)
    project = discover(absolute, root=root, exclude=settings.exclude)
    if not any(ipynb.claims(path) for path in project.sources):
        raise UserError(f"no notebook in {', '.join(paths) or '.'}", "give the path of an .ipynb file or a folder")
    environments = Environments(settings, root=root, cwd=cwd, environ=environ)
    viewpoint = Viewpoint(root.replace(os.sep, "/"), cwd.replace(os.sep, "/"))
    return Notebooks(project, settings, viewpoint, kernel, environments)


def _is_of_file(problem: Problem) -> bool:
    return problem.kind is ProblemKind.UNREADABLE_FILE and not problem.place.cell


def _is_of_stamp(problem: Problem) -> bool:
    return problem.kind in (ProblemKind.INVALID_REQUIREMENT, ProblemKind.UNSUPPORTED_FORMAT)
