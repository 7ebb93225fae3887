"""Findings → changes → files, and back: what was written is read and judged again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from envcheck.engine.check import Case, judge, open_case
from envcheck.engine.writing.contradictions import contradictions
from envcheck.engine.writing.files import held, replace_file
from envcheck.engine.writing.plan import Rewriting, plan
from envcheck.model.changes import Change, Refusal, name_in, place_of
from envcheck.model.errors import UserError
from envcheck.model.findings import Finding
from envcheck.model.settings import Settings

UNREAD = ("READ001", "READ003", "READ004")
"""The rules that speak of files and entries that could not be read."""


class Wanted(Protocol):
    """What is to become of findings."""

    def of(self, finding: Finding) -> Iterable[Change]:
        """Yield the changes that are wanted because of a finding."""

    def beyond(self, case: Case) -> Iterable[Change]:
        """Yield the changes that are wanted whatever is found."""


class Request(Struct, frozen=True):
    """What is to be looked at, and how: the arguments of a check."""

    paths: Sequence[str]
    settings: Settings
    environ: Mapping[str, str]
    cwd: str

    def open(self) -> Case:
        """Return the facts as they are now."""
        return open_case(self.paths, self.settings, environ=self.environ, cwd=self.cwd)


class Outcome(Struct, frozen=True):
    """What has been planned or written, file by file; ``failed`` and ``undone`` say why a file is as it was."""

    case: Case
    rewritings: tuple[Rewriting, ...]
    refusals: tuple[Refusal, ...] = ()
    failed: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    unread: tuple[Finding, ...] = ()
    """What could not be read, where it was asked for: nobody knows what would have been changed there."""

    @property
    def changed(self) -> tuple[Rewriting, ...]:
        """The files that read otherwise."""
        return tuple(rewriting for rewriting in self.rewritings if rewriting.new != rewriting.old)


def propose(request: Request, wanted: Wanted) -> Outcome:
    """Return what the changes that are wanted of findings would make; nothing is written."""
    case = request.open()
    kept, _ = judge(case, request.settings)
    changes = dict.fromkeys((*wanted.beyond(case), *(change for finding in kept for change in wanted.of(finding))))
    refused = tuple(contradictions(case, tuple(changes)))
    for refusal in refused:
        del changes[refusal.change]
    rewritings = plan(case.project.root, changes)
    refusals = (*refused, *(refusal for r in rewritings for refusal in r.refusals))
    return Outcome(case, rewritings, refusals, unread=tuple(f for f in kept if f.code in UNREAD))


def write(request: Request, proposed: Outcome, wanted: Wanted) -> Outcome:
    """Write what was proposed, judge again, and put back every file whose changes are wanted as before.

    A file that cannot be written is named in ``failed``, and the others are written all the same.
    """
    root = proposed.case.project.root
    if not proposed.changed:
        return replace(proposed, rewritings=())
    try:
        with held(root):
            return _write(request, proposed, wanted)
    except UserError as error:
        return replace(proposed, rewritings=(), failed=(f"{error.message}; {error.hint}",))


def _write(request: Request, proposed: Outcome, wanted: Wanted) -> Outcome:
    root = proposed.case.project.root
    written, failed = [], []
    for rewriting in proposed.changed:
        fault = _replaced(root, rewriting.path, old=rewriting.old, new=rewriting.new)
        if fault:
            failed.append(fault)
        else:
            written.append(rewriting)
    unhelpful = _unhelpful(request, written, wanted) if written else ()
    undone = []
    for rewriting in unhelpful:
        fault = _replaced(root, rewriting.path, old=rewriting.new, new=rewriting.old)
        if fault:
            failed.append(fault)
        else:
            undone.append(rewriting.path)
    stayed = tuple(rewriting for rewriting in written if rewriting.path not in undone)
    return replace(proposed, rewritings=stayed, failed=tuple(failed), undone=tuple(undone))


def _replaced(root: str, path: str, *, old: bytes, new: bytes) -> str:
    """Write a file and return nothing, or why it is as it was."""
    try:
        replace_file(root, path, old=old, new=new)
    except UserError as error:
        return f"{error.message}; {error.hint}"
    return ""


def _unhelpful(request: Request, written: Sequence[Rewriting], wanted: Wanted) -> tuple[Rewriting, ...]:
    """Return the files for which the same is wanted again: what was written has not helped."""
    kept, _ = judge(request.open(), request.settings)
    again = {(place_of(change).path, _about(change)) for finding in kept for change in wanted.of(finding)}
    return tuple(r for r in written if any((r.path, _about(change)) in again for change in r.made))


def _about(change: Change) -> tuple[type, str]:
    return type(change), name_in(change).lower()
