"""The bare facts of a project as plain objects: what ``envcheck list`` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from envcheck.engine.check import Case, open_case
from envcheck.engine.choose import environment_of
from envcheck.judge.evidence.dossier import Certainty, Use
from envcheck.model.environment import Distribution
from envcheck.model.names import Ecosystem
from envcheck.model.requirements import Requirement, Role
from envcheck.model.settings import Settings
from envcheck.model.urls import redact

Row = dict[str, object]


def list_imports(paths: Sequence[str], settings: Settings, *, environ: Mapping[str, str], cwd: str) -> Row:
    """Return every import with where it comes from and which distribution it means, in reading order."""
    case = open_case(paths, settings, environ=environ, cwd=cwd)
    uses = sorted(
        (use for evidence in case.evidence for use in evidence.uses),
        key=lambda use: (use.imported.place, use.imported.module, use.keys),
    )
    return {"schema": 1, "imports": [_import(use, case.viewpoint.path(use.imported.place.path)) for use in uses]}


def list_requirements(paths: Sequence[str], settings: Settings, *, environ: Mapping[str, str], cwd: str) -> Row:
    """Return every requirement of every declaration, lock and install line, in reading order."""
    case = open_case(paths, settings, environ=environ, cwd=cwd)
    requirements = sorted(_requirements(case), key=lambda r: (r.place, r.raw))
    selected = _selected(case)
    rows = ({**_requirement(r, case.viewpoint.path(r.place.path)), "selected": selected(r)} for r in requirements)
    return {"schema": 1, "requirements": list(rows)}


def _selected(case: Case) -> Callable[[Requirement], bool | None]:
    """Return what tells whether a locked entry is wanted in the environment of its scope."""
    locks = [lock for one in case.evidence if one.environment for lock in one.locks if lock.fact.at_home]
    compared = {lock.path for lock in locks}
    binding = (lock.fact.selection for lock in locks if not lock.fact.selection.is_optional)
    wanted = {_identity(entry) for selection in binding for entry in selection.entries}

    def is_selected(requirement: Requirement) -> bool | None:
        if requirement.role is not Role.LOCKED or requirement.place.path not in compared:
            return None
        if _identity(requirement) in wanted:
            return True
        # The Python that a lock is for is no entry of it.
        return None if requirement.name == "python" and requirement.ecosystem is Ecosystem.PYPI else False

    return is_selected


def _identity(entry: Requirement) -> tuple[object, ...]:
    return (entry.place, entry.raw, entry.constraint.text, entry.platform)


def list_distributions(paths: Sequence[str], settings: Settings, *, environ: Mapping[str, str], cwd: str) -> Row:
    """Return what is installed in the environment of ``paths``, sorted by name."""
    choice = environment_of(paths, settings, environ=environ, cwd=cwd)
    environment = choice.environment
    distributions = sorted(environment.distributions, key=lambda d: (d.name, d.version)) if environment else []
    return {
        "schema": 1,
        "environment": {
            "prefix": choice.prefix,
            "python": environment.python if environment else "",
            "how": choice.how,
        },
        "distributions": [_distribution(d) for d in distributions],
    }


def _requirements(case: Case) -> Iterator[Requirement]:
    for declaration in case.facts.every_declaration():
        yield from declaration.requirements
        yield from declaration.python


def _import(use: Use, path: str) -> Row:
    place = use.imported.place
    return {
        "module": use.imported.module,
        "path": path,
        "cell": place.cell,
        "line": place.line,
        "kind": use.imported.kind.value,
        "origin": use.origin.value,
        "distribution": use.keys[0] if len(use.keys) == 1 and use.certainty is not Certainty.UNKNOWN else None,
        "candidates": list(use.keys),
        "certainty": use.certainty.value,
    }


def _requirement(requirement: Requirement, path: str) -> Row:
    place = requirement.place
    return {
        "name": requirement.name,
        "spec": requirement.constraint.text,
        "raw": redact(requirement.raw),
        "ecosystem": requirement.ecosystem.value,
        "role": requirement.role.value,
        "dialect": requirement.dialect,
        "path": path,
        "cell": place.cell,
        "line": place.line,
        "column": place.column,
        "group": requirement.group,
        "marker": requirement.marker or None,
        "extras": list(requirement.extras),
        "hashes": list(requirement.hashes),
        "source": _direct(requirement),
        "index": redact(requirement.index) or None,
        "platform": requirement.platform or None,
    }


def _distribution(distribution: Distribution) -> Row:
    return {
        "name": distribution.shown_name,
        "version": distribution.version,
        "installer": distribution.installer or None,
        "source": _direct(distribution),
        "requires": [redact(text) for text in distribution.requires],
        "conda": distribution.conda or None,
    }


def _direct(holder: Requirement | Distribution) -> Row | None:
    direct = holder.direct
    if direct is None:
        return None
    return {
        "kind": direct.kind.value,
        "url": redact(direct.url),
        "revision": direct.revision or None,
        "commit": direct.commit or None,
        "editable": direct.editable,
    }
