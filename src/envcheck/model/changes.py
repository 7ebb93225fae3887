"""Wishes without syntax (changes) and text without meaning (edits)."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from envcheck.model.places import Place
from envcheck.model.requirements import Requirement


class Pin(Struct, frozen=True):
    """Let this requirement accept just ``version``, or what ``specifier`` says of it (``~=2.1.4``, ``=2.1.4=h0_0``).

    ``specifier`` is in the grammar of the requirement's ecosystem; empty stands for ``==version``.
    """

    requirement: Requirement
    version: str
    specifier: str = ""

    @property
    def wanted(self) -> str:
        """The specifier to write."""
        return self.specifier or f"=={self.version}"


class Add(Struct, frozen=True):
    """Add a distribution to the declaration at ``path``; ``specifier`` as in :class:`Pin`, or `` @ URL``.

    ``group`` is an extra, dependency group or category of the file, empty for what everybody gets.
    """

    path: str
    name: str
    version: str
    specifier: str = ""
    group: str = ""

    @property
    def wanted(self) -> str:
        """The specifier to write."""
        return self.specifier or f"=={self.version}"


class Remove(Struct, frozen=True):
    """Remove this requirement."""

    requirement: Requirement


class Replace(Struct, frozen=True):
    """Write ``text`` where this requirement stands now: another source, a commit, a hash."""

    requirement: Requirement
    text: str


class IntoKernel(Struct, frozen=True):
    """Let the install line whose arguments begin at ``place`` install into the kernel, not where a shell does."""

    place: Place


Change: TypeAlias = Pin | Add | Remove | Replace | IntoKernel


def place_of(change: Change) -> Place:
    """Return the place that a change is about; of an addition only the file is known."""
    match change:
        case Add(path=path):
            return Place(path)
        case IntoKernel(place=place):
            return place
        case _:
            return change.requirement.place


def name_in(change: Change) -> str:
    """Return the name of the distribution that a change is about, as it is written; empty where none is."""
    match change:
        case Add(name=name):
            return name
        case IntoKernel():
            return ""
        case _:
            return change.requirement.shown_name or change.requirement.name or change.requirement.raw


class Edit(Struct, frozen=True, order=True):
    """Replace the characters ``start`` to ``stop`` of a text."""

    start: int
    stop: int
    text: str


class Refusal(Struct, frozen=True):
    """A change that a dialect does not make: why, and what to do in its place."""

    change: Change
    reason: str
    remedy: str = ""


class Editing(Struct, frozen=True):
    """What a dialect makes of changes to one file: edits of its decoded text, and what it leaves alone."""

    edits: tuple[Edit, ...] = ()
    refusals: tuple[Refusal, ...] = ()
