"""Wishes without syntax (changes) and text without meaning (edits)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from envcheck.model.requirements import Requirement


@dataclass(frozen=True, slots=True)
class Pin:
    """Let this requirement accept just ``version``."""

    requirement: Requirement
    version: str


@dataclass(frozen=True, slots=True)
class Add:
    """Add a distribution to the declaration at ``path``."""

    path: str
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove this requirement."""

    requirement: Requirement


Change: TypeAlias = Pin | Add | Remove


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters ``start`` to ``stop`` of a text."""

    start: int
    stop: int
    text: str
