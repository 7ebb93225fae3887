"""A second look at the files of a report: which line of a notebook a finding stands in, and what a fix would write."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from envcheck.engine.reading.files import read_file
from envcheck.gather.documents.cell_texts import SourceTexts
from envcheck.gather.documents.text import decode
from envcheck.model.changes import Change, place_of
from envcheck.model.findings import Finding, Fix
from envcheck.model.places import Place
from envcheck.model.readings import RawFile
from envcheck.model.report import FileEdit, Report, RulePage
from envcheck.model.urls import redact


def with_places(report: Report, folder: str) -> Report:
    """Return a report that knows where in the notebooks' files its cells stand; its paths are relative to ``folder``.

    A notebook that cannot be read any more leaves its places unknown.
    """
    by_path: dict[str, set[Place]] = {}
    for finding in report.findings:
        for place in (finding.place, *(other.place for other in finding.related)):
            if place.cell:
                by_path.setdefault(place.path, set()).add(place)
    places = {inner: outer for path in sorted(by_path) for inner, outer in _placed(folder, path, by_path[path])}
    return replace(report, details=replace(report.details, places=places))


def with_fixes(report: Report, folder: str) -> Report:
    """Return a report that knows the pages of its rules, and the edits of the fixes that can be made as they are."""
    edits = {}
    for fix in dict.fromkeys(finding.fix for finding in report.findings if finding.fix):
        found = tuple(_edits(folder, fix))
        if found:
            edits[fix] = found
    return replace(report, details=replace(report.details, edits=edits, pages=tuple(_pages(report.findings))))


def _placed(folder: str, path: str, places: Iterable[Place]) -> Iterator[tuple[Place, Place]]:
    file = read_file(folder, path)
    if not isinstance(file, RawFile):
        return
    source, lines = SourceTexts(file), _Lines(decode(file.data).text)
    for place in places:
        offset = source.position(place.cell, place.line, place.column)
        if offset >= 0:
            yield place, Place(path, 0, *lines.at(offset))


def _pages(findings: Iterable[Finding]) -> Iterator[RulePage]:
    from envcheck.judge.catalogue import RULES

    codes = {finding.code for finding in findings}
    for module in RULES:
        if module.RULE.code in codes:
            yield RulePage(module.RULE, module.__doc__ or "")


def _edits(folder: str, fix: Fix) -> Iterator[FileEdit]:
    """Yield the edits of a fix file by file: none at all when a part of it cannot be made or would show a secret."""
    by_path: dict[str, list[Change]] = {}
    for change in fix.changes:
        by_path.setdefault(place_of(change).path, []).append(change)
    edits: list[FileEdit] = []
    for path, changes in by_path.items():
        found = _edits_of(folder, path, changes)
        if not found or any(redact(edit.text) != edit.text for edit in found):
            return
        edits += found
    yield from edits


def _edits_of(folder: str, path: str, changes: list[Change]) -> list[FileEdit]:
    from envcheck.gather.declarations.catalogue import editor_for

    editor = editor_for(path) if path else None
    file = read_file(folder, path) if editor else None
    if editor is None or not isinstance(file, RawFile):
        return []
    text = decode(file.data)
    editing = editor.edit(file, changes)
    if text.lossy or editing.refusals:
        return []
    lines = _Lines(text.text)
    return [FileEdit(path, lines.at(edit.start), lines.at(edit.stop), edit.text) for edit in editing.edits]


class _Lines:
    """Where the lines of a text begin; a line ends with a line feed, as git and the services on top of it count."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        position = text.find("\n") + 1
        while position:
            self._starts.append(position)
            position = text.find("\n", position) + 1

    def at(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
