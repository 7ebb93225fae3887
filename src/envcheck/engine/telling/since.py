"""Only what has changed since a revision: the findings that a change brings, whatever is wrong around it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping

from msgspec.structs import replace

from envcheck.engine.reading.files import read_file
from envcheck.engine.telling.details import with_places
from envcheck.engine.telling.rows import with_rows_of
from envcheck.lockers import git
from envcheck.model.findings import Finding
from envcheck.model.places import Place
from envcheck.model.readings import RawFile
from envcheck.model.report import Report


def only_changed(report: Report, revision: str, *, folder: str, environ: Mapping[str, str]) -> Report:
    """Return a report of the findings that stand, or whose other places stand, in lines changed since a revision.

    A line has changed when the file held it less often: whatever was merely moved has not. What speaks of a whole file
    stays when anything in it has changed. Raises ``UserError`` when git cannot tell.
    """
    placed = with_places(report, folder)
    changes = _Changes(git.past(folder, revision, environ), folder)
    changes.learn({place.path for finding in placed.findings for place in _places(finding)})
    kept = tuple(
        finding
        for finding in placed.findings
        if any(changes.touch(placed.in_file(place)) for place in _places(finding))
    )
    left = report.unchanged + len(report.findings) - len(kept)
    return replace(with_rows_of(placed, kept), unchanged=left, since=revision)


def _places(finding: Finding) -> tuple[Place, ...]:
    return (finding.place, *(other.place for other in finding.related))


class _Changes:
    """Which lines of which files are new; ``None`` stands for all of them."""

    def __init__(self, past: git.Past, folder: str) -> None:
        self._past = past
        self._folder = folder
        self._new: dict[str, frozenset[int] | None] = {}

    def learn(self, paths: set[str]) -> None:
        """Compare these files with what they were."""
        inside = {path: self._inside(path) for path in paths}
        old = dict(git.contents(self._past, sorted({name for name in inside.values() if name})))
        for path, name in inside.items():
            if name in old:
                self._new[path] = _new_lines(old[name], self._content(path))
            elif name in self._past.current:
                self._new[path] = None

    def touch(self, place: Place) -> bool:
        """Tell whether a place is of a changed line, or of a changed file when it has no line."""
        if place.path not in self._new:
            return False
        lines = self._new[place.path]
        return lines is None or (place.line in lines if place.line else bool(lines))

    def _inside(self, path: str) -> str:
        """Return a path as git names it, nothing when it lies elsewhere."""
        real = os.path.realpath(os.path.join(self._folder, path))
        name = os.path.relpath(real, os.path.realpath(self._past.top)).replace(os.sep, "/")
        return "" if name.startswith("../") else name

    def _content(self, path: str) -> bytes:
        found = read_file(self._folder, path)
        return found.data if isinstance(found, RawFile) else b""


def _new_lines(old: bytes, new: bytes) -> frozenset[int]:
    before = Counter(line.rstrip(b"\r") for line in old.split(b"\n"))
    lines = [line.rstrip(b"\r") for line in new.split(b"\n")]
    after = Counter(lines)
    return frozenset(number for number, line in enumerate(lines, 1) if after[line] > before[line])
