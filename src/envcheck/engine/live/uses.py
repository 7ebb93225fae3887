"""What a notebook uses, beside what is declared, locked and stamped for it and what its kernel really has."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from envcheck.engine.check import Case, judge, names
from envcheck.engine.choose import Choice, Environments
from envcheck.engine.discover import discover, find_root
from envcheck.engine.live.homes import home_of
from envcheck.engine.live.opened import notebook_of_content, notebook_on_disk
from envcheck.engine.load import Facts, load
from envcheck.engine.scopes import PROJECT, build_scopes
from envcheck.engine.shown import shown_finding
from envcheck.engine.stamping.notebooks import Notebooks
from envcheck.engine.stamping.verifying import verdict_of
from envcheck.judge.evidence.dossier import ModuleOrigin
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.link import Inventory, link
from envcheck.judge.evidence.rows import table_rows
from envcheck.model.environment import Environment
from envcheck.model.errors import UserError
from envcheck.model.findings import Finding
from envcheck.model.report import TableRow
from envcheck.model.scopes import Scope
from envcheck.model.settings import Settings
from envcheck.model.stampings import Verdict, drifted
from envcheck.model.usage import Import, Source
from envcheck.model.viewpoint import Viewpoint


class Asked(Struct, frozen=True):
    """Who asks: a kernel in the environment of a prefix, in the folder ``cwd``.

    ``path`` is the absolute one of its notebook, empty when nobody knows it; ``cells`` is code that ran, of which only
    the modules in ``loaded`` count: what failed to import is corrected in the notebook by now.
    """

    prefix: str
    cwd: str
    environ: Mapping[str, str]
    path: str = ""
    cells: tuple[str, ...] = ()
    loaded: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        """The file or folder whose declarations govern."""
        return self.path or self.cwd

    @property
    def settings(self) -> Settings:
        """The wishes of the project, but for the environment: that is the kernel's own."""
        return replace(home_of(self.place).settings, python="", prefix=self.prefix)


class Uses(Struct, frozen=True):
    """What a notebook uses; ``verdict`` is that of its stamp, ``None`` when nobody knows which notebook it is.

    ``rows`` are of what it imports and of what has drifted, ``stamped`` maps their names to the stamp's versions, and
    ``findings`` are about them.
    """

    path: str
    environment: Environment
    shown: str
    rows: tuple[TableRow, ...] = ()
    stamped: Mapping[str, str] = {}
    findings: tuple[Finding, ...] = ()
    verdict: Verdict | None = None


def uses_of(asked: Asked) -> Uses:
    """Return what the notebook of a kernel uses. Raises ``UserError`` when its environment or notebook is gone."""
    settings, root = asked.settings, find_root([asked.place])
    project = discover([asked.place], root=root, exclude=settings.exclude)
    project = replace(project, sources=project.sources if asked.path else ())
    environments = Environments(settings, root=root, cwd=asked.cwd, environ=asked.environ)
    choice = environments.default_for(".")
    if choice.environment is None:
        raise UserError(f"{asked.prefix}: there is no Python environment", "restart the kernel")
    viewpoint = Viewpoint(root.replace(os.sep, "/"), asked.cwd.replace(os.sep, "/"))
    facts = load(project)
    scopes = build_scopes(project, facts, environments, viewpoint, settings)
    source = _source(asked, root, facts)
    scope = replace(_governing(scopes, source, choice, viewpoint), sources=(source,), companions=(source,))
    evidence = link(scope, settings, Inventory.of(choice.environment, names().extended(settings.name_map)))
    verdict = None
    if asked.path:
        notebooks = Notebooks(project, settings, viewpoint, "", environments)
        # Verified is what was saved, not what ran besides.
        verdict = verdict_of(notebooks, notebook_on_disk(asked.path, root))
    case = Case(project, facts, environments, (evidence,), viewpoint)
    return _uses(case, evidence, choice.environment, verdict)


def _uses(case: Case, evidence: Evidence, environment: Environment, verdict: Verdict | None) -> Uses:
    source = evidence.sources[0]
    stamped = dict(source.stamp.versions) if source.stamp else {}
    used = {use.keys[0] for use in evidence.uses if use.keys and use.origin is ModuleOrigin.THIRD_PARTY}
    changed = {row.name for row in drifted(verdict.comparison)} if verdict and verdict.comparison else set()
    found, _ = judge(case, evidence.settings)
    about = tuple(f for f in found if f.distribution in used or f.place.path == source.path)
    return Uses(
        case.viewpoint.path(source.path) if verdict else "",
        environment,
        case.viewpoint.path(environment.prefix),
        tuple(table_rows(evidence, used | changed)),
        {key: version for key, version in stamped.items() if key in used | changed},
        tuple(sorted((shown_finding(f, case.viewpoint) for f in about), key=lambda f: f.order)),
        verdict,
    )


def _source(asked: Asked, root: str, facts: Facts) -> Source:
    """Return the notebook with the imports of what ran besides."""
    cells = [{"cell_type": "code", "source": cell, "outputs": [], "metadata": {}} for cell in asked.cells]
    path = asked.path or os.path.join(asked.cwd, "notebook.ipynb")
    ran = notebook_of_content(path, root, {"cells": cells, "metadata": {}, "nbformat": 4}).source
    source = next(iter(facts.sources), None)
    if source is None:
        return replace(ran, imports=tuple(_loaded(ran, asked.loaded)), installs=())
    known = {imported.module for imported in source.imports}
    more = (imported for imported in _loaded(ran, asked.loaded) if imported.module not in known)
    return replace(source, imports=(*source.imports, *more))


def _loaded(source: Source, loaded: frozenset[str]) -> Iterator[Import]:
    return (imported for imported in source.imports if imported.top in loaded)


def _governing(scopes: Sequence[Scope], source: Source, choice: Choice, viewpoint: Viewpoint) -> Scope:
    """Return the scope that holds the source, else the nearest one upwards of it, else one without declarations."""
    for scope in scopes:
        if any(own.path == source.path for own in scope.sources):
            return scope
    folder = posixpath.dirname(source.path) or PROJECT
    by_root = {scope.root: scope for scope in scopes if scope.primary}
    while folder != PROJECT and folder not in by_root:
        folder = posixpath.dirname(folder) or PROJECT
    alone = Scope(root=PROJECT, environment=choice.environment, how_chosen=choice.how, viewpoint=viewpoint)
    return by_root.get(folder, alone)
