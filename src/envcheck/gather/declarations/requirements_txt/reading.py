"""The lines of a requirements file → what they declare."""

from __future__ import annotations

import re

from envcheck.gather.declarations.requirements_txt import NAME
from envcheck.gather.documents.reqfile import Origin, read_requirements
from envcheck.gather.documents.text import Text, decode, ignores
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading
from envcheck.model.requirements import Declaration, Role

# Compiled with the first use, since few runs need it.
_CONTROL = r"[\x00-\x08\x0e-\x1a\x7f]"
_PAGE = re.compile(r"\s*<(?:!doctype|html|\?xml)\b", re.IGNORECASE)
_JSON = re.compile(r"""\s*[\[{]\s*["\[{\]}]""")
_EXPLICIT = r"(?m)^@EXPLICIT\s*$"


def read_lines(file: RawFile, role: Role, group: str) -> Reading[Declaration]:
    """Return what the lines declare in a role and for a group, and what is wrong in them."""
    text = decode(file.data)
    refusal = _refusal(text, Place(file.path, 0, 1, 1))
    if refusal:
        return Reading(Declaration(file.path, NAME, governs=False, encoding=text.encoding), (refusal,))
    found = read_requirements(text.text, Origin(Place(file.path, 0, 1, 1), NAME, role, group))
    declaration = Declaration(
        file.path,
        NAME,
        tuple(found.requirements),
        links=tuple(found.links),
        governs=role is not Role.CONSTRAINT,
        encoding=text.encoding,
        ignores=ignores(text.text, file.path),
    )
    return Reading(declaration, _encoding(text, file.path) + tuple(found.problems), tuple(found.references))


def _refusal(text: Text, place: Place) -> Problem | None:
    """Return the problem of a file that is something else altogether."""
    # A single NUL spoils a line; UTF-16 without its mark has one in every second place.
    if text.text.count("\0") * 8 > len(text.text) or (text.lossy and re.search(_CONTROL, text.text)):
        remedy = "save it as UTF-8 (UTF-16 without its mark looks like this)"
        return Problem(ProblemKind.UNREADABLE_FILE, place, "not text: it holds NUL or other control bytes", remedy)
    for pattern, what in ((_PAGE, "a page in HTML or XML"), (_JSON, "JSON")):
        if pattern.match(text.text):
            message = f"{what}, not requirements"
            return Problem(ProblemKind.UNREADABLE_FILE, place, message, "save the raw file, one requirement on a line")
    if "@EXPLICIT" in text.text and re.search(_EXPLICIT, text.text):
        remedy = "give it another name; `conda create --file` reads it, pip does not"
        return Problem(ProblemKind.NOT_READ, place, "an explicit conda list, not requirements for pip", remedy)
    return None


def _encoding(text: Text, path: str) -> tuple[Problem, ...]:
    if not text.lossy:
        return ()
    message = "neither UTF-8 nor an encoding that the file declares: read as Latin-1"
    return (Problem(ProblemKind.ODD_ENCODING, Place(path), message, "save it as UTF-8"),)
