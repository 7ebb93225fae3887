"""What Poetry takes from a pyproject.toml: its own tables, beside ``[project]`` and ``[dependency-groups]``.

Since Poetry 2 ``[project]`` says what is needed and ``[tool.poetry.dependencies]`` only enriches entries of the same
name (poetry-core 2.5, ``DependencyGroup.dependencies_for_locking``); so do dependency groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from envcheck.gather.documents.toml_tables import Document, Path
from envcheck.model.names import NormalizedName, normalize

MAIN = normalize("main")
"""The group of what everybody gets."""

_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
_POETRY = ("tool", "poetry")


class Standing(Enum):
    """What an entry of Poetry's tables counts for."""

    OWN = "own"
    """It says by itself what is needed."""
    ENRICHING = "enriching"
    """``[project]`` or ``[dependency-groups]`` has the name, and both must hold."""
    IDLE = "idle"
    """Poetry leaves it alone: they say what is needed, and have not the name."""


class Written(Struct, frozen=True):
    """One entry of Poetry's tables: the value of a name in a group, and where it stands."""

    group: NormalizedName
    group_name: str
    name: str
    value: object
    path: Path
    standing: Standing = Standing.OWN

    @property
    def is_optional(self) -> bool:
        """Whether only an extra asks for it."""
        return isinstance(self.value, Mapping) and self.value.get("optional") is True


def name_of_project(document: Document) -> NormalizedName:
    """Return the normalised name of the project, empty when it has none."""
    names = (document.table("project").get("name"), document.table(*_POETRY).get("name"))
    return normalize(next((name for name in names if isinstance(name, str)), ""))


def is_package(document: Document) -> bool:
    """Tell whether the project itself is installed too."""
    return document.table(*_POETRY).get("package-mode") is not False


def optional_groups(document: Document) -> frozenset[NormalizedName]:
    """Return the groups that are installed only when they are asked for."""
    groups = document.table(*_POETRY, "group")
    return frozenset(normalize(g) for g, t in groups.items() if isinstance(t, Mapping) and t.get("optional") is True)


def groups_of(document: Document) -> frozenset[NormalizedName]:
    """Return all groups, the main one among them."""
    names = [*document.table("dependency-groups"), *document.table(*_POETRY, "group")]
    if "dev-dependencies" in document.table(*_POETRY):
        names.append("dev")
    return frozenset((MAIN, *map(normalize, names)))


def included_groups(document: Document) -> dict[NormalizedName, set[NormalizedName]]:
    """Return which groups each group includes directly."""
    found: dict[NormalizedName, set[NormalizedName]] = {}
    for group, entries in document.table("dependency-groups").items():
        included = [entry.get("include-group") for entry in _list(entries) if isinstance(entry, Mapping)]
        found.setdefault(normalize(group), set()).update(normalize(name) for name in included if isinstance(name, str))
    for group in document.table(*_POETRY, "group"):
        included = _list(document.table(*_POETRY, "group", group).get("include-groups"))
        found.setdefault(normalize(group), set()).update(normalize(name) for name in included if isinstance(name, str))
    return found


def extras_of(document: Document) -> dict[NormalizedName, list[NormalizedName]]:
    """Return the extras of ``[tool.poetry]``, each with the names it adds; none where ``[project]`` has entries."""
    if any(project_names(document)):
        return {}
    return {
        normalize(extra): [normalize(name) for name in _list(names) if isinstance(name, str)]
        for extra, names in document.table(*_POETRY, "extras").items()
    }


def project_names(document: Document) -> tuple[set[NormalizedName], set[NormalizedName]]:
    """Return the names that ``[project]`` needs, and those that its extras add."""
    project = document.table("project")
    extras = document.table("project", "optional-dependencies").values()
    return _names(_list(project.get("dependencies"))), _names([e for extra in extras for e in _list(extra)])


def written(document: Document) -> Iterator[Written]:
    """Yield the entries of Poetry's own tables, ``python`` among them."""
    known = given(document)
    limited = {group for group, _ in known}
    needed, added = project_names(document)
    dynamic = _list(document.table("project").get("dynamic"))
    is_mixed = "dependencies" in dynamic or "optional-dependencies" in dynamic
    for entry in _entries(document):
        # What [project] calls dynamic comes from Poetry's table: the extras, or all but the extras.
        completes = is_mixed and entry.group == MAIN and not (added if entry.is_optional else needed)
        if entry.group not in limited or completes or entry.name.lower() == "python":
            yield entry
        else:
            enriches = (entry.group, normalize(entry.name)) in known
            yield replace(entry, standing=Standing.ENRICHING if enriches else Standing.IDLE)


def given(document: Document) -> dict[tuple[NormalizedName, NormalizedName], str]:
    """Return group and name of what ``[project]`` and ``[dependency-groups]`` need, and the extra or group of it."""
    found: dict[tuple[NormalizedName, NormalizedName], str] = {}
    for extra, entries in document.table("project", "optional-dependencies").items():
        found.update(((MAIN, name), extra) for name in _names(_list(entries)))
    found.update(((MAIN, name), "") for name in _names(_list(document.table("project").get("dependencies"))))
    for group, entries in document.table("dependency-groups").items():
        found.update(((normalize(group), name), group) for name in _names(_list(entries)))
    return found


def _entries(document: Document) -> Iterator[Written]:
    yield from _table(document, MAIN, (*_POETRY, "dependencies"))
    yield from _table(document, "dev", (*_POETRY, "dev-dependencies"))
    for group in document.table(*_POETRY, "group"):
        yield from _table(document, group, (*_POETRY, "group", group, "dependencies"))


def _table(document: Document, group: str, path: tuple[str, ...]) -> Iterator[Written]:
    for name, value in document.table(*path).items():
        if isinstance(value, list):
            for index, one in enumerate(value):
                yield Written(normalize(group), group, name, one, (*path, name, index))
        else:
            yield Written(normalize(group), group, name, value, (*path, name))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _names(entries: list[object]) -> set[NormalizedName]:
    found = (_NAME.match(entry) for entry in entries if isinstance(entry, str))
    return {normalize(match[1]) for match in found if match}
