"""A requirements file that a compiler wrote → the same declaration as a lock."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from envcheck.gather.declarations.requirements_txt import NAME
from envcheck.gather.declarations.requirements_txt.command import Command, read_command
from envcheck.gather.declarations.requirements_txt.compiled import (
    Annotations,
    Header,
    Via,
    header_of,
    needs_of,
    read_annotations,
)
from envcheck.gather.declarations.requirements_txt.lock import CompiledLock
from envcheck.gather.documents.lock_texts import conflict
from envcheck.gather.documents.pep508 import read_python
from envcheck.gather.documents.reqfile import Origin
from envcheck.model.declarations import Declaration, Link, LinkKind
from envcheck.model.places import Place
from envcheck.model.requirements import Requirement, Role
from envcheck.model.urls import has_credentials

_NOBODY = Via()
_URL = re.compile(r"https?://[^\s'\"]+")


def as_lock(declaration: Declaration, text: str) -> Declaration:
    """Return a declaration as the lock that its text is by its header, or as it was.

    Where the header tells no command that is known, the entries must look compiled too: annotated and all pinned. A
    file that a merge left unresolved is no lock: what it holds is that of two.
    """
    header = header_of(text)
    if header is None or conflict(text):
        return declaration
    command = read_command(header.command)
    found = read_annotations(text, (r.place.line for r in declaration.requirements))
    annotated = bool(found.vias) or header.tool == "pdm"
    if command.kind == "custom" and not (annotated and all(map(_is_pinned, declaration.requirements))):
        return declaration
    vias = tuple(found.vias.get(r.place.line, _NOBODY) for r in declaration.requirements)
    entries = _locked(tuple(declaration.requirements), vias, found)
    lock = CompiledLock(
        declaration.path,
        header,
        command,
        entries,
        vias,
        found.left_out,
        # pip-compile-multi writes ``-r``; otherwise it was added by hand.
        bool(declaration.includes),
    )
    python = _python(header, command, declaration.path)
    links = (*declaration.links, *_links(header, found, declaration))
    return replace(declaration, requirements=entries, python=python, links=links, governs=False, lock=lock)


def _links(header: Header, found: Annotations, declaration: Declaration) -> Iterator[Link]:
    """Yield the indexes that comments name, as they may hold what nobody should read."""
    lines = {url: header.line for url in _URL.findall(header.command) if has_credentials(url)} | dict(found.first)
    known = {link.target for link in declaration.links}
    for url, line in lines.items():
        if url not in known:
            yield Link(LinkKind.INDEX, url, Place(declaration.path, 0, line, 1))


def _is_pinned(requirement: Requirement) -> bool:
    return requirement.direct is not None or requirement.constraint.exact is not None


def _locked(
    requirements: tuple[Requirement, ...], vias: tuple[Via, ...], found: Annotations
) -> tuple[Requirement, ...]:
    needs = needs_of(requirements, vias)
    return tuple(
        replace(requirement, role=Role.LOCKED, needs=names, index=found.indexes.get(requirement.place.line, ""))
        for requirement, names in zip(requirements, needs, strict=True)
    )


def _python(header: Header, command: Command, path: str) -> tuple[Requirement, ...]:
    """Return the Python that a file was compiled for; one for all platforms is for several Pythons too."""
    wanted = ".".join((command.python or header.python).split(".")[:2])
    if not wanted or command.universal:
        return ()
    place = Place(path, 0, header.line, 1)
    found = read_python(f"=={wanted}.*", Origin(place, NAME, Role.LOCKED), place)
    return (found,) if isinstance(found, Requirement) else ()
