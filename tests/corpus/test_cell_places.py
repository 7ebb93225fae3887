"""Every line of every code cell of real notebooks is where the report says: the file reads just that there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from envcheck.engine.telling.details import with_places
from envcheck.gather.documents import notebook_json
from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.readings import RawFile
from envcheck.model.report import Report

pytestmark = pytest.mark.corpus


def lines(path: Path) -> Iterator[tuple[Place, str]]:
    """Yield the lines of a notebook's code cells with their places."""
    data = path.read_bytes()
    if b'"nbformat": 2,' in data:  # its lists of lines leave the line ends out
        return
    for cell in notebook_json.read(RawFile(str(path), data)).value.code:
        for line, content in enumerate(cell.text.split("\n"), 1):
            if content:
                yield Place(str(path), cell.number, line, 1), content


def spellings(line: str) -> tuple[str, ...]:
    """Return how a line may be written in JSON."""
    plain, escaped = (json.dumps(line, ensure_ascii=ascii_only)[1:-1] for ascii_only in (False, True))
    return (plain, escaped, escaped.replace("/", "\\/"), plain.replace("/", "\\/"))


def test_every_line_is_where_it_is_said_to_be(corpus: Path) -> None:
    notebooks = compared = 0
    for path in sorted(corpus.rglob("*.ipynb")):
        known = dict(lines(path))
        findings = (Finding("PIN001", "x", Severity.NOTE, place, "x") for place in known)
        report = with_places(Report(tuple(findings)), str(corpus))
        file = path.read_bytes().decode("utf-8-sig").split("\n")
        places = [report.in_file(place) for place in known]
        for place, content in zip(places, known.values(), strict=True):
            assert place.line, (path, content)
            assert file[place.line - 1].startswith(spellings(content), place.column - 1), (place, content)
        assert places == sorted(set(places))
        notebooks += 1
        compared += len(places)
    assert notebooks > 400
    assert compared > 35_000
