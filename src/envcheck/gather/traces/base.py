"""The shapes of the readers of records, and what they share: what a version looks like, and how a trace is made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from envcheck.gather.documents.notebook_outputs import Output, OutputKind
from envcheck.model.names import normalize
from envcheck.model.places import Place
from envcheck.model.traces import Meaning, Subject, Trace, TraceKind
from envcheck.model.versions import parse_version

_LONGEST = 200
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")
_CONDA_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_CONDA_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+!-]{0,99}")
_MODULE = re.compile(r"[^\W\d]\w{0,99}(?:\.[^\W\d]\w{0,99}){0,9}")
_SERIES = re.compile(r"\d\.\d{1,2}(?:\.\d{1,3}(?:(?:a|b|rc)\d+)?)?\+?")
_SHAPES = {
    Subject.DISTRIBUTION: _NAME,
    Subject.MODULE: _MODULE,
    Subject.CONDA: _CONDA_NAME,
    Subject.PYTHON: re.compile("python"),
    Subject.HOST: re.compile(r"[^\n]{1,100}"),
}


class Outputs(Struct, frozen=True):
    """A cell that has run: its place and text, what it left, and what its names mean.

    ``aliases`` maps the names that are bound to modules to these: ``np`` to ``numpy``, ``plt`` to
    ``matplotlib.pyplot``. ``modules`` are the top-level names of all modules that the notebook imports.
    """

    place: Place
    text: str
    outputs: tuple[Output, ...] = ()
    aliases: Mapping[str, str] = {}
    modules: frozenset[str] = frozenset()

    def lines(self, *kinds: OutputKind, holding: Sequence[str] = ("",)) -> Iterator[tuple[Spot, str]]:
        """Yield the lines of outputs of some kinds that hold one of some texts, with where they stand.

        Blanks at the ends of lines are gone. Most outputs hold no record, and lines are dearer than a search.
        """
        for output in self.outputs:
            if output.kind in kinds and any(text in output.text for text in holding):
                for number, line in enumerate(output.text.split("\n"), 1):
                    yield Spot(self.place, output.number, number), line.rstrip()


class Spot(Struct, frozen=True):
    """Where in a notebook something was read: the metadata, a cell, or a line of one of its outputs."""

    place: Place
    output: int = 0
    line: int = 0


class OutputReader(Protocol):
    """What every reader of outputs offers; ``KINDS`` are those of its traces."""

    KINDS: tuple[TraceKind, ...]

    def read(self, cell: Outputs) -> Iterator[Trace]:
        """Yield what the outputs of a cell tell, in reading order; never raises."""


class MetadataReader(Protocol):
    """What every reader of metadata offers."""

    KINDS: tuple[TraceKind, ...]

    def read(self, metadata: Mapping[str, object], path: str) -> Iterator[Trace]:
        """Yield what the metadata of a notebook tells; never raises."""


class Told(Struct, frozen=True):
    """What makes traces of one kind: their subject and meaning, unless they say another."""

    kind: TraceKind
    subject: Subject = Subject.DISTRIBUTION
    meaning: Meaning = Meaning.INSTALLED

    def trace(self, spot: Spot, name: str, version: str, subject: Subject | None = None) -> Iterator[Trace]:
        """Yield the trace of one name, or nothing when name or version is none of its subject."""
        subject = subject or self.subject
        if subject is Subject.MODULE and "-" in name:
            subject = Subject.DISTRIBUTION  # records of imports that name a few things otherwise (scikit-learn)
        version = version.strip()
        if self.meaning is Meaning.INSTALLED or self.meaning is Meaning.LOCKED:
            version = _without_mark(version)
            if version and not is_version(version, subject):
                return
        if len(version) <= _LONGEST and _SHAPES[subject].fullmatch(name):
            yield Trace(
                _spelled(name, subject), version, self.kind, self.meaning, subject, spot.place, spot.output, spot.line
            )

    def python(self, spot: Spot, version: str) -> Iterator[Trace]:
        """Yield the trace of a version of Python, or nothing when it is none."""
        yield from self.trace(spot, "python", version, Subject.PYTHON)


def is_version(text: str, subject: Subject = Subject.DISTRIBUTION) -> bool:
    """Tell whether a text is a version as its subject has them."""
    if len(text) > _LONGEST:
        return False
    if subject is Subject.PYTHON:
        return _SERIES.fullmatch(text) is not None
    if subject is Subject.CONDA:
        return _CONDA_VERSION.fullmatch(text) is not None
    return text[:1].isdigit() and parse_version(text) is not None


def _without_mark(version: str) -> str:
    """Return a version without the v that some packages write before it."""
    return version[1:] if version[:1] in "vV" and version[1:2].isdigit() else version


def _spelled(name: str, subject: Subject) -> str:
    if subject is Subject.DISTRIBUTION:
        return normalize(name)
    return name.lower() if subject is Subject.CONDA else name
