"""Wishes without syntax (changes) and text without meaning (edits)."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from envcheck.model.requirements import Requirement


class Pin(Struct, frozen=True):
    """Let this requirement accept just ``version``."""

    requirement: Requirement
    version: str


class Add(Struct, frozen=True):
    """Add a distribution to the declaration at ``path``."""

    path: str
    name: str
    version: str


class Remove(Struct, frozen=True):
    """Remove this requirement."""

    requirement: Requirement


Change: TypeAlias = Pin | Add | Remove


class Edit(Struct, frozen=True):
    """Replace the characters ``start`` to ``stop`` of a text."""

    start: int
    stop: int
    text: str
