"""What is read once for many looks at the same notebooks: the project, the environment of a kernel, its inventory."""

from __future__ import annotations

import glob
import os
import time
from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from envcheck.engine.choose import Choice, Environments
from envcheck.engine.discover import Project, discover
from envcheck.engine.live.homes import Home
from envcheck.engine.live.kernels import what_counts
from envcheck.engine.stamping.building import Stamper
from envcheck.engine.stamping.notebooks import Notebooks
from envcheck.model.settings import Settings
from envcheck.model.viewpoint import Viewpoint

_SETTLED = 2_000_000_000
"""Nanoseconds: what changed shortly before it was read may have changed again within one tick of the file system."""
_FRESH = 15.0
"""Seconds after which a project is walked again for its modules; longer where the walk itself takes long."""
_PATIENCE = 30


class Walk(Struct, frozen=True):
    """A project as it was found, when, and how long that took (seconds)."""

    project: Project
    when: float
    took: float

    @property
    def is_old(self) -> bool:
        """Whether there may be other modules by now."""
        return time.monotonic() - self.when > max(_FRESH, _PATIENCE * self.took)


class Look(Struct, frozen=True):
    """An environment as it was read, with the marks by which a change of it would show."""

    settings: Settings
    environments: Environments
    choice: Choice
    marks: tuple[tuple[str, int], ...]
    is_settled: bool

    def is_current(self, settings: Settings) -> bool:
        """Tell whether nothing was installed or removed since, and nobody wishes otherwise."""
        return self.is_settled and self.settings == settings and self.marks == _marks(self.choice)


class Bench(Struct, frozen=True):
    """The notebooks of a project in the one environment of a kernel."""

    walk: Walk
    look: Look
    notebooks: Notebooks

    @property
    def stamper(self) -> Stamper:
        """What makes stamps here."""
        return self.notebooks.stamper(self.look.choice)


class Benches(Struct):
    """The benches of a process, made when they are first asked for; ``cwd`` is where paths are shown from.

    One thread uses it at a time.
    """

    environ: Mapping[str, str]
    cwd: str
    _walks: dict[str, Walk] = field(default_factory=dict)
    _made: dict[object, Bench] = field(default_factory=dict)

    def at(self, home: Home, prefix: str, environ: Mapping[str, str]) -> Bench:
        """Return the bench for a project in the environment of a prefix; ``environ`` is what the kernel adds to it.

        Raises ``UserError`` when no environment is there any more.
        """
        root = home.root
        environ = {**self.environ, **environ}
        key = (root, prefix, what_counts(environ))
        # The kernel that runs is the environment, whatever the project would choose.
        settings = replace(home.settings, python="", prefix=prefix)
        if root not in self._walks:
            self._walks[root] = _walked(root, settings)
        walk, bench = self._walks[root], self._made.get(key)
        look = bench.look if bench and bench.look.is_current(settings) else self._look(root, settings, environ)
        if bench is None or bench.walk is not walk or bench.look is not look:
            bench = self._made[key] = self._bench(walk, look)
        return bench

    def renew(self, bench: Bench) -> None:
        """Walk the project of a bench again if that was long ago: for the next who asks."""
        if bench.walk.is_old:
            root = bench.walk.project.root
            self._walks[root] = _walked(root, bench.look.settings)

    def _look(self, root: str, settings: Settings, environ: Mapping[str, str]) -> Look:
        started = time.time_ns()
        environments = Environments(settings, root=root, cwd=self.cwd, environ=environ)
        choice = environments.default_for(".")
        marks = _marks(choice)
        return Look(settings, environments, choice, marks, all(when < started - _SETTLED for _, when in marks))

    def _bench(self, walk: Walk, look: Look) -> Bench:
        root = walk.project.root
        viewpoint = Viewpoint(root.replace(os.sep, "/"), self.cwd.replace(os.sep, "/"))
        return Bench(walk, look, Notebooks(walk.project, look.settings, viewpoint, "", look.environments))


def _walked(root: str, settings: Settings) -> Walk:
    started = time.monotonic()
    project = discover([root], root=root, exclude=settings.exclude)
    return Walk(project, time.monotonic(), time.monotonic() - started)


def _marks(choice: Choice) -> tuple[tuple[str, int], ...]:
    """Return the folders that change when something is installed, each with the time at which it last did."""
    if choice.environment is None:
        return ()
    sites = {distribution.site for distribution in choice.environment.distributions}
    sites.update(glob.glob(os.path.join(glob.escape(choice.prefix), "lib*", "python*", "site-packages")))
    folders = {*sites, os.path.join(choice.prefix, "conda-meta"), os.path.join(choice.prefix, "pyvenv.cfg")}
    return tuple((folder, _changed(folder)) for folder in sorted(folders))


def _changed(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0
