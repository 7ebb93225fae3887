"""What is locked from a URL, repository or path of its own, held against what is wanted from there."""

from __future__ import annotations

import posixpath

from msgspec import Struct

from envcheck.gather.declarations.pixi_lock.packages import Package
from envcheck.gather.documents.pixi_entries import PixiEntry
from envcheck.model.requirements import DirectKind, DirectReference
from envcheck.model.urls import normalize_url


class Match(Struct, frozen=True):
    """What became of a wish: ``words`` say why it is not met, ``doubtful`` that nothing tells whether it is."""

    words: str = ""
    doubtful: bool = False


MET = Match()
DOUBTFUL = Match(doubtful=True)


def match_direct(entry: PixiEntry, package: Package) -> Match:
    """Return whether a PyPI package comes from where it is asked for."""
    wanted, locked = entry.direct, package.entry.direct
    if wanted is None:
        # A path may stand for an index here: a folder of files that is one (``find-links``).
        is_path = locked is not None and locked.kind is DirectKind.PATH
        return DOUBTFUL if is_path else Match(f"{entry.shown_name} is {_from(locked)}")
    if locked is None:
        # Before version 7 a URL that was asked for looks like the file of an index.
        same = wanted.kind is DirectKind.URL and normalize_url(wanted.url) == normalize_url(package.location)
    elif wanted.kind is DirectKind.PATH and locked.kind is DirectKind.PATH:
        same = posixpath.normpath(wanted.url) == posixpath.normpath(locked.url)
    else:
        same = wanted.kind is locked.kind and normalize_url(wanted.url) == normalize_url(locked.url)
    if not same:
        return Match(f"{entry.shown_name} is asked for from {wanted.url}, and {_from(locked)}")
    return _match_revision(entry, wanted, locked) if locked else MET


def _match_revision(entry: PixiEntry, wanted: DirectReference, locked: DirectReference) -> Match:
    if wanted.kind is DirectKind.PATH:
        return DOUBTFUL  # what stands there may need other things by now than it did when it was locked
    if wanted.kind is DirectKind.VCS:
        shortened = bool(wanted.revision) and locked.commit.startswith(wanted.revision.lower())
        if wanted.revision not in (locked.revision, locked.commit) and not shortened:
            asked = wanted.revision or "the default branch"
            found = locked.revision or locked.commit
            return Match(f"{entry.shown_name} is asked for at {asked}, and locked at {found}")
    return MET if wanted.subdirectory == locked.subdirectory else DOUBTFUL


def _from(locked: DirectReference | None) -> str:
    return f"locked from {locked.url}" if locked else "locked from an index"
