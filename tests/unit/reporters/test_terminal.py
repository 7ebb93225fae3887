"""The report for people."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from envcheck.model.findings import Finding, Fix, Related, Safety, Severity
from envcheck.model.places import Place
from envcheck.model.report import Accepted, EnvironmentSummary, Notice, Report, ScopeSummary
from envcheck.reporters.base import Look
from envcheck.reporters.terminal import render

LOOKS = {
    "pipe": Look(),
    "quiet": Look(verbosity=-1),
    "verbose": Look(verbosity=1),
    "window": Look(width=80, color=True),
}
HOSTILE = "a\x1b[31m\x07\n\r\tb\u202ec\u2066d\x9b1me\udcff\x00"


@pytest.mark.parametrize("look", LOOKS)
def test_looks_like_its_golden_file(look: str, report: Report, golden: Callable[[str, str], None]) -> None:
    golden(f"terminal-{look}.txt", render(report, LOOKS[look]))


def test_a_clean_run_says_what_was_read() -> None:
    text = render(Report(notebooks=3, scripts=1, declarations=1), Look())
    assert text == "nothing wrong in 3 notebooks, 1 script, 1 declaration\n"


def test_a_clean_quiet_run_says_nothing() -> None:
    assert render(Report(notebooks=3), Look(verbosity=-1)) == ""


def test_findings_of_one_distribution_stand_together_within_their_file() -> None:
    def at(path: str, line: int, distribution: str) -> Finding:
        return Finding("PIN001", "x", Severity.NOTE, Place(path, 0, line, 1), distribution, distribution)

    findings = (at("a", 1, "numpy"), at("a", 2, "pandas"), at("a", 3, "numpy"), at("a", 4, ""), at("b", 1, "pandas"))
    lines = render(Report(findings), Look(verbosity=-1)).splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["a:1:1", "a:3:1", "a:2:1", "a:4:1", "", "b:1:1"]


def test_no_line_is_wider_than_the_window(report: Report) -> None:
    assert max(map(len, render(report, Look(width=80)).splitlines())) <= 80


def test_color_changes_nothing_but_the_color(report: Report) -> None:
    colored = render(report, Look(color=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render(report, Look())


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_that_was_read_reaches_the_terminal_unseen(look: str) -> None:
    finding = Finding(
        "PIN001",
        "unpinned-requirement",
        Severity.ERROR,
        Place(HOSTILE, 0, 1, 1),
        HOSTILE,
        HOSTILE,
        fix=Fix(HOSTILE, Safety.SAFE, (), HOSTILE),
        related=(Related(Place(HOSTILE), HOSTILE),),
    )
    report = Report(
        (finding, replace(finding, fix=Fix(HOSTILE, Safety.SAFE))),
        (ScopeSummary(HOSTILE, (HOSTILE,), HOSTILE, HOSTILE, (HOSTILE,)), ScopeSummary(HOSTILE, (), "", HOSTILE, ())),
        (EnvironmentSummary(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1),),
        (Notice(Place(HOSTILE), HOSTILE),),
    )
    text = (
        re.sub(r"\x1b\[(?:[0-9;]*)m", "", render(report, LOOKS[look]))
        if LOOKS[look].color
        else render(report, LOOKS[look])
    )
    assert all(line.isprintable() for line in text.split("\n"))
    assert r"\x1b[31m" in text


def test_markup_is_shown_as_it_is() -> None:
    finding = Finding("PIN001", "x", Severity.NOTE, Place("[bold]a[/bold].txt"), "[red]x[/red] [link=y]")
    assert "[bold]a[/bold].txt: PIN001 [red]x[/red] [link=y]" in render(Report((finding,)), Look())


def test_many_findings_are_counted_by_rule() -> None:
    def some(code: str, name: str, severity: Severity, count: int) -> list[Finding]:
        return [Finding(code, name, severity, Place("a", 0, n), "x") for n in range(count)]

    findings = (
        *some("PIN001", "unpinned-requirement", Severity.WARNING, 20),
        *some("DRF001", "version-drift", Severity.ERROR, 1),
        *some("DRF002", "missing-distribution", Severity.ERROR, 2),
    )
    assert render(Report(findings, declarations=1), Look()).splitlines()[-3:] == [
        "3 errors, 20 warnings in 1 declaration",
        "most often: PIN001 unpinned-requirement (20), DRF002 missing-distribution (2), DRF001 version-drift (1)",
        "explain a rule: envcheck explain DRF002",
    ]


@pytest.mark.parametrize(
    ("scope", "line"),
    [
        pytest.param(ScopeSummary(".", ("a.txt",), "/e", "", ("x", "y")), "a.txt governs 2 sources", id="one"),
        pytest.param(ScopeSummary(".", ("a", "b"), "/e", "", ("x",)), "a, b govern 1 source", id="two"),
        pytest.param(
            ScopeSummary(".", tuple("abcdefg"), "/e", "", ()), "a, b, c, d and 3 more govern no sources", id="many"
        ),
        pytest.param(ScopeSummary(".", (), "/e", "", ("x",)), "no declaration governs 1 source", id="none at the root"),
        pytest.param(ScopeSummary("sub", (), "/e", "", ("x",)), "no declaration governs 1 source in sub", id="none"),
        pytest.param(
            ScopeSummary(".", ("a",), "", "none found", ("x",)),
            "a governs 1 source; no environment (none found)",
            id="no environment",
        ),
    ],
)
def test_says_what_governs(scope: ScopeSummary, line: str) -> None:
    assert render(Report(scopes=(scope,)), Look()).splitlines()[0] == line


def test_several_environments_are_told_apart() -> None:
    scopes = (ScopeSummary(".", ("a",), "/e", "", ("x",)), ScopeSummary(".", ("a",), "/f", "", ("y",)))
    assert render(Report(scopes=scopes), Look()).splitlines()[:2] == [
        "a governs 1 source, in /e",
        "a governs 1 source, in /f",
    ]


def test_what_is_held_back_is_not_called_nothing() -> None:
    report = Report(accepted=Accepted("baseline.json", known=3))
    assert render(report, Look()).splitlines()[:2] == ["nothing new in 0 files", "3 findings known from baseline.json"]
