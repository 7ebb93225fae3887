"""What ``pdm sync`` would install from a pdm.lock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from envcheck.gather.declarations.pdm_lock.entries import DEFAULT, Entry, merged
from envcheck.gather.declarations.pdm_lock.project import Project
from envcheck.gather.documents.lock_texts import is_for
from envcheck.gather.documents.reqentry import Entry as Wanted
from envcheck.gather.documents.reqentry import InvalidEntry, parse_entry
from envcheck.model.locks import Target
from envcheck.model.names import normalize
from envcheck.model.requirements import Requirement

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def chosen_groups(target: Target, locked: tuple[str, ...] | None, project: Project | None) -> tuple[str, ...]:
    """Return the groups that pdm installs, of those that the lock and the project have (``GroupSelection``, pdm 2.29).

    By itself it installs whatever groups are locked. With ``-G`` it installs those, the default one, and the groups for
    developers, unless one of these was asked for.
    """
    wanted = {normalize(name) for name in (*target.extras, *target.groups)}
    known = set(project.groups) if project else {*(locked or ()), DEFAULT}
    development = project.development if project else frozenset()
    if not wanted and target.default_groups:
        chosen = set(locked) if locked else {DEFAULT, *development}
    else:
        chosen = {DEFAULT, *wanted}
        if target.default_groups and not wanted & development:
            chosen |= development & set(locked or development)
    return tuple(sorted(chosen & known))


def inherited(
    entries: Iterable[Entry], groups: tuple[str, ...], environment: Mapping[str, str]
) -> tuple[Requirement, ...]:
    """Return the entries for an environment when each says itself in what groups and for whom it is."""
    chosen = frozenset(groups)
    return merged(
        entry
        for entry in entries
        if (not entry.groups or chosen.intersection(entry.groups)) and is_for(entry.requirement.marker, environment)
    )


def reached(
    entries: tuple[Entry, ...], project: Project | None, groups: tuple[str, ...], environment: Mapping[str, str]
) -> tuple[Requirement, ...]:
    """Return the entries that a project's groups lead to, as in locks without the strategy ``inherit_metadata``.

    Without the project all entries are, since nothing tells them apart.
    """
    if project is None:
        return merged(entry for entry in entries if is_for(entry.requirement.marker, environment))
    locked: dict[str, list[Entry]] = {}
    for entry in entries:
        locked.setdefault(entry.name, []).append(entry)
    pending = [line.text for group in groups for line in project.lines(group)]
    seen, found = set(pending), set[int]()
    while pending:
        for entry in _matching(pending.pop(), locked, environment):
            found.add(id(entry))
            pending += [line for line in entry.dependencies if line not in seen]
            seen.update(entry.dependencies)
    return merged(entry for entry in entries if id(entry) in found)


def parsed(line: str) -> Wanted:
    """Return what a line of PEP 508, or one of pdm with ``-e``, wants; of an odd one at least the name."""
    try:
        if line.startswith("-e "):
            return parse_entry(line[3:], editable=True)
        return parse_entry(line)
    except InvalidEntry:
        name = _NAME.match(line)
        return Wanted(name[0] if name else "")


def _matching(line: str, locked: Mapping[str, list[Entry]], environment: Mapping[str, str]) -> Iterator[Entry]:
    wanted = parsed(line)
    if not is_for(wanted.marker, environment):
        return
    named = locked.get(normalize(wanted.name))
    extras = frozenset(map(normalize, wanted.extras))
    if named:
        # One that does not fit is better than none: the lock is stale then, which is said elsewhere.
        yield max(named, key=lambda entry: (_extras(entry) == extras, _fits(entry, wanted)))


def _fits(entry: Entry, wanted: Wanted) -> bool:
    version = entry.requirement.constraint.exact
    return bool(entry.requirement.direct or wanted.direct or not version or wanted.constraint.allows(version))


def _extras(entry: Entry) -> frozenset[str]:
    return frozenset(map(normalize, entry.requirement.extras))
