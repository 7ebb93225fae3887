"""What a locker is asked for, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from msgspec import Struct, field

Listener: TypeAlias = Callable[[str], None]
"""Hears each line that a child says, as it says it."""


class Order(Struct, frozen=True):
    """What is to be locked, for which interpreter, and what is to stay as it is.

    ``folder`` is absolute: the child runs there, and ``inputs`` are relative to it, with forward slashes. ``output`` is
    the name of the lock to be, relative to the folder; a locker never writes it. ``command`` is what its header says to
    run again. ``interpreter`` is the absolute path of the Python to lock for, empty where there is none; ``python`` its
    version, ``3.11.7`` or ``3.11``. ``preferred`` (name → version) is kept where the inputs allow it. ``names`` maps
    names of PyPI to those of conda; ``solver`` is the path of the conda to solve with, empty for the one that is found.
    """

    folder: str
    inputs: tuple[str, ...]
    output: str
    command: str
    interpreter: str = ""
    python: str = ""
    preferred: Mapping[str, str] = field(default_factory=dict)
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    universal: bool = False
    hashes: bool = True
    names: Mapping[str, str] = field(default_factory=dict)
    solver: str = ""


class Run(Struct, frozen=True):
    """How a child is run: with which variables, for how many seconds at most, and who hears what it says."""

    environ: Mapping[str, str]
    seconds: float
    listen: Listener


class Locker(Protocol):
    """What every module of a locker offers."""

    NAME: str

    def unable(self, order: Order, environ: Mapping[str, str]) -> str:
        """Return why this locker cannot do it here, with what to install; empty when it can."""

    def lock(self, order: Order, run: Run) -> str:
        """Return the text of the lock. Raises ``UserError`` with the cause when the child fails."""
