"""Where in a pyproject.toml a new requirement goes: to what governs, by the tools whose tables are there."""

from __future__ import annotations

from collections.abc import Iterator

from envcheck.gather.declarations.pyproject import NAME
from envcheck.gather.documents import pixi_edits
from envcheck.gather.documents.manifest_edits import Home
from envcheck.gather.documents.pep508 import read_requirement
from envcheck.gather.documents.poetry_constraints import poetry_constraint
from envcheck.gather.documents.poetry_project import MAIN, Standing, extras_of, project_names, written
from envcheck.gather.documents.reqfile import Origin
from envcheck.gather.documents.requirement_edits import checked
from envcheck.gather.documents.toml_draft import Impossible
from envcheck.gather.documents.toml_tables import Document, Path
from envcheck.model.changes import Add
from envcheck.model.constraints import pep440
from envcheck.model.names import normalize
from envcheck.model.places import Place
from envcheck.model.readings import Problem

_PIXI = ("tool", "pixi")
_POETRY = ("tool", "poetry")
_EXTRAS = ("project", "optional-dependencies")
_GROUPS = ("dependency-groups",)
_PDM = ("tool", "pdm", "dev-dependencies")
_DYNAMIC = ("tool", "setuptools", "dynamic")


def home(document: Document, change: Add) -> Home:
    """Return the list or table for a new entry, and how it reads there; raises :class:`Impossible`."""
    return _of_group(document, change) if change.group else _of_all(document, change)


def _of_all(document: Document, change: Add) -> Home:
    project, poetry = document.table("project"), document.table(*_POETRY)
    is_list = isinstance(project.get("dependencies"), list)
    is_free = _is_dynamic(document) or not any(project_names(document))
    is_usual = "dependencies" in poetry and not is_list and is_free
    if poetry and (not project or _needs_poetry(document) or is_usual):
        return _constrained((*_POETRY, "dependencies"), change)
    if is_list:
        return _listed(("project", "dependencies"), change)
    if "pypi-dependencies" in document.table(*_PIXI) or (document.table(*_PIXI) and not project):
        return pixi_edits.home(document, change, _PIXI, "pypi-dependencies")
    if _is_dynamic(document):
        raise Impossible("[project] leaves its dependencies to the build back end", _files(document, "dependencies"))
    if not project:
        raise Impossible("no table says what everybody gets", "name a group, or write a [project] table")
    return _listed(("project", "dependencies"), change)


def _is_dynamic(document: Document) -> bool:
    dynamic = document.table("project").get("dynamic")
    return isinstance(dynamic, list) and "dependencies" in dynamic


def _needs_poetry(document: Document) -> bool:
    """Tell whether Poetry's own table says what is needed, which it leaves alone as soon as [project] says anything."""
    needed = any(
        one.group == MAIN and one.standing is Standing.OWN for one in written(document) if one.name != "python"
    )
    return needed and not _is_dynamic(document)


def _of_group(document: Document, change: Add) -> Home:
    wanted = normalize(change.group)
    for path, is_table in _groups(document):
        if wanted in (normalize(str(path[-1])), _name(path)):
            if path[: len(_EXTRAS)] == _EXTRAS and _needs_poetry(document):
                raise Impossible("Poetry would leave its own table alone then", "move that to [project] first")
            return _constrained(path, change) if is_table else _listed(path, change)
    if any(normalize(feature) == wanted for feature in document.table(*_PIXI, "feature")):
        return pixi_edits.home(document, change, _PIXI, "pypi-dependencies")
    if wanted in map(normalize, document.table(*_DYNAMIC, "optional-dependencies")):
        remedy = _files(document, "optional-dependencies", change.group)
        raise Impossible("[project] leaves this extra to the build back end", remedy)
    if wanted in extras_of(document):
        raise Impossible("an extra of Poetry names optional entries of the main table", "use poetry add --optional")
    if document.table(*_POETRY) and not document.table("project") and not document.table(*_GROUPS):
        return _constrained((*_POETRY, "group", change.group, "dependencies"), change)
    base = _PDM if document.table(*_PDM) and not document.table(*_GROUPS) else _GROUPS
    return _listed((*base, change.group), change)


def _groups(document: Document) -> Iterator[tuple[Path, bool]]:
    """Yield the lists and tables of all groups; tables are Poetry's."""
    for base in (_EXTRAS, _GROUPS):
        yield from (((*base, group), False) for group in document.table(*base))
    for group in document.table(*_POETRY, "group"):
        yield (*_POETRY, "group", group, "dependencies"), True
    if "dev-dependencies" in document.table(*_POETRY):
        yield (*_POETRY, "dev-dependencies"), True
    yield from (((*_PDM, group), False) for group in document.table(*_PDM))
    if "dev-dependencies" in document.table("tool", "uv"):
        yield ("tool", "uv", "dev-dependencies"), False


def _name(path: Path) -> str:
    """Return the group of a table of Poetry's or of uv's list for developers."""
    return normalize(str(path[-2])) if path[-1] == "dependencies" else "dev" if path[-1] == "dev-dependencies" else ""


def _listed(path: Path, change: Add) -> Home:
    # A direct reference is checked with the rest of the requirement.
    wanted = change.wanted if change.wanted.startswith(" @ ") else checked(change.wanted, pep440)
    text = f"{change.name}{wanted}"
    place = Place(change.path)
    found = read_requirement(text, Origin(place, NAME), place)
    if isinstance(found, Problem) or found.shown_name != change.name:
        raise Impossible(f"{text} is no requirement of PEP 508", "write name==version")
    return Home(path, text)


def _constrained(path: Path, change: Add) -> Home:
    return Home(path, checked(change.wanted, poetry_constraint), is_table=True)


def _files(document: Document, *keys: str) -> str:
    files = document.table(*_DYNAMIC, *keys).get("file")
    named = [each for each in (files if isinstance(files, list) else [files]) if isinstance(each, str)]
    return f"add it to {' or '.join(named)}" if named else "add it where that takes them from"
