"""The report for machines."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from envcheck.model.changes import Pin
from envcheck.model.findings import Finding, Fix, Safety, Severity
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.places import Place
from envcheck.model.report import Report
from envcheck.model.requirements import Requirement
from envcheck.reporters.base import Look
from envcheck.reporters.json import document, render


@pytest.fixture(scope="session")
def schema(repository: Path) -> Mapping[str, Any]:
    """Return the schema of the report."""
    loaded: Mapping[str, Any] = json.loads((repository / "src/envcheck/schemas/check.schema.json").read_bytes())
    return loaded


def _pinned(raw: str, text: str) -> Report:
    place = Place("a.ipynb", 2, 1, 5)
    requirement = Requirement(NormalizedName("x"), raw, Ecosystem.PYPI, place)
    fix = Fix("pin x", Safety.SAFE, (Pin(requirement, "1"),), text)
    return Report((Finding("PIN001", "unpinned-requirement", Severity.WARNING, place, "x", fix=fix),))


def _edits(report: Report) -> object:
    return json.loads(render(report, Look()))["findings"][0]["fix"]["edits"]


def test_looks_like_its_golden_file(report: Report, golden: Callable[[str, str], None]) -> None:
    golden("check.json", render(report, Look()))


@pytest.mark.parametrize("empty", [True, False], ids=["empty", "full"])
def test_follows_its_schema(empty: bool, report: Report, schema: Mapping[str, Any]) -> None:
    jsonschema.validate(json.loads(render(Report() if empty else report, Look())), schema)


@pytest.mark.parametrize(
    "name", ["check", "evidence", "verified-evidence", "imports", "requirements", "distributions", "snapshot", "diff"]
)
def test_schemas_are_schemas(name: str, repository: Path) -> None:
    text = (repository / f"src/envcheck/schemas/{name}.schema.json").read_bytes()
    jsonschema.Draft202012Validator.check_schema(json.loads(text))


def test_a_pin_is_an_edit_at_the_place_of_its_requirement() -> None:
    assert _edits(_pinned("x", "x==1")) == [
        {"path": "a.ipynb", "cell": 2, "line": 1, "column": 5, "old": "x", "new": "x==1"}
    ]


def test_an_edit_that_would_show_a_secret_is_left_out() -> None:
    assert _edits(_pinned("x @ https://ana:hunter2@index.example/x.whl", "x==1")) == []


def test_what_no_text_stands_for_has_no_edit() -> None:
    assert _edits(_pinned("", "x==1")) == []


def test_the_text_of_one_requirement_is_no_edit_of_another() -> None:
    report = _pinned("x=1=py35_0", "x==1")
    (finding,) = report.findings
    assert finding.fix
    twice = replace(finding.fix, changes=finding.fix.changes * 2)
    assert _edits(replace(report, findings=(replace(finding, fix=twice),))) == []


def test_secrets_are_masked() -> None:
    report = _pinned("x", "x==1")
    finding = replace(report.findings[0], message="see https://ana:hunter2@index.example/x")
    assert "hunter2" not in render(Report((finding,)), Look())


def test_is_ascii_whatever_was_read() -> None:
    finding = Finding("PIN001", "x", Severity.NOTE, Place("a\udcff\x1b[31m\u202e.txt"), "数据")
    text = render(Report((finding,)), Look(color=True))
    assert text.replace("\n", "").isprintable()
    assert text.isascii()
    assert json.loads(text)["findings"][0]["path"] == "a\udcff\x1b[31m\u202e.txt"


def test_each_finding_has_a_line_of_its_own(report: Report) -> None:
    lines = render(report, Look()).splitlines()
    assert [json.loads(line.rstrip(","))["code"] for line in lines if '"code"' in line] == [
        finding.code for finding in report.findings
    ]


def test_any_object_is_the_same_object_again() -> None:
    content = {"schema": 1, "none": [], "rows": [{"a": None}, {"a": [1, "x"]}], "object": {"b": "ü"}}
    assert json.loads(document(content)) == content
