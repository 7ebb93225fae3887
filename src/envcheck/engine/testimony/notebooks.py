"""Paths → the testimonies of the notebooks there, and the names that resolve what they speak of."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from envcheck.engine.check import names
from envcheck.engine.discover import discover, find_root
from envcheck.engine.reading.files import read_file
from envcheck.gather.traces.catalogue import read
from envcheck.judge.evidence.traces import TraceNames
from envcheck.model.errors import UserError
from envcheck.model.readings import Problem, ProblemKind, Reading
from envcheck.model.settings import Settings
from envcheck.model.traces import Testimony
from envcheck.model.viewpoint import Viewpoint

_ENDING = ".ipynb"


class Testimonies(Struct, frozen=True):
    """The testimonies of some notebooks, in the order of their paths; paths of places are relative to the root."""

    readings: tuple[Reading[Testimony], ...]
    problems: tuple[Problem, ...]
    viewpoint: Viewpoint

    @property
    def is_incomplete(self) -> bool:
        """Whether something that should tell could not be read; what is left alone on purpose does not count."""
        problems = (*self.problems, *(problem for reading in self.readings for problem in reading.problems))
        return any(problem.kind is ProblemKind.UNREADABLE_FILE for problem in problems)


def testimonies(paths: Sequence[str], settings: Settings, *, cwd: str) -> Testimonies:
    """Return what the notebooks below ``paths`` tell. Raises ``UserError`` when there is none."""
    absolute = [os.path.normpath(os.path.join(cwd, path)) for path in paths or ["."]]
    root = find_root(absolute)
    project = discover(absolute, root=root, exclude=settings.exclude)
    found = [path for path in project.sources if path.endswith(_ENDING)]
    if not found:
        raise UserError(f"no notebook in {', '.join(paths) or '.'}", "looked for files whose name ends with .ipynb")
    viewpoint = Viewpoint(root.replace(os.sep, "/"), cwd.replace(os.sep, "/"))
    return Testimonies(tuple(_readings(root, found)), project.problems, viewpoint)


def _readings(root: str, paths: Sequence[str]) -> Iterator[Reading[Testimony]]:
    for path in paths:
        file = read_file(root, path)
        yield Reading(Testimony(path), (file,)) if isinstance(file, Problem) else read(file)


def trace_names(settings: Settings, modules: Mapping[str, tuple[str, ...]] | None = None) -> TraceNames:
    """Return what resolves the names of traces: envcheck's table, the user's own, the environment's modules."""
    return TraceNames(names().extended(settings.name_map), modules or {})
