"""What was done to files, or would be, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from envcheck.model.changes import Change, Refusal, name_in, place_of
from envcheck.reporters.sanitize import sanitize


class Rewritten(Protocol):
    """What is to be known of a file."""

    @property
    def path(self) -> str:
        """Its path."""

    @property
    def made(self) -> tuple[Change, ...]:
        """The changes that were made."""


def lines(files: Sequence[Rewritten], refusals: Sequence[Refusal], *, written: bool) -> Iterator[str]:
    """Yield a line for each change that was refused, and one that counts those made."""
    for refusal in refusals:
        remedy = f"; {refusal.remedy}" if refusal.remedy else ""
        yield sanitize(f"{_where(refusal.change)}: {refusal.reason}{remedy}")
    changed = [file for file in files if file.made]
    count = sum(len(file.made) for file in changed)
    if not count:
        yield "nothing was changed" if refusals else "nothing to change"
    else:
        verb = "written" if written else "to write (--write)"
        yield f"{_counted(count, 'change')} {verb} in {_counted(len(changed), 'file')}"


def _where(change: Change) -> str:
    place, name = place_of(change), name_in(change)
    return f"{place if place.path else '.'}: {name}" if name else str(place)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
