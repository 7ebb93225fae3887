"""``[tool.pdm]``: groups for developers with lines that PEP 735 has no room for, and versions that override others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from envcheck.gather.declarations.pyproject import NAME
from envcheck.gather.documents.pep508 import read_requirement
from envcheck.gather.documents.reqentry import InvalidEntry, parse_entry
from envcheck.gather.documents.reqfile import Origin, invalid, requirement
from envcheck.gather.documents.toml_tables import Document, Path
from envcheck.gather.documents.vcs_urls import is_url
from envcheck.model.constraints import pep440
from envcheck.model.names import normalize
from envcheck.model.places import Place
from envcheck.model.readings import Problem
from envcheck.model.requirements import Requirement

_DEVELOPMENT = ("tool", "pdm", "dev-dependencies")
_OVERRIDES = ("tool", "pdm", "resolution", "overrides")
_EDITABLE = "-e "
_ROOT = "file:///${PROJECT_ROOT}"


def read_pdm(document: Document, place_of: Callable[[Path], Place]) -> Iterator[Requirement | Problem]:
    """Yield what pdm's own tables of a pyproject.toml declare, and what is wrong in them."""
    for group, entries in document.table(*_DEVELOPMENT).items():
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            place = place_of((*_DEVELOPMENT, group, index))
            if isinstance(entry, str):
                yield _read(entry, Origin(place, NAME, group=group), place)
            elif not (isinstance(entry, dict) and list(entry) == ["include-group"]):
                yield invalid(place, group, "no requirement: a text is wanted", "see pdm's documentation of groups")


def with_overrides(requirements: Iterable[Requirement], document: Document) -> Iterator[Requirement]:
    """Yield requirements with what ``[tool.pdm.resolution.overrides]`` puts in their place: that is what pdm locks."""
    overrides = {normalize(name): wanted for name, wanted in document.table(*_OVERRIDES).items()}
    for one in requirements:
        wanted = overrides.get(one.name)
        found = _overriding(one, wanted) if isinstance(wanted, str) else None
        if isinstance(found, Requirement):
            one = replace(one, constraint=found.constraint, direct=found.direct, template=found.template)
        yield one


def _read(text: str, origin: Origin, place: Place) -> Requirement | Problem:
    if not text.startswith(_EDITABLE):
        return read_requirement(text, origin, place)
    location = text[len(_EDITABLE) :].strip()
    name = ""
    if location.startswith(_ROOT):
        # pdm fills in the folder of the pyproject.toml, which paths are relative to anyway.
        location, _, fragment = location.replace(_ROOT, ".", 1).partition("#")
        name = fragment.partition("egg=")[2].partition("&")[0].partition("[")[0]
    try:
        entry = parse_entry(location, editable=True)
    except InvalidEntry as error:
        return invalid(place, text, error.reason, error.remedy)
    return requirement(replace(entry, name=entry.name or name), text, origin, place)


def _overriding(one: Requirement, wanted: str) -> Requirement | Problem:
    """Return the requirement that an override makes: a bare version is an exact one."""
    try:
        text = f"{one.name} @ {wanted}" if is_url(wanted) else f"{one.name}{pep440(wanted).text}"
    except ValueError:
        text = f"{one.name}=={wanted}"
    return read_requirement(text, Origin(one.place, NAME), one.place)
