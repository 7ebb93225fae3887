"""How requirements are spoken of, and how an exact pin is written in each ecosystem."""

from __future__ import annotations

import re

from envcheck.model.constraints import CondaConstraint
from envcheck.model.declarations import Declaration
from envcheck.model.names import Ecosystem, normalize
from envcheck.model.requirements import Requirement
from envcheck.model.urls import redact

_TABLES = frozenset({"pipfile", "pixi_toml"})
_MAYBE = "pyproject"
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def name_of(requirement: Requirement) -> str:
    """Return the name of a requirement as its author spells it."""
    return requirement.shown_name or requirement.name


def near(requirement: Requirement) -> str:
    """Return file name and line of a requirement, for a sentence about another one; findings carry the whole place."""
    place = requirement.place
    return f"{place.file}:{place.line}" if place.line else place.file


def wish(requirement: Requirement) -> str:
    """Return what a requirement says, for messages: its text, with its name where that is the key of a table."""
    text = redact(requirement.raw)
    return text if _names_itself(requirement) else f"{name_of(requirement)} {text}".rstrip()


def pinned(requirement: Requirement, version: str) -> str:
    """Return what a requirement reads when it accepts just ``version``; name, extras, marker and channel stay."""
    name = name_of(requirement)
    if requirement.raw and not _names_itself(requirement):
        return f"=={version}"  # the name is the key of a table, and only versions stand here
    if requirement.ecosystem is Ecosystem.CONDA:
        return _conda(requirement, name, version)
    if requirement.dialect in _TABLES:
        return _entry(requirement, name, version)
    extras = f"[{','.join(requirement.extras)}]" if requirement.extras else ""
    return f"{name}{extras}=={version}{_marker(requirement)}"


def _marker(requirement: Requirement) -> str:
    """Return the marker as it is written: in the quotes that its neighbours leave free."""
    if not requirement.marker:
        return ""
    before, semicolon, marker = requirement.raw.partition(";")
    if not semicolon:
        return f" ; {requirement.marker}"
    return f"{before[len(before.rstrip()) :]};{marker.rstrip()}"


def _entry(requirement: Requirement, name: str, version: str) -> str:
    """Return an entry of a table that had no version yet."""
    extras = ", ".join(f'"{extra}"' for extra in requirement.extras)
    marker = requirement.marker.replace('"', "'")
    keys = [f'version = "=={version}"']
    keys += [f"extras = [{extras}]"] if extras else []
    keys += [f'markers = "{marker}"'] if marker else []
    return f"{name} = {{{', '.join(keys)}}}"


def added(name: str, version: str, declaration: Declaration | None) -> str:
    """Return what a new entry of a declaration reads: a line, or in a table the name and what accepts ``version``."""
    if declaration is None or not _is_table(declaration):
        return f"{name}=={version}"
    key = name if _BARE_KEY.fullmatch(name) else f'"{name}"'
    return f'{key} = "=={version}"'


def _is_table(declaration: Declaration) -> bool:
    if declaration.dialect in _TABLES:
        return True
    # Poetry's own tables, unlike the lists beside them; elsewhere entries name themselves.
    own = [r for r in declaration.requirements if not r.group and r.direct is None]
    return declaration.dialect == _MAYBE and any(not _names_itself(r) for r in own)


def _names_itself(requirement: Requirement) -> bool:
    return requirement.name in normalize(requirement.raw)


def _conda(requirement: Requirement, name: str, version: str) -> str:
    channel = f"{requirement.channel}::" if requirement.channel else ""
    constraint = requirement.constraint
    if isinstance(constraint, CondaConstraint) and constraint.build:
        return f"{channel}{name}={version}={constraint.build}"
    return f"{channel}{name}=={version}"
