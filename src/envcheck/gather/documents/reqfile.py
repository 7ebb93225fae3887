"""A text in the grammar of requirements files → requirements, references, links and problems, each with its place."""

from __future__ import annotations

import re
from collections import Counter

from msgspec import Struct, field
from msgspec.structs import replace

from envcheck.gather.documents.reqentry import FILE_VARIABLE, Entry, InvalidEntry, parse_entry
from envcheck.gather.documents.reqline import LogicalLine, RequirementLine, logical_lines, split_line
from envcheck.gather.documents.reqoptions import Option
from envcheck.model.declarations import Link, LinkKind
from envcheck.model.names import Ecosystem, normalize
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, Reference, ReferenceKind
from envcheck.model.requirements import Requirement, Role
from envcheck.model.urls import redact

_LINKS = {"--index-url": LinkKind.INDEX, "--extra-index-url": LinkKind.INDEX, "--find-links": LinkKind.FIND_LINKS}
REFERENCES = {"--requirement": ReferenceKind.REQUIREMENTS, "--constraint": ReferenceKind.CONSTRAINTS}
"""The options that name files in the same grammar."""
_HASH_MODES = {"--require-hashes": True, "--no-require-hashes": False}
_MANY = 5
"""Invalid lines with the same remedy are told one by one up to this number, else once."""
_LONG = 60


class Origin(Struct, frozen=True):
    """What the requirements of one text have in common; ``place`` is that of its first character."""

    place: Place
    dialect: str
    role: Role = Role.DECLARED
    group: str = ""

    def at(self, line: int, column: int) -> Place:
        """Return the place of a character by its line and column in the text, both from 1."""
        path, cell, first, indent = self.place
        return Place(path, cell, first + line - 1, column + indent - 1 if line == 1 else column)


class Wanted(Struct):
    """What a text wants, while it is being read."""

    requirements: list[Requirement] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    requires_hashes: bool | None = None

    def refer(self, option: Option, place: Place, variable: re.Pattern[str]) -> None:
        """Note the file that ``-r`` or ``-c`` names, or that its name is still to be filled in."""
        target = option.value.value
        if variable.search(target):
            message = f"{_shortened(target)}: which file that is depends on a variable"
            self.problems.append(Problem(ProblemKind.NOT_READ, place, message))
        else:
            self.references.append(Reference(REFERENCES[option.name], target, place))


def read_requirements(text: str, origin: Origin) -> Wanted:
    """Return all that a requirements file says, or an entry of the ``pip:`` section of environment.yml.

    ``-r`` and ``-c`` come back as references, targets as written. ``${NAME}`` is never replaced.
    """
    wanted = Wanted()
    for line in logical_lines(text):
        parts = split_line(line.text)
        if parts.fault:
            remedy = "pip's documentation of requirements files lists the options"
            wanted.problems.append(invalid(origin.at(*line.at(0)), line.text, parts.fault, remedy))
            continue
        if parts.options or parts.ignored:
            _read_options(line, parts, origin, wanted)
        _read_entry(line, parts, origin, wanted)
    wanted.problems = _told_once(wanted.problems)
    return wanted


def _read_options(line: LogicalLine, parts: RequirementLine, origin: Origin, wanted: Wanted) -> None:
    for option in parts.options:
        if option.name in _LINKS:
            place = origin.at(*line.at(option.value.start))
            wanted.links.append(Link(_LINKS[option.name], option.value.value, place))
        elif option is parts.reference:
            wanted.refer(option, origin.at(*line.at(option.value.start)), FILE_VARIABLE)
        elif option.name in _HASH_MODES and parts.entry is None:
            wanted.requires_hashes = _HASH_MODES[option.name]
    if parts.ignored:
        reason = f"pip ignores {_shortened(', '.join(parts.ignored))} here"
        wanted.problems.append(invalid(origin.at(*line.at(0)), line.text, reason, "give it a line of its own"))


def _read_entry(line: LogicalLine, parts: RequirementLine, origin: Origin, wanted: Wanted) -> None:
    if parts.entry is None or not parts.entry.value:
        return
    text, start, stop = parts.entry
    place = origin.at(*line.at(start))
    try:
        entry = parse_entry(text, editable=parts.editable)
    except InvalidEntry as error:
        wanted.problems.append(invalid(place, text, error.reason, error.remedy))
        return
    if origin.role is Role.CONSTRAINT and (parts.editable or entry.extras or not (entry.name or entry.template)):
        reason = "a constraint has a name, and neither extras nor -e"
        wanted.problems.append(invalid(place, text, reason, "write name and versions, or name @ URL"))
        if parts.editable:
            return
    wanted.requirements.append(requirement(entry, line.text[start:stop], origin, place, parts.hashes))


def requirement(entry: Entry, raw: str, origin: Origin, place: Place, hashes: tuple[str, ...] = ()) -> Requirement:
    """Return the requirement that an entry makes at a place."""
    return Requirement(
        normalize(entry.name),
        raw,
        Ecosystem.PYPI,
        place,
        entry.constraint,
        origin.role,
        origin.dialect,
        origin.group,
        entry.marker,
        entry.extras,
        hashes,
        entry.direct,
        template=entry.template,
        shown_name=entry.name,
    )


def invalid(place: Place, text: str, reason: str, remedy: str) -> Problem:
    """Return the problem of a text that pip refuses, credentials in it hidden."""
    return Problem(ProblemKind.INVALID_REQUIREMENT, place, f"{_shortened(text)}: {reason}", remedy)


def _shortened(text: str) -> str:
    text = redact(text)
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"


def _told_once(problems: list[Problem]) -> list[Problem]:
    """Return the problems, with one for a remedy that is needed many times: a pasted page is one mistake."""
    counts = Counter((problem.kind, problem.remedy) for problem in problems)
    told = []
    for problem in problems:
        count = counts.get((problem.kind, problem.remedy), 0)
        if count > _MANY:
            del counts[problem.kind, problem.remedy]
            problem = replace(problem, message=f"{problem.message} (and {count - 1} more lines like it)")
        if count:
            told.append(problem)
    return told
