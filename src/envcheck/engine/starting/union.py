"""Several scopes, one set of entries: notebooks with different kernels share a declaration only if these agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from envcheck.engine.starting.entries import Target, entry_of
from envcheck.engine.starting.needs import Gap, Need, Needs
from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.changes import Add
from envcheck.model.errors import UserError
from envcheck.model.names import normalize

_MOST_NAMED = 5


class Union(Struct, frozen=True):
    """The entries for all scopes, sorted by name, what is left out, and what is written otherwise than it is here."""

    entries: tuple[Add, ...]
    gaps: tuple[Gap, ...]
    remarks: tuple[Gap, ...]


def union_of(scopes: Sequence[tuple[Evidence, Needs]], target: Target) -> Union:
    """Return the entries for all scopes.

    Raises ``UserError`` when the environments of two scopes want different things of one name, or of Python.
    """
    wanted: dict[str, Add] = {}
    gaps: list[Gap] = []
    remarks: list[Gap] = []
    for _, needs in scopes:
        gaps += needs.gaps
        for need in needs.found:
            entry = entry_of(need, target)
            if isinstance(entry, str):
                gaps.append(Gap(need.place, f"{need.dossier.shown_name} {entry}", (need.dossier.key,)))
                continue
            remarks += _on_build(need, entry)
            known = wanted.setdefault(need.dossier.key, entry)
            if (known.group, known.wanted) != (entry.group, entry.wanted):
                raise _disagreement(_difference(known, entry), (one for one, _ in scopes))
    if len({_series(evidence) for evidence, _ in scopes}) > 1:
        raise _disagreement("their Pythons differ", (one for one, _ in scopes))
    # Several distributions may come from one package of conda.
    named = {(entry.group, normalize(entry.name)): entry for entry in wanted.values()}
    return Union(tuple(named[key] for key in sorted(named)), tuple(gaps), tuple(remarks))


def _difference(one: Add, other: Add) -> str:
    if one.version != other.version:
        return f"{one.name} is {one.version} in one and {other.version} in another"
    return f"{one.name} {one.version} comes from elsewhere in another"


def _on_build(need: Need, entry: Add) -> Iterator[Gap]:
    """Yield what is to be said of a local build: an index that has it is the reader's to know."""
    installed = need.dossier.version
    if installed != entry.version and not entry.wanted.startswith(" @ "):
        remark = (
            f"{entry.name} {installed} is a local build, and written as {entry.version}; name the index of the build"
        )
        yield Gap(need.place, f"{remark} if it matters")


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
