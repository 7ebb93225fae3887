"""What was done to files, or would be, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from envcheck.model.changes import Add, Change, Refusal
from envcheck.reporters.sanitize import sanitize


class Rewritten(Protocol):
    """What is to be known of a file."""

    @property
    def path(self) -> str:
        """Its path."""

    @property
    def made(self) -> tuple[Change, ...]:
        """The changes that were made."""

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Those that were not."""


def lines(files: Sequence[Rewritten], *, written: bool) -> Iterator[str]:
    """Yield a line for each change that was refused, and one that counts those made."""
    for file in files:
        for refusal in file.refusals:
            remedy = f"; {refusal.remedy}" if refusal.remedy else ""
            yield sanitize(f"{_place(refusal.change)}: {_name(refusal.change)}: {refusal.reason}{remedy}")
    changed = [file for file in files if file.made]
    count = sum(len(file.made) for file in changed)
    if not count:
        yield "nothing to pin" if not any(file.refusals for file in files) else "nothing was changed"
    else:
        verb = "written" if written else "to write (--write)"
        yield f"{_counted(count, 'change')} {verb} in {_counted(len(changed), 'file')}"


def _place(change: Change) -> str:
    return change.path or "." if isinstance(change, Add) else str(change.requirement.place)


def _name(change: Change) -> str:
    if isinstance(change, Add):
        return change.name
    return change.requirement.shown_name or change.requirement.name or change.requirement.raw


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
