"""What ``envcheck init`` writes: a first declaration, and the jobs that keep it true."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from envcheck.engine.check import judge, open_case
from envcheck.engine.starting import jobs
from envcheck.engine.starting.drafting import draft
from envcheck.engine.starting.entries import Target
from envcheck.engine.starting.needs import Gap, needs_of
from envcheck.engine.starting.opening import Opened, open_folder, require_sources
from envcheck.engine.starting.target import CONDA, NAMES, PEP_621, choose_file
from envcheck.engine.starting.union import union_of
from envcheck.engine.writing.files import create_file, replace_file
from envcheck.engine.writing.plan import Rewriting
from envcheck.judge.pins.styles import Style
from envcheck.judge.rules.coverage.needs import needed_uses
from envcheck.model.environment import Environment
from envcheck.model.errors import UserError
from envcheck.model.findings import Severity
from envcheck.model.settings import Settings

_GAPS = ("COV002", "READ")
_REMAINING = ("PIN", "COV001", "COV004", "DRF", "CON", "PRT", "READ")
_PLAIN_FOLDER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]*|\.")


class Wish(Struct, frozen=True):
    """What is asked for: the file (empty: what suits), how tight its pins are, the service of the CI job (or empty)."""

    to: str = ""
    style: Style = Style.EXACT
    ci: str = ""
    pre_commit: bool = False


class Request(Struct, frozen=True):
    """Where to begin: a path from ``cwd``, and how to look at it."""

    path: str
    settings: Settings
    environ: Mapping[str, str]
    cwd: str


class Proposal(Struct, frozen=True):
    """What would be written, and what cannot be.

    ``files`` have no old text where they are new; ``left`` says what is left to do, ``apart`` what was not looked at;
    ``present`` are paths that are taken, with the text that somebody may add there.
    """

    opened: Opened
    files: tuple[Rewriting, ...]
    left: tuple[str, ...] = ()
    undeclared: frozenset[str] = frozenset()
    """The keys of what is imported, and what ``left`` speaks of."""
    present: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    """What is worth knowing of what is written; nothing is left to do."""

    @property
    def environments(self) -> tuple[tuple[Environment, str], ...]:
        """The environments that the versions come from, each with the reason why."""
        pairs = ((one.environment, one.scope.how_chosen) for one in self.opened.scopes if one.environment)
        return tuple({environment.prefix: (environment, how) for environment, how in pairs}.values())


def propose(request: Request, wish: Wish) -> Proposal:
    """Return what would be written; nothing is.

    Raises ``UserError`` when something is declared already (unless only jobs are to be added), when there is no code
    or no environment, and when the environments of several notebooks do not agree.
    """
    opened = open_folder(request.path, request.settings, environ=request.environ, cwd=request.cwd)
    wants_jobs = bool(wish.ci or wish.pre_commit)
    if opened.declared and wants_jobs and not wish.to:
        return _with_jobs(Proposal(opened, ()), wish, _declared_here(opened))
    name = choose_file(opened, wish.to)
    require_sources(opened, request.path)
    proposal = _declaring(opened, name, request, wish)
    return _with_jobs(proposal, wish, name) if wants_jobs and proposal.files else proposal


def _declaring(opened: Opened, name: str, request: Request, wish: Wish) -> Proposal:
    needing = [(one, needs) for one in opened.scopes if (needs := needs_of(one)).found or needs.gaps]
    _require_environments(opened)
    target = Target(opened.path(name), name == CONDA, wish.style)
    union = union_of(needing, target)
    return Proposal(
        opened,
        (draft(opened, target, union.entries),) if union.entries else (),
        _said(opened, (*union.gaps, *_findings(opened, request.settings))),
        frozenset(key for gap in union.gaps for key in gap.keys),
        remarks=_said(opened, union.remarks),
    )


def _said(opened: Opened, gaps: Iterable[Gap]) -> tuple[str, ...]:
    place = opened.case.viewpoint.place
    ordered = sorted(set(gaps), key=lambda gap: (gap.place, gap.message))
    return tuple(f"{place(gap.place)}: {gap.message}" for gap in ordered)


def _require_environments(opened: Opened) -> None:
    if any(one.environment is None and any(needed_uses(one)) for one in opened.scopes):
        raise UserError(
            "no environment was found that could tell which versions work",
            "name one with --prefix DIR or --python PATH, or activate it",
        )


def _findings(opened: Opened, settings: Settings) -> Iterator[Gap]:
    """Yield what keeps the declaration from being whole: imports of what is not installed, and what cannot be read."""
    kept, _ = judge(opened.case, replace(settings, select=_GAPS, extend_select=()))
    own = {source.path for one in opened.scopes for source in one.sources}
    inside = opened.path("")
    for finding in kept:
        if finding.place.path in own or (finding.code != "COV002" and finding.place.path.startswith(inside)):
            yield Gap(finding.place, f"{finding.code} {finding.message}")


def _declared_here(opened: Opened) -> str:
    """Return the declaration that a job can install. Raises ``UserError`` when that takes other tools."""
    names = [name for name in (CONDA, *NAMES) if opened.path(name) in opened.declared]
    locks = [path for path in opened.declared if opened.case.facts.declarations[path].lock]
    if len(locks) == 1 and opened.case.facts.declarations[locks[0]].dialect == "requirements_txt":
        return locks[0].removeprefix(opened.path(""))  # pip installs what pip-tools or uv compiled
    if not names or locks:
        paths = ", ".join(opened.case.viewpoint.path(path) for path in locks or opened.declared)
        raise UserError(
            f"{paths}: how a job installs it, its own tool says best",
            "write a job that installs it, and runs envcheck . afterwards",
        )
    return names[0]


def _with_jobs(proposal: Proposal, wish: Wish, declaration: str) -> Proposal:
    """Return a proposal with the jobs that are wished for; they stand where the project begins."""
    opened = proposal.opened
    if not _PLAIN_FOLDER.fullmatch(opened.folder):
        raise UserError(f"{opened.folder}: a job cannot be written for a folder of that name", "write it by hand")
    python = next((found.python for found, _ in proposal.environments), "")
    series = ".".join(python.split(".")[:2])
    wanted, left = [], list(proposal.left)
    if wish.ci == jobs.GITLAB and declaration != CONDA and not jobs.runs_on(series):
        left.append(f"{jobs.PATHS[wish.ci]}: envcheck does not run on Python {series}; write a job that has both")
    elif wish.ci:
        job = jobs.Job(declaration, opened.folder, series)
        wanted.append((jobs.PATHS[wish.ci], jobs.workflow(wish.ci, job)))
    if wish.pre_commit:
        wanted.append((jobs.PRE_COMMIT, jobs.pre_commit(opened.folder)))
    root = opened.case.project.root
    present = tuple((path, text) for path, text in wanted if os.path.lexists(os.path.join(root, path)))
    new = (Rewriting(path, b"", text.encode(), after=text) for path, text in wanted if (path, text) not in present)
    return replace(proposal, files=(*proposal.files, *new), left=tuple(left), present=present)


def write(proposal: Proposal) -> tuple[tuple[Rewriting, ...], tuple[str, ...]]:
    """Write what was proposed, and return what is written, and why the rest is not."""
    case = proposal.opened.case
    written, failed = [], []
    for file in proposal.files:
        fault = _written(case.project.root, file)
        if fault:
            failed.append(f"{case.viewpoint.path(file.path)}{fault.removeprefix(file.path)}")
        else:
            written.append(file)
    return tuple(written), tuple(failed)


def _written(root: str, file: Rewriting) -> str:
    """Write a file and return nothing, or why it is as it was."""
    try:
        # Only a pyproject.toml is added to, be it an empty one.
        is_extended = file.path.rpartition("/")[2] == PEP_621 and os.path.lexists(os.path.join(root, file.path))
        if is_extended:
            replace_file(root, file.path, old=file.old, new=file.new)
        else:
            create_file(root, file.path, file.new)
    except UserError as error:
        return f"{error.message}; {error.hint}"
    return ""


def remaining(request: Request, proposal: Proposal) -> tuple[str, ...]:
    """Return what a check finds of the declarations that now are there, read again; notes are left out."""
    case = open_case([request.path], request.settings, environ=request.environ, cwd=request.cwd)
    here = replace(case, evidence=tuple(one for one in case.evidence if one.scope.root == proposal.opened.folder))
    kept, _ = judge(here, replace(request.settings, select=_REMAINING, extend_select=()))
    news = (f for f in kept if f.severity >= Severity.WARNING and f.distribution not in proposal.undeclared)
    severe = sorted(news, key=lambda finding: finding.order)
    lines = dict.fromkeys(f"{case.viewpoint.place(f.place)}: {f.code} {f.message}" for f in severe)
    return tuple(line for line in lines if line not in proposal.left)
