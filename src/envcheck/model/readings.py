"""What a reader is handed and what it returns: bad input is a fact, not an exception."""

from __future__ import annotations

from enum import Enum
from typing import Generic, TypeVar

from msgspec import Struct

from envcheck.model.places import Place

T = TypeVar("T")


class RawFile(Struct, frozen=True):
    """A file as the engine hands it to a reader, which decodes it but never opens anything."""

    path: str
    data: bytes


class ProblemKind(Enum):
    """What went wrong while a fact was read; rules decide how bad that is."""

    UNREADABLE_FILE = "unreadable-file"
    UNPARSABLE_CELL = "unparsable-cell"
    INVALID_REQUIREMENT = "invalid-requirement"
    UNSUPPORTED_FORMAT = "unsupported-format"
    ODD_ENCODING = "odd-encoding"
    BROKEN_METADATA = "broken-metadata"
    NOT_READ = "not-read"
    """Known and deliberately left alone (``setup.py``, a Julia notebook): said, never a finding."""


class Problem(Struct, frozen=True):
    """Something that could not be read, where it stands, and what would help."""

    kind: ProblemKind
    place: Place
    message: str
    remedy: str = ""


class ReferenceKind(Enum):
    """Why one file names another."""

    REQUIREMENTS = "requirements"
    CONSTRAINTS = "constraints"
    RUN = "run"


class Reference(Struct, frozen=True):
    """Another file that a file asks to be read, relative to the folder of the file that names it."""

    kind: ReferenceKind
    target: str
    place: Place


class Reading(Struct, Generic[T], frozen=True):
    """What every reader returns: the value, what could not be read, and the files it names."""

    value: T
    problems: tuple[Problem, ...] = ()
    references: tuple[Reference, ...] = ()
