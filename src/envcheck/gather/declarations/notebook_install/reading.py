"""Install lines → requirements, word by word."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable

from msgspec import Struct

from envcheck.gather.declarations.notebook_install import NAME
from envcheck.gather.documents import matchspec
from envcheck.gather.documents.install_options import INSTALL_OPTIONS
from envcheck.gather.documents.reqentry import CELL_VARIABLE, InvalidEntry, parse_entry
from envcheck.gather.documents.reqfile import REFERENCES, Origin, Wanted, invalid, requirement
from envcheck.gather.documents.reqoptions import read_options
from envcheck.gather.documents.shell_words import Word, command_words
from envcheck.model.constraints import conda
from envcheck.model.names import Ecosystem, normalize_in
from envcheck.model.places import Place
from envcheck.model.readings import Problem, ProblemKind, Reading
from envcheck.model.requirements import DirectKind, DirectReference, Requirement, Role
from envcheck.model.usage import InstallCommand

# Compiled with the first use, since few runs need them.
_REDIRECTED = r"(?s)[<>].*"
_CONTINUED = r"\\\r?\n"  # IPython joins such lines with a blank, whatever quotes are open
_CONDA_NAME = r"(?:[^\s:]*::)?([A-Za-z0-9_.-]+)(?=[\s=<>!~\[]|\Z)"


class _Spec(Struct, frozen=True):
    """One thing to install: what of it reaches the tool, how it is written, where."""

    text: str
    raw: str
    place: Place
    editable: bool


def read_commands(commands: Iterable[InstallCommand], *, path: str) -> Reading[tuple[Requirement, ...]]:
    """Return what the install lines of one source install, each at its place; ``-r`` and ``-c`` become references."""
    wanted = Wanted()
    for command in commands:
        _read_command(command, Origin(command.place._replace(path=path), NAME, Role.AD_HOC), wanted)
    return Reading(tuple(wanted.requirements), tuple(wanted.problems), tuple(wanted.references))


def _read_command(command: InstallCommand, origin: Origin, wanted: Wanted) -> None:
    line = command_words(command.arguments)
    place_of = _places(command.arguments, origin)
    if line.unbalanced:
        wanted.problems.append(invalid(origin.place, command.line, "a quote is never closed", "close it"))
    for word in line.lost:
        reason = "without quotes, the shell takes what follows < or > for a file"
        wanted.problems.append(invalid(place_of(word), word.value, reason, "put quotes around it"))
    options, operands, _ = read_options(line.words, INSTALL_OPTIONS[command.tool])
    for option in options:
        if option.name in REFERENCES:
            wanted.refer(option, place_of(option.value), CELL_VARIABLE)
        elif option.name == "--file":
            # Its lines are match specs: read as requirements for pip, `numpy=1.2` would be called invalid.
            message = f"{option.value.value}: a list of conda specs in a file of its own"
            wanted.problems.append(Problem(ProblemKind.NOT_READ, place_of(option.value), message))
    lost = frozenset(line.lost)
    named = [(word, False) for word in operands]
    named += [(option.value, True) for option in options if option.name == "--editable"]
    for word, editable in sorted(named, key=lambda pair: pair[0].start):
        text = re.sub(_REDIRECTED, "", word.value) if word in lost else re.sub(_CONTINUED, " ", word.value)
        spec = _Spec(text, command.arguments[word.start : word.stop], place_of(word), editable)
        try:
            if text:
                wanted.requirements.append(_requirement(spec, origin, command.tool))
        except InvalidEntry as error:
            wanted.problems.append(invalid(spec.place, word.value, error.reason, error.remedy))


def _places(arguments: str, origin: Origin) -> Callable[[Word], Place]:
    """Return what tells the place of a word; a line that is continued keeps its breaks."""
    ends = [-1, *(index for index, character in enumerate(arguments) if character == "\n")]

    def place_of(word: Word) -> Place:
        line = bisect_left(ends, word.start)
        return origin.at(line, word.start - ends[line - 1])

    return place_of


def _requirement(spec: _Spec, origin: Origin, tool: str) -> Requirement:
    if tool == "conda":
        return _interpolated(spec) if CELL_VARIABLE.search(spec.text) else _conda_requirement(spec)
    entry = parse_entry(spec.text, editable=spec.editable, variable=CELL_VARIABLE)
    return requirement(entry, spec.raw, origin, spec.place)


def _conda_requirement(spec: _Spec) -> Requirement:
    try:
        found = matchspec.parse(spec.text)
        constraint = conda(found.version, found.build, text=found.written)
    except ValueError as error:
        raise InvalidEntry(str(error), "write name=version or name==version") from error
    return Requirement(
        normalize_in(Ecosystem.CONDA, found.name),
        spec.raw,
        Ecosystem.CONDA,
        spec.place,
        constraint,
        Role.AD_HOC,
        NAME,
        direct=DirectReference(DirectKind.URL, found.url) if found.url else None,
        channel=found.channel,
        shown_name=found.shown_name or found.name,
    )


def _interpolated(spec: _Spec) -> Requirement:
    """Return what conda will be asked for as far as the text tells: the name, when no variable touches it."""
    named = re.match(_CONDA_NAME, spec.text)
    name = named[1] if named else ""
    return Requirement(
        normalize_in(Ecosystem.CONDA, name),
        spec.raw,
        Ecosystem.CONDA,
        spec.place,
        role=Role.AD_HOC,
        dialect=NAME,
        template=True,
        shown_name=name,
    )
