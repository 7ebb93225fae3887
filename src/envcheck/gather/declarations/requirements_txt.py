"""requirements.txt and its relatives: ``requirements*.txt|in``, ``requirements/*.txt``, ``constraints*.txt``."""

from __future__ import annotations

import re

from envcheck.gather.documents.reqfile import Origin, read_requirements
from envcheck.gather.documents.text import Text, decode, ignores
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, RawFile, Reading
from envcheck.model.requirements import Declaration, Role

NAME = "requirements_txt"

_ENDINGS = (".txt", ".in")
_REQUIREMENTS = re.compile(r"requirements(?P<after>.*)|(?P<before>.*)requirements|requirement|reqs", re.DOTALL)
_CONSTRAINTS = re.compile(r"constraints.*|.*[-_.]constraints", re.DOTALL)
_FOR_EVERYBODY = frozenset(("base", "main", "prod", "production", "common"))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")
_PAGE = re.compile(r"\s*<(?:!doctype|html|\?xml)\b", re.IGNORECASE)
_JSON = re.compile(r"""\s*[\[{]\s*["\[{\]}]""")
_EXPLICIT = re.compile(r"^@EXPLICIT\s*$", re.MULTILINE)


def claims(path: str) -> bool:
    """Tell by its name whether a file is in the grammar of requirements files."""
    folder, stem = _named(path)
    if not path.lower().endswith(_ENDINGS):
        return False
    return folder == "requirements" or bool(_REQUIREMENTS.fullmatch(stem) or _CONSTRAINTS.fullmatch(stem))


def read(file: RawFile) -> Reading[Declaration]:
    """Return what a requirements file declares; a file of constraints by its name declares nothing but limits."""
    _, stem = _named(file.path)
    return read_as(file, Role.CONSTRAINT if _CONSTRAINTS.fullmatch(stem) else Role.DECLARED)


def read_as(file: RawFile, role: Role) -> Reading[Declaration]:
    """Return what a file of any name says: another one names it by ``-r`` (declared) or ``-c`` (constraint)."""
    text = decode(file.data)
    refusal = _refusal(text, Place(file.path, 0, 1, 1))
    if refusal:
        return Reading(Declaration(file.path, NAME, governs=False, encoding=text.encoding), (refusal,))
    group = "" if role is Role.CONSTRAINT else _group(file.path)
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


def _named(path: str) -> tuple[str, str]:
    """Return the folder's name and the file's name without its endings, in lower case."""
    folder, _, name = path.lower().rpartition("/")
    while name.endswith(_ENDINGS):
        name = name.rpartition(".")[0]
    return folder.rpartition("/")[2], name


def _group(path: str) -> str:
    """Return the group that a file's name tells: ``requirements-dev.txt``, ``requirements/dev.txt`` → ``dev``."""
    folder, stem = _named(path)
    named = _REQUIREMENTS.fullmatch(stem)
    if named:
        stem = named["after"] or named["before"] or ""
    elif folder != "requirements":
        return ""
    group = stem.strip("-_. ")
    return "" if group in _FOR_EVERYBODY else group


def _refusal(text: Text, place: Place) -> Problem | None:
    """Return the problem of a file that is something else altogether."""
    # A single NUL spoils a line; UTF-16 without its mark has one in every second place.
    if text.text.count("\0") * 8 > len(text.text) or (text.lossy and _CONTROL.search(text.text)):
        remedy = "save it as UTF-8 (UTF-16 without its mark looks like this)"
        return Problem(ProblemKind.UNREADABLE_FILE, place, "not text: it holds NUL or other control bytes", remedy)
    for pattern, what in ((_PAGE, "a page in HTML or XML"), (_JSON, "JSON")):
        if pattern.match(text.text):
            message = f"{what}, not requirements"
            return Problem(ProblemKind.UNREADABLE_FILE, place, message, "save the raw file, one requirement on a line")
    if _EXPLICIT.search(text.text):
        remedy = "give it another name; `conda create --file` reads it, pip does not"
        return Problem(ProblemKind.NOT_READ, place, "an explicit conda list, not requirements for pip", remedy)
    return None


def _encoding(text: Text, path: str) -> tuple[Problem, ...]:
    if not text.lossy:
        return ()
    message = "neither UTF-8 nor an encoding that the file declares: read as Latin-1"
    return (Problem(ProblemKind.ODD_ENCODING, Place(path), message, "save it as UTF-8"),)
