"""The tables of a pixi.toml → what they declare."""

from __future__ import annotations

from envcheck.gather.declarations.pixi_toml import NAME
from envcheck.gather.documents.faults import encoding_problems
from envcheck.gather.documents.pixi_declared import declared
from envcheck.gather.documents.text import decode, ignores
from envcheck.gather.documents.toml_tables import parse
from envcheck.model.declarations import Declaration
from envcheck.model.readings import RawFile, Reading


def read_manifest(file: RawFile) -> Reading[Declaration]:
    """Return what a manifest declares and what is wrong in it."""
    text = decode(file.data)
    document = parse(text.text)
    if document.fault:
        problem = document.fault.problem(file.path, "correct the TOML: pixi cannot read the file like this")
        return Reading(Declaration(file.path, NAME, governs=False, encoding=text.encoding), (problem,))
    found = declared(document, text.text, file.path, NAME)
    declaration = Declaration(
        file.path,
        NAME,
        tuple(found.requirements),
        tuple(found.python),
        tuple(found.links),
        encoding=text.encoding,
        unread=found.unread,
        ignores=ignores(text.text, file.path),
    )
    return Reading(declaration, (*encoding_problems(text, file.path), *found.problems))
