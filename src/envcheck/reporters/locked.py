"""What became of locks, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from envcheck.model.locked import Locked, Moved
from envcheck.reporters.sanitize import sanitize

_MOST = 20  # lines of one kind


def lines(locked: Locked) -> Iterator[str]:
    """Yield what was locked, what moved, and what is not as it is installed."""
    for text in _lines(locked):
        yield sanitize(text)


def _lines(locked: Locked) -> Iterator[str]:
    if locked.instead_of:
        yield f"{locked.path}: {locked.instead_of}"
    verb = {"new": "written", "renewed": "written anew", "same": "is as it would be written"}[locked.state]
    versions = "1 distribution" if locked.entries == 1 else f"{locked.entries} distributions"
    target = "".join((f" for Python {locked.python}" if locked.python else "", f" on {locked.platform}"))
    hashes = " with hashes" if locked.hashed else ""
    yield f"{locked.path}: {verb}: {versions}{target if locked.platform else ''}{hashes}, by {locked.tool}"
    if locked.unhashed:
        yield f"  without hashes: there is none for {', '.join(locked.unhashed)}, and pip asks for all or none"
    yield from _moves(
        locked.moved, "  {0.name} {0.before} -> {0.after}", "  {0.name} {0.after} is new", "  {0.name} left"
    )
    apart = "  {0.name}: locked {0.after}, installed {0.before}"
    yield from _moves(locked.apart, apart, "", "")


def _moves(moves: Sequence[Moved], changed: str, new: str, gone: str) -> Iterator[str]:
    for move in moves[:_MOST]:
        form = changed if move.before and move.after else new if move.after else gone
        yield form.format(move)
    if len(moves) > _MOST:
        yield f"  and {len(moves) - _MOST} more"
