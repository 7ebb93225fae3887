"""Several scopes, one set of entries: notebooks with different kernels share a declaration only if these agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from envcheck.engine.starting.entries import Target, entry_of
from envcheck.engine.starting.needs import Gap, Needs
from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.changes import Add
from envcheck.model.errors import UserError
from envcheck.model.names import normalize

_MOST_NAMED = 5


def entries_of(scopes: Sequence[tuple[Evidence, Needs]], target: Target) -> tuple[tuple[Add, ...], tuple[Gap, ...]]:
    """Return the entries for all scopes, sorted by name, and the gaps.

    Raises ``UserError`` when the environments of two scopes want different things of one name, or of Python.
    """
    wanted: dict[tuple[str, str], Add] = {}
    gaps: list[Gap] = []
    for _, needs in scopes:
        gaps += needs.gaps
        for need in needs.found:
            entry = entry_of(need, target)
            if isinstance(entry, str):
                gaps.append(Gap(need.place, f"{need.dossier.shown_name} {entry}", (need.dossier.key,)))
                continue
            known = wanted.setdefault((entry.group, normalize(entry.name)), entry)
            if known.wanted != entry.wanted:
                what = f"{known.name} is {known.version} in one and {entry.version} in another"
                raise _disagreement(what, (one for one, _ in scopes))
    if len({_series(evidence) for evidence, _ in scopes}) > 1:
        raise _disagreement("their Pythons differ", (one for one, _ in scopes))
    return tuple(wanted[key] for key in sorted(wanted)), tuple(gaps)


def _series(evidence: Evidence) -> str:
    return ".".join((evidence.environment.python if evidence.environment else "").split(".")[:2])


def _disagreement(what: str, scopes: Iterable[Evidence]) -> UserError:
    users = "; ".join(f"{_files(evidence)}: {evidence.prefix} ({evidence.scope.how_chosen})" for evidence in scopes)
    return UserError(
        f"the code here runs in different environments, and {what}: {users}",
        "name one environment with --prefix DIR, or begin with one notebook: envcheck init PATH",
    )


def _files(evidence: Evidence) -> str:
    paths = [evidence.scope.viewpoint.path(source.path) for source in evidence.sources]
    more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
    return ", ".join(paths[:_MOST_NAMED]) + more
