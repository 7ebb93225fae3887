"""One requirement as project metadata may hold it: PEP 508, where neither a URL nor a path stands without a name."""

from __future__ import annotations

import re

from envcheck.gather.documents.reqentry import Entry, InvalidEntry, parse_entry
from envcheck.gather.documents.reqfile import Origin, invalid, requirement
from envcheck.model.constraints import pep440
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.places import Place
from envcheck.model.readings import Problem
from envcheck.model.requirements import Requirement

# Build back ends fill in ``{root:uri}`` and the like; PEP 508 itself knows no braces.
_VARIABLE = re.compile(r"\{[^{}]*\}")
_NAMED = re.compile(r"[A-Za-z0-9._-]+\s*(?:\[[^\]]*\]\s*)?@")


def read_requirement(text: str, origin: Origin, place: Place) -> Requirement | Problem:
    """Return the requirement of a text, or what is wrong with it."""
    try:
        return requirement(_entry(text), text, origin, place)
    except InvalidEntry as error:
        return invalid(place, text, error.reason, error.remedy)


def _entry(text: str) -> Entry:
    entry = parse_entry(text.strip(), variable=_VARIABLE)
    if entry.direct and not _NAMED.match(text.strip()):
        raise InvalidEntry("a URL or path without a name", "write name @ URL")
    return entry


def read_python(text: str, origin: Origin, place: Place) -> Requirement | Problem:
    """Return the demand of ``requires-python`` on the interpreter, or what is wrong with it."""
    try:
        constraint = pep440(text)
    except ValueError as error:
        return invalid(place, text, str(error), "write a specifier like >=3.10")
    name = NormalizedName("python")
    return Requirement(name, text, Ecosystem.PYPI, place, constraint, origin.role, origin.dialect, shown_name="python")
