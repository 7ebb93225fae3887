"""In what a pyproject.toml differs from what its poetry.lock says of it."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.gather.declarations.poetry_lock.project import Project
from envcheck.gather.documents import poetry_project
from envcheck.gather.documents.poetry_constraints import poetry_constraint
from envcheck.model.locks import Departure
from envcheck.model.names import NormalizedName, normalize
from envcheck.model.places import Place

Extras = tuple[tuple[NormalizedName, tuple[NormalizedName, ...]], ...]


def departures(project: Project, names: frozenset[NormalizedName], extras: Extras, python: str) -> Iterator[Departure]:
    """Yield what is new or other than it was locked; the hash alone tells of the rest that something changed."""
    place = Place(project.path)
    wanted = project.python() or "*"
    if python and not _means_the_same(wanted, python):
        yield Departure(f"it is for Python {wanted} now, not {python}", "python", place)
    for name in dict.fromkeys(root.name for root in project.roots()):
        if name not in names and name != project.name:
            yield Departure(f"{name} is new", name, place)
    yield from _extras(project, dict(extras), place)


def _extras(
    project: Project, before: dict[NormalizedName, tuple[NormalizedName, ...]], place: Place
) -> Iterator[Departure]:
    after = {extra: set(names) for extra, names in poetry_project.extras_of(project.document).items()}
    for extra in project.document.table("project", "optional-dependencies"):
        after[normalize(extra)] = set()
    for root in project.roots():
        for extra in root.extras:
            after.setdefault(extra, set()).add(root.name)
    for extra, names in after.items():
        if extra not in before:
            yield Departure(f"the extra {extra} is new", "", place)
        elif names != set(before[extra]):
            yield Departure(f"the extra {extra} adds other names", "", place)
    yield from (Departure(f"the extra {extra} is gone", "", place) for extra in before if extra not in after)


def _means_the_same(left: str, right: str) -> bool:
    """Tell whether two texts for Pythons are the same but for order and spelling."""
    try:
        return _clauses(left) == _clauses(right)
    except ValueError:
        return left == right


def _clauses(text: str) -> frozenset[frozenset[str]]:
    parts = (poetry_constraint(part).text.split(",") for part in text.split("||"))
    return frozenset(frozenset(clause.strip() for clause in clauses) for clauses in parts)
