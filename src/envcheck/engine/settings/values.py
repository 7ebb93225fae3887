"""The values of a settings file, each in the shape that it must have."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import Struct

from envcheck.model.errors import UserError
from envcheck.model.findings import Severity
from envcheck.model.platforms import PLATFORMS

T = TypeVar("T")


class Entries(Struct, frozen=True):
    """The table of a settings file; ``shown`` is the file as messages name it."""

    table: Mapping[str, object]
    shown: str

    def of(self, key: str, shape: Callable[[object], T]) -> T | None:
        """Return the value of a key in its shape, ``None`` when it is absent; raise ``UserError`` for another shape."""
        if key not in self.table:
            return None
        try:
            return shape(self.table[key])
        except TypeError as error:
            raise UserError(f"{self.shown}: {key}: expected {error}, not {self.table[key]!r}") from error


def text(value: object) -> str:
    """Return a text. Raises ``TypeError`` that says what is expected."""
    if not isinstance(value, str):
        raise TypeError("a text")
    return value


def flag(value: object) -> bool:
    """Return true or false. Raises ``TypeError`` that says what is expected."""
    if not isinstance(value, bool):
        raise TypeError("true or false")
    return value


def platform(value: object) -> str:
    """Return the conda name of a platform. Raises ``TypeError`` that says what is expected."""
    if not isinstance(value, str) or value not in PLATFORMS:
        raise TypeError(f"one of {', '.join(PLATFORMS)}")
    return value


def texts(value: object) -> tuple[str, ...]:
    """Return a list of texts. Raises ``TypeError`` that says what is expected."""
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise TypeError("a list of texts")
    return tuple(value)


def lists(value: object) -> Mapping[str, tuple[str, ...]]:
    """Return a table of lists of texts, a lone text as a list of one; ``TypeError`` says what is expected."""
    expected = "a table of texts or lists of texts"
    if not isinstance(value, dict):
        raise TypeError(expected)
    try:
        return {key: texts([part] if isinstance(part, str) else part) for key, part in value.items()}
    except TypeError as error:
        raise TypeError(expected) from error


def severities(value: object) -> Mapping[str, Severity]:
    """Return a table of severities. Raises ``TypeError`` that says what is expected."""
    expected = "a table of error, warning or note"
    if not isinstance(value, dict):
        raise TypeError(expected)
    try:
        return {key: severity(part) for key, part in value.items()}
    except TypeError as error:
        raise TypeError(expected) from error


def severities_by_glob(value: object) -> Mapping[str, Mapping[str, Severity]]:
    """Return a table of tables of severities. Raises ``TypeError`` that says what is expected."""
    expected = "a table of tables of error, warning or note"
    if not isinstance(value, dict):
        raise TypeError(expected)
    try:
        return {key: severities(part) for key, part in value.items()}
    except TypeError as error:
        raise TypeError(expected) from error


def severity(value: object) -> Severity:
    """Return the severity that a word names. Raises ``TypeError`` that says what is expected."""
    words = {severity.word: severity for severity in Severity}
    if not isinstance(value, str) or value not in words:
        raise TypeError("error, warning or note")
    return words[value]


def placed(path: str | None, folder: str) -> str | None:
    """Return a path as it is written in a settings file as seen from anywhere; ``python3.11`` may be a command."""
    if not path:
        return path
    placed = os.path.join(folder, os.path.expanduser(path))
    return placed if os.path.dirname(path) or os.path.exists(placed) else path
