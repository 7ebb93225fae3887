"""The formats that services and editors read: what each says of one report, and that it says all of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from msgspec.structs import replace

from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.report import Report, ScopeSummary
from envcheck.reporters.base import Look
from envcheck.reporters.catalogue import NAMES, reporter
from envcheck.reporters.github import summary
from envcheck.reporters.markdown import LONGEST
from envcheck.reporters.sarif import render as sarif
from tests.support.runner import commands

GOLDEN = {
    "concise": "concise.txt",
    "github": "github.txt",
    "gitlab": "gitlab.json",
    "sarif": "check.sarif",
    "junit": "junit.xml",
    "markdown": "comment.md",
    "html": "page.html",
}
# GitLab's own schema (app/validators/json_schemas/codeclimate.json) asks for less; the rest is of its documentation.
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "pattern": "^[a-z-]+$"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/]"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer"}}},
                },
            },
        },
    },
}


def shown(name: str, report: Report) -> str:
    return reporter(name).render(report, Look())


def many(count: int, message: str = "x") -> Report:
    """Return a report of many findings in ten files."""
    findings = (
        Finding("PIN001", "x", Severity.WARNING, Place(f"{n % 10}.txt", 0, n + 1, 1), f"{message} {n}")
        for n in range(count)
    )
    return Report(tuple(sorted(findings, key=lambda finding: finding.order)))


@pytest.mark.parametrize("name", GOLDEN)
def test_looks_like_its_golden_file(name: str, report: Report, golden: Callable[[str, str], None]) -> None:
    golden(GOLDEN[name], shown(name, report))


def test_summary_of_a_step_looks_like_its_golden_file(report: Report, golden: Callable[[str, str], None]) -> None:
    golden("summary.md", summary(report))


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"table"}))
def test_every_finding_is_said(name: str, report: Report) -> None:
    text = shown(name, report)
    assert [finding.code for finding in report.findings if finding.code not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_color_and_width_are_for_people(name: str, report: Report) -> None:
    plain, painted = (reporter(name).render(report, look) for look in (Look(), Look(60, color=True)))
    assert (plain == painted) is (name not in ("terminal", "table"))


@pytest.mark.parametrize("name", NAMES)
def test_a_clean_report_is_well_formed(name: str) -> None:
    text = shown(name, Report(scopes=(ScopeSummary(".", ("a.txt",), "", "", ("b.py",)),), scripts=1))
    assert text == "" if name in ("concise", "github") else text.endswith("\n")
    if name in ("json", "gitlab", "sarif"):
        json.loads(text)
    if name == "junit":
        assert [case.get("name") for case in ET.fromstring(text).iter("testcase")] == ["nothing wrong"] * 2


def test_concise_is_what_editors_take_apart(report: Report) -> None:
    form = re.compile(r"(.+?):(\d+):(\d+): ([A-Z]+\d{3}) (.+)")
    lines = [form.fullmatch(line) for line in shown("concise", report).splitlines()]
    places = [(line[1], int(line[2]), int(line[3])) for line in lines if line]
    assert len(places) == len(report.findings)
    assert ("nb/eda.ipynb", 4231, 6) in places


def test_annotations_stand_in_the_line_of_the_notebooks_file_and_say_the_cell(report: Report) -> None:
    (found,) = [one for one in commands(shown("github", report).encode()) if one.properties["file"] == "nb/eda.ipynb"]
    assert (found.name, found.properties["line"], found.properties["col"]) == ("warning", "4231", "6")
    assert found.data.startswith("cell 3, line 2: seaborn")


@pytest.mark.parametrize("name", ["github", "gitlab", "sarif", "concise"])
def test_a_cell_whose_line_is_unknown_is_of_the_file(name: str, report: Report) -> None:
    text = shown(name, replace(report, details=type(report.details)()))
    assert "4231" not in text
    assert "cell 3, line 2: seaborn" in text


def test_gitlab_follows_its_schema(report: Report) -> None:
    jsonschema.validate(json.loads(shown("gitlab", report)), GITLAB)


@pytest.mark.parametrize("name", ["gitlab", "sarif"])
def test_fingerprints_differ_and_stay_when_lines_move(name: str, report: Report) -> None:
    moved = tuple(
        replace(
            finding,
            place=finding.place._replace(line=finding.place.line + 7, cell=finding.place.cell and 9),
            message=finding.message.replace("2 more files", "5 more files"),
        )
        for finding in (*report.findings, report.findings[0])
    )
    marks = _marks(name, replace(report, findings=(*report.findings, report.findings[0])))
    assert len(set(marks)) == len(marks)
    assert _marks(name, replace(report, findings=moved)) == marks


def _marks(name: str, report: Report) -> list[str]:
    found = json.loads(shown(name, report))
    if name == "gitlab":
        return [entry["fingerprint"] for entry in found]
    return [result["partialFingerprints"]["envcheckFinding/v1"] for result in found["runs"][0]["results"]]


def test_sarif_says_rule_cell_and_fix(report: Report) -> None:
    run = json.loads(sarif(report, Look()))["runs"][0]
    results = {result["ruleId"]: result for result in run["results"]}
    rules = run["tool"]["driver"]["rules"]
    assert rules[results["COV001"]["ruleIndex"]]["id"] == "COV001"
    assert rules[0]["help"]["markdown"].startswith("Reports it.\n\n**What it does**")
    assert rules[1]["help"]["text"] == "any version is accepted"
    location = results["COV001"]["locations"][0]
    assert location["logicalLocations"] == [
        {"name": "cell 3", "fullyQualifiedName": "nb/eda.ipynb/cell 3", "kind": "cell"}
    ]
    assert location["physicalLocation"]["region"] == {"startLine": 4231, "startColumn": 6}
    (change,) = results["PIN001"]["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 4, "startColumn": 1, "endLine": 4, "endColumn": 7},
            "insertedContent": {"text": "pandas==2.1.4"},
        }
    ]
    assert "fixes" not in results["COV001"]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        pytest.param("nb/a b.ipynb", "nb/a%20b.ipynb", id="blank"),
        pytest.param("a:b.txt", "a%3Ab.txt", id="no scheme"),
        pytest.param("/env/lib/x", "file:///env/lib/x", id="absolute"),
        pytest.param("数.py", "%E6%95%B0.py", id="other script"),
        pytest.param("a\udcff.py", "a%FF.py", id="not UTF-8"),
        pytest.param("a#b?c%41", "a%23b%3Fc%2541", id="marks of references"),
    ],
)
def test_paths_are_references(path: str, uri: str) -> None:
    report = Report((Finding("PIN001", "x", Severity.NOTE, Place(path), "x"),))
    location = json.loads(sarif(report, Look()))["runs"][0]["results"][0]["locations"][0]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_junit_fails_for_what_matters(report: Report) -> None:
    suites = ET.fromstring(shown("junit", report))
    failed = [case.get("classname") for case in suites.iter("testcase") if case.find("failure") is not None]
    assert failed.count("requirements.txt") == 2
    skipped = [case.get("name") for case in suites.iter("testcase") if case.find("skipped") is not None]
    assert skipped == ["PIN002 loose-requirement numpy (line 5)"]
    for suite in suites:
        cases = suite.findall("testcase")
        assert int(suite.get("tests", "")) == len(cases)
        assert int(suite.get("failures", "")) == sum(case.find("failure") is not None for case in cases)


@pytest.mark.parametrize("count", [200, 5_000])
@pytest.mark.parametrize(
    "message", ["x" * 100, "`" * 100, "🐼" * 60, "<&>\"'" * 20], ids=["x", "fences", "wide", "marks"]
)
def test_a_comment_is_never_too_long_and_says_what_is_left_out(count: int, message: str) -> None:
    text = shown("markdown", many(count, message))
    assert len(text) < LONGEST
    said = len(re.findall(r"^- warning \*\*PIN001\*\*", text, re.MULTILINE))
    left = re.search(r"^(\d+) more findings left out here, the last of (\d+)", text, re.MULTILINE)
    assert left is None if said == count else left is not None and int(left[1]) + said == int(left[2]) == count
    assert text.count("<details") == text.count("</details>")


def test_a_comment_shows_the_worst_first() -> None:
    worst = Finding("DRF001", "y", Severity.ERROR, Place("z.txt", 0, 1), "worst")
    report = many(5_000, "x" * 100)
    text = shown("markdown", replace(report, findings=(*report.findings, worst)))
    assert text.index("DRF001") < text.index("PIN001")


def test_a_page_loads_nothing(report: Report) -> None:
    text = shown("html", report)
    assert re.findall(r"""(?:src|href|action|data)=["'](?!#)[^"']*|url\(|@import""", text) == []
    assert re.search(r'Content-Security-Policy" content="default-src \'none\'; style-src \'sha256-', text)


def test_a_page_has_an_anchor_for_all_that_it_links(report: Report) -> None:
    text = shown("html", report)
    anchors = re.findall(r' id="([^"]+)"', text)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(anchors)
    assert "file-3-cell-3" in anchors


def test_a_page_says_who_is_touched(report: Report) -> None:
    text = shown("html", report)
    matrix = text[text.index('<table class="matrix">') : text.index("</table>")]
    rows = {row.partition("</th>")[0].rpartition(">")[2] or row: row for row in matrix.split("<tr>")[1:]}
    assert any("run.py" in row and "error of pandas elsewhere: DRF001" in row for row in rows.values())
    assert any("eda.ipynb" in row and "warning of seaborn here: COV001" in row for row in rows.values())
