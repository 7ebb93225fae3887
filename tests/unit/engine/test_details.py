"""Where in a notebook's file its cells stand, and what fixes would write: compared with a search that knows no JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from envcheck.engine.telling.details import with_fixes, with_places
from envcheck.model.changes import Add, Pin
from envcheck.model.findings import Finding, Fix, Related, Safety, Severity
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.places import Place
from envcheck.model.report import FileEdit, Report
from envcheck.model.requirements import Requirement

SOURCES = [
    "# title",
    "a = 1\nneedle_0 = 2\n",
    "x = '\\u00e9\"\\\\'\n\n  needle_1\n",
    "needle_2",
    "\U0001f43c\nneedle_3",
]


def _notebook(*, joined: bool) -> dict[str, object]:
    """Return a notebook whose outputs and markdown hold the needles as well."""
    cells: list[dict[str, object]] = []
    for number, text in enumerate(SOURCES):
        source = text if joined else text.splitlines(keepends=True)
        outputs = [{"output_type": "stream", "name": "stdout", "text": ["needle_1\n", '"source": ["needle_2"]\n']}]
        kind: dict[str, object] = {"cell_type": "code", "outputs": outputs, "execution_count": None}
        cells.append(
            {"metadata": {"a": "needle_3"}, **(kind if number else {"cell_type": "markdown"}), "source": source}
        )
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


FILES = {
    "pretty": lambda: json.dumps(_notebook(joined=False), indent=1, ensure_ascii=False),
    "escaped": lambda: json.dumps(_notebook(joined=False), indent=1),
    "one line": lambda: json.dumps(_notebook(joined=False)),
    "joined": lambda: json.dumps(_notebook(joined=True), indent=4),
    "joined on one line": lambda: json.dumps(_notebook(joined=True), separators=(",", ":")),
    "crlf": lambda: json.dumps(_notebook(joined=False), indent=1).replace("\n", "\r\n"),
    "byte order mark": lambda: "\ufeff" + json.dumps(_notebook(joined=False), indent=2, ensure_ascii=False),
    "sources first": lambda: json.dumps(
        {"cells": [dict(reversed(list(cell.items()))) for cell in _notebook(joined=False)["cells"]]},  # type: ignore[attr-defined]
        indent=1,
    ),
}


def _at(*places: Place) -> Report:
    return Report(tuple(Finding("PIN001", "x", Severity.NOTE, place, "x") for place in places))


def _searched(text: str, needle: str) -> tuple[int, int]:
    """Return line and column of a needle that stands behind the key of a source and before that of the next cell."""
    for chunk_start in _source_starts(text):
        others = (text.find(f'"{key}"', chunk_start) for key in ("cell_type", "metadata", "outputs"))
        stop = min((at for at in others if at >= 0), default=len(text))
        found = text.find(needle, chunk_start, stop)
        if found >= 0:
            return text.count("\n", 0, found) + 1, found - (text.rfind("\n", 0, found) + 1) + 1
    raise AssertionError(needle)


def _source_starts(text: str) -> list[int]:
    starts, position = [], text.find('"source"')
    while position >= 0:
        starts.append(position)
        position = text.find('"source"', position + 1)
    return starts


@pytest.mark.parametrize("shape", FILES)
def test_a_cell_is_found_where_a_search_finds_it(shape: str, tmp_path: Path) -> None:
    text = FILES[shape]()
    (tmp_path / "a.ipynb").write_bytes(text.encode())
    inside = [
        Place("a.ipynb", 2, 2, 1),
        Place("a.ipynb", 3, 3, 3),
        Place("a.ipynb", 4, 1, 1),
        Place("a.ipynb", 5, 2, 1),
    ]
    report = with_places(_at(*inside), str(tmp_path))
    read = text.removeprefix("\ufeff")
    assert [report.in_file(place)[1:] for place in inside] == [
        (0, *_searched(read, f"needle_{number}")) for number in range(4)
    ]


def test_what_a_cell_does_not_have_is_the_nearest_that_it_has(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(FILES["pretty"](), encoding="utf-8")
    begin, line = Place("a.ipynb", 2, 1, 1), Place("a.ipynb", 2, 2, 1)
    asked = [Place("a.ipynb", 2), Place("a.ipynb", 2, 99, 1), Place("a.ipynb", 2, 2, 99), Place("a.ipynb", 2, 2)]
    report = with_places(_at(begin, line, *asked), str(tmp_path))
    assert [report.in_file(place) for place in asked] == [
        report.in_file(begin),
        report.in_file(begin),
        report.in_file(line),
        report.in_file(line),
    ]


def test_a_cell_without_code_is_its_object(tmp_path: Path) -> None:
    text = FILES["pretty"]()
    (tmp_path / "a.ipynb").write_text(text, encoding="utf-8")
    report = with_places(_at(Place("a.ipynb", 1)), str(tmp_path))
    line = report.in_file(Place("a.ipynb", 1)).line
    assert text.splitlines()[line - 1].strip() == "{"


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"\xff\xfe\x00"], ids=repr)
def test_a_notebook_that_is_another_now_has_no_line(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "a.ipynb").write_bytes(content)
    report = with_places(_at(Place("a.ipynb", 2, 1, 1)), str(tmp_path))
    assert report.in_file(Place("a.ipynb", 2, 1, 1)) == Place("a.ipynb")


def test_a_cell_that_is_gone_has_no_line(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(FILES["pretty"](), encoding="utf-8")
    assert with_places(_at(Place("a.ipynb", 9, 1, 1)), str(tmp_path)).in_file(Place("a.ipynb", 9, 1, 1)).line == 0


def test_other_places_of_a_finding_are_found_as_well(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(FILES["one line"](), encoding="utf-8")
    other = Place("a.ipynb", 4, 1, 1)
    finding = Finding("CON001", "x", Severity.NOTE, Place("b.txt", 0, 1), "x", related=(Related(other, "x"),))
    assert with_places(Report((finding,)), str(tmp_path)).in_file(other).line == 1


def _pin(path: str, line: int, raw: str, *, cell: int = 0, column: int = 1) -> Pin:
    place = Place(path, cell, line, column)
    return Pin(Requirement(NormalizedName(raw), raw, Ecosystem.PYPI, place, shown_name=raw), "2.1.4")


def _edits(folder: Path, *changes: Pin | Add) -> tuple[FileEdit, ...]:
    fix = Fix("pin", Safety.SAFE, changes, "x")
    report = Report((Finding("PIN001", "x", Severity.NOTE, Place("a.txt"), "x", fix=fix),))
    return with_fixes(report, str(folder)).details.edits.get(fix, ())


def _applied(text: str, edits: tuple[FileEdit, ...]) -> str:
    """Return a text with edits made by lines and columns alone, from the last to the first."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        (line, column), (end_line, end_column) = edit.start, edit.stop
        head, tail = lines[line - 1][: column - 1], lines[end_line - 1][end_column - 1 :]
        lines[line - 1 : end_line] = (head + edit.text + tail).split("\n")
    return "\n".join(lines)


def test_a_pin_is_an_edit_by_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("numpy==1\npandas\n", encoding="utf-8")
    edits = _edits(tmp_path, _pin("requirements.txt", 2, "pandas"))
    assert _applied("numpy==1\npandas\n", edits) == "numpy==1\npandas==2.1.4\n"


def test_a_pin_in_a_cell_is_an_edit_of_the_notebooks_file(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "source": ["import os\n", "%pip install pandas\n"]}
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}, indent=1)
    (tmp_path / "a.ipynb").write_text(text, encoding="utf-8")
    edits = _edits(tmp_path, _pin("a.ipynb", 2, "pandas", cell=1, column=14))
    assert _applied(text, edits) == text.replace("install pandas", "install pandas==2.1.4")


def test_a_fix_of_two_files_is_whole_or_nothing(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("pandas\n", encoding="utf-8")
    pin = _pin("requirements.txt", 1, "pandas")
    assert _edits(tmp_path, pin)
    assert _edits(tmp_path, pin, _pin("gone.txt", 1, "pandas")) == ()


def test_a_secret_is_no_edit(tmp_path: Path) -> None:
    line = "pandas @ https://ana:hunter2@index.example/pandas.whl\n"
    (tmp_path / "requirements.txt").write_text(line, encoding="utf-8")
    assert "hunter2" not in str(_edits(tmp_path, _pin("requirements.txt", 1, line.strip())))


def test_pages_are_those_of_the_rules_that_found_something() -> None:
    findings = tuple(Finding(code, "x", Severity.NOTE, Place("a"), "x") for code in ("PIN001", "COV002", "PIN001"))
    pages = with_fixes(Report(findings), "/nowhere").details.pages
    assert [page.rule.code for page in pages] == ["COV002", "PIN001"]
    assert all("**What it does**" in page.text for page in pages)
