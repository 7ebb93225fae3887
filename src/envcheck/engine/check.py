"""The main job, from paths to a report."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from envcheck.engine.choose import Environments
from envcheck.engine.discover import Project, discover, find_root
from envcheck.engine.load import Facts, load
from envcheck.engine.reading.sources import Means
from envcheck.engine.scopes import build_scopes
from envcheck.engine.shown import notices, shown_finding, shown_locks, shown_scope
from envcheck.engine.suppress import suppress
from envcheck.judge.catalogue import selected
from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.link import Inventory, link
from envcheck.judge.evidence.rows import table_rows
from envcheck.judge.names.table import NameTable, parse_table
from envcheck.judge.rules.base import RuleModule
from envcheck.model.errors import UserError
from envcheck.model.findings import Finding
from envcheck.model.on_demand import OnDemand
from envcheck.model.progress import Progress
from envcheck.model.report import IN_TABLE, EnvironmentSummary, Notice, Report, TableRow
from envcheck.model.scopes import Scope
from envcheck.model.settings import Settings
from envcheck.model.usage import Ignore, SourceKind
from envcheck.model.viewpoint import Viewpoint


class Case(Struct, frozen=True):
    """A project with all its facts joined: what the rules judge and what ``list`` prints.

    Paths of places are relative to ``project.root``; ``viewpoint`` makes them those of the user.
    """

    project: Project
    facts: Facts
    environments: Environments
    evidence: tuple[Evidence, ...]
    viewpoint: Viewpoint


def run_check(
    paths: Sequence[str],
    settings: Settings,
    *,
    environ: Mapping[str, str],
    cwd: str,
    progress: Progress | None = None,
) -> Report:
    """Return the report of a check of ``paths`` (relative to ``cwd``); runs nothing of what it reads.

    Raises ``UserError`` for a path or environment that does not exist, and when there is nothing to check.
    """
    case = open_case(paths, settings, environ=environ, cwd=cwd, progress=progress)
    # A lock that cannot be read is a finding.
    if settings.locked and not any(evidence.locks or evidence.scope.problems for evidence in case.evidence):
        raise UserError(
            f"no lock in {', '.join(paths) or '.'}",
            "looked for the locks of uv, poetry, pdm, pipenv, pixi, conda-lock, pip-tools, and pylock.toml",
        )
    kept, silenced = judge(case, settings)
    sources = case.facts.sources
    shown = (shown_finding(finding, case.viewpoint) for finding in kept)
    return Report(
        findings=tuple(sorted(shown, key=lambda finding: finding.order)),
        scopes=tuple(shown_scope(evidence.scope) for evidence in case.evidence),
        environments=tuple(_environment_summaries(case.evidence)),
        notices=(*notices(case.facts, case.viewpoint), *_unused(case, silenced, settings)),
        notebooks=sum(source.kind is SourceKind.NOTEBOOK for source in sources),
        scripts=sum(source.kind is SourceKind.SCRIPT for source in sources),
        declarations=len({d.path for e in case.evidence for d in e.declarations if d.path in case.facts.declarations}),
        imports=sum(len(source.imports) for source in sources),
        suppressed=len(silenced),
        locks=tuple(shown_locks(case.evidence, kept, case.viewpoint)),
        table=OnDemand(_table(case.evidence, kept)),
    )


def judge(case: Case, settings: Settings) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return what the selected rules find that is to be heard, with paths relative to the root, and what is not."""
    found: Iterable[Finding] = dict.fromkeys(_findings(case.evidence, selected(settings)))
    if settings.severity or settings.per_file_severity:
        from envcheck.engine.telling.severities import weighed

        found = weighed(found, settings)
    return suppress(found, settings=settings, ignores=_ignores(case.facts))


def _unused(case: Case, silenced: tuple[Finding, ...], settings: Settings) -> Iterator[Notice]:
    """Yield the ignores that silence nothing; without an environment most rules have nothing to say, so none."""
    is_whole = "" in case.project.asked
    is_asked = settings.per_file_ignores or any(True for _ in _ignores(case.facts))
    if is_asked and all(evidence.environment for evidence in case.evidence):
        from envcheck.engine.telling.unused import Silence, in_code, unused

        ignores = [ignore for source in case.facts.sources for ignore in in_code(source)]
        if is_whole:
            ignores += [ignore for declaration in case.facts.every_declaration() for ignore in declaration.ignores]
        yield from unused(Silence(tuple(dict.fromkeys(ignores)), silenced, settings, is_whole), case.viewpoint)


def _table(evidence: Iterable[Evidence], findings: Iterable[Finding]) -> Iterator[TableRow]:
    """Yield the rows of what the files and the environment disagree on."""
    names = {f.distribution for f in findings if f.distribution and f.code.startswith(IN_TABLE)}
    for one in evidence if names else ():
        yield from table_rows(one, names)


def open_case(
    paths: Sequence[str],
    settings: Settings,
    *,
    environ: Mapping[str, str],
    cwd: str,
    progress: Progress | None = None,
) -> Case:
    """Return the facts of ``paths``, joined scope by scope. Raises ``UserError`` as :func:`run_check` does."""
    absolute = [os.path.normpath(os.path.join(cwd, path)) for path in paths or ["."]]
    project = discover(absolute, root=find_root(absolute), exclude=settings.exclude)
    environments = Environments(settings, root=project.root, cwd=cwd, environ=environ)
    facts = load(project, progress, Means(settings.jobs, environ if settings.cached else None))
    case = join(project, facts, environments, settings, cwd)
    if not case.evidence:
        raise UserError(
            f"nothing to check in {', '.join(paths) or '.'}",
            "looked for notebooks, Python scripts, requirements files, environment.yml, pyproject.toml and setup.cfg",
        )
    return case


def join(project: Project, facts: Facts, environments: Environments, settings: Settings, cwd: str) -> Case:
    """Return the facts of a project joined scope by scope; without evidence where there is nothing to judge."""
    viewpoint = Viewpoint(project.root.replace(os.sep, "/"), cwd.replace(os.sep, "/"))
    scopes = build_scopes(project, facts, environments, viewpoint, settings)
    return Case(project, facts, environments, tuple(_joined(scopes, settings)), viewpoint)


def _joined(scopes: Iterable[Scope], settings: Settings) -> Iterator[Evidence]:
    table = names().extended(settings.name_map)
    inventories: dict[str, Inventory] = {}
    for scope in scopes:
        prefix = scope.environment.prefix if scope.environment else ""
        if prefix not in inventories:
            inventories[prefix] = Inventory.of(scope.environment, table)
        yield link(scope, settings, inventories[prefix])


def names() -> NameTable:
    """Return the table of names that comes with envcheck."""
    path = os.path.join(os.path.dirname(__file__), os.pardir, "judge", "names", "names.tsv")
    with open(path, encoding="utf-8") as file:
        return parse_table(file.read())


def _findings(evidence: Iterable[Evidence], rules: Sequence[RuleModule]) -> Iterator[Finding]:
    judged: set[str] = set()
    for scope in evidence:
        prefix = scope.environment.prefix if scope.environment else ""
        for rule in rules:
            if not (rule.RULE.of_environment and prefix in judged):
                yield from rule.check(scope)
        judged.add(prefix)


def _ignores(facts: Facts) -> Iterator[Ignore]:
    for source in facts.sources:
        yield from source.ignores
    for declaration in facts.every_declaration():
        yield from declaration.ignores


def _environment_summaries(evidence: Iterable[Evidence]) -> Iterator[EnvironmentSummary]:
    seen: set[str] = set()
    for one in evidence:
        environment = one.environment
        if environment and environment.prefix not in seen:
            seen.add(environment.prefix)
            yield EnvironmentSummary(
                environment.prefix,
                environment.kind,
                environment.python,
                one.scope.how_chosen,
                len(environment.distributions),
                one.scope.viewpoint.path(environment.prefix),
            )
