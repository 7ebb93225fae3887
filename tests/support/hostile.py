"""Reports in which every text that somebody else wrote is an attack."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from envcheck.model.changes import Add, Pin
from envcheck.model.findings import Finding, Fix, Related, Safety, Severity
from envcheck.model.names import Ecosystem, NormalizedName
from envcheck.model.places import Place
from envcheck.model.report import (
    Accepted,
    Details,
    EnvironmentSummary,
    FileEdit,
    LockSummary,
    Notice,
    Report,
    RulePage,
    ScopeSummary,
    TableRow,
)
from envcheck.model.requirements import Requirement
from envcheck.model.rules import Rule

ATTACKS = {
    "new line and command": "x\n::error file=a.py,line=1::forged",
    "carriage return and command": "x\r::add-path::/evil",
    "command at the begin": "::error file=a.py::forged",
    "command behind blanks": "  ::warning::forged",
    "old command": "x ##[error]forged",
    "old command with properties": "##[add-path;a=b]forged",
    "escapes of commands": "x%0A::error::forged%0D%3A%2C%25",
    "properties": "a.py,line=99,title=forged::x",
    "end of properties": "a.py::forged message",
    "other line ends": "x\x85::error::a\u2028::error::b\x0b::error::c\x0c::error::d",
    "terminal": "\x1b[2J\x1b]0;title\x07\x9b31mred",
    "controls": "".join(map(chr, (*range(32), 127))) + "end",
    "no characters of XML": "\x00\x01\ufffe\uffff",
    "lone surrogates": "a\udcffb\ud800c",
    "bidirectional": "safe\u202egnp.exe\u2066x\u2069\u200f",
    "invisible": "nump\u200by\u00ad\ufeff\U000e0041",
    "XML": "]]></failure><error message='forged'/><![CDATA[ &amp; &#0; <!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "HTML": "</code></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'><a href=javascript:f()>x</a>",
    "comment": "--><!-- x --><style>*{display:none}</style>",
    "attribute": "\" autofocus onfocus=alert(1) x=\"' y='",
    "Markdown": "**bold** _em_ [x](https://evil.example) ![x](https://evil.example/p.png) # h | a | b |",
    "backticks": "`code` ``two`` ```three``` `",
    "only backticks": "`",
    "fence": "\n```\n# heading\n<details>\n",
    "mention": "@everyone @octocat/team owner/repo#1 #12 GH-3 https://evil.example www.evil.example",
    "blanks": " x ",
    "placeholder": "{0} {{1}} %s ${x}",
    "link of a message": "[click](1) [x](https://evil.example)",
    "very long": "x" * 100_000,
    "wide": "数据 żółć 🐼 é",
}


def hostile(text: str) -> Report:
    """Return a report with one of everything, and the text wherever a text of somebody else may stand."""
    inside, other = Place(text, 3, 2, 1), Place(text, 0, 4, 1)
    requirement = Requirement(NormalizedName(text), text, Ecosystem.PYPI, other)
    pin = Fix(text, Safety.SAFE, (Pin(requirement, text),), text)
    add = Fix(text, Safety.UNSAFE, (Add(text, text, text),), text)
    related = (Related(inside, text), Related(Place(text), text))
    findings = (
        Finding("COV001", "undeclared-import", Severity.ERROR, inside, text, text, text, text, add, related),
        Finding("PIN001", "unpinned-requirement", Severity.WARNING, other, text, text, text, text, pin, related),
        Finding("READ001", "unreadable-file", Severity.NOTE, Place(text), text, fix=Fix(text, Safety.SAFE)),
    )
    pages = tuple(RulePage(Rule(f.code, f.name, "what it is", f.severity), "A page.") for f in findings)
    edit = FileEdit(text, (4, 1), (4, 9), text)
    return Report(
        findings,
        (ScopeSummary(text, (text,), text, text, (text,)), ScopeSummary(text, (), "", text, (text,))),
        (EnvironmentSummary(text, text, text, text, 1, text),),
        (Notice(Place(text), text),),
        1,
        1,
        1,
        locks=(LockSummary(text, text, text, text, "changed", 1, disagrees=True), _uncovered(text)),
        table=(TableRow(text, text, text, text, text, 1, (text,), text),),
        details=Details({inside: Place(text, 0, 17, 6)}, {pin: (edit,)}, pages),
        accepted=Accepted(text, 1, (text,)),
    )


def together(reports: Sequence[Report]) -> Report:
    """Return one report that says what several say."""
    details = [report.details for report in reports]
    return replace(
        reports[0],
        findings=tuple(finding for report in reports for finding in report.findings),
        scopes=tuple(scope for report in reports for scope in report.scopes),
        environments=tuple(environment for report in reports for environment in report.environments),
        notices=tuple(notice for report in reports for notice in report.notices),
        locks=tuple(lock for report in reports for lock in report.locks),
        table=tuple(row for report in reports for row in report.table),
        details=Details(
            {inner: outer for one in details for inner, outer in one.places.items()},
            {fix: edits for one in details for fix, edits in one.edits.items()},
            details[0].pages,
        ),
    )


def _uncovered(text: str) -> LockSummary:
    return LockSummary(text, text, text, text, "unknown", 0, text)
