"""The document: what was read, what disagrees side by side, and the findings file by file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.report import Report, TableRow
from envcheck.reporters.html.assets import SCRIPT, STYLE, policy
from envcheck.reporters.html.matrix import Anchors, matrix
from envcheck.reporters.marks import markup
from envcheck.reporters.sanitize import sanitize
from envcheck.reporters.wording import counted, counts, left_out, nothing, read, way_out

_MANY = 20


def page(report: Report) -> str:
    """Return the whole document."""
    anchors = Anchors.of(report)
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy()}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>envcheck: {counts(report)}</title>",
        f"<style>{STYLE}</style>",
        "</head>",
        "<body>",
        '<a class="skip" href="#findings">to the findings</a>',
        *_header(report),
        "<main>",
        *_looked_at(report),
        *matrix(report, anchors),
        *_table(report.table),
        *_findings(report, anchors),
        "</main>",
        f"<footer>envcheck {_text(report.version)}</footer>",
        f"<script>{SCRIPT}</script>",
        "</body>",
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def _header(report: Report) -> Iterator[str]:
    yield "<header><h1>envcheck</h1>"
    yield '<p class="counts">'
    for severity in sorted(Severity, reverse=True):
        if number := report.count(severity):
            yield f'<span class="badge {severity.word}">{counted(number, severity.word)}</span>'
    if not report.findings:
        yield f'<span class="badge good">{nothing(report)}</span>'
    suppressed = f"; {report.suppressed} suppressed" if report.suppressed else ""
    yield f"<span>in {read(report)}{suppressed}</span></p></header>"


def _looked_at(report: Report) -> Iterator[str]:
    yield '<section aria-labelledby="read"><h2 id="read">What was looked at</h2><ul>'
    for environment in report.environments:
        python = f"Python {environment.python}" if environment.python else "unknown Python"
        found = counted(environment.distributions, "distribution")
        where = _text(environment.shown or environment.prefix)
        yield f"<li>environment <code>{where}</code>: {_text(f'{python}, {found} ({environment.how})')}</li>"
    for scope in report.scopes[:_MANY]:
        files = ", ".join(f"<code>{_text(path)}</code>" for path in scope.declarations) or "nothing"
        verb = "govern" if len(scope.declarations) > 1 else "governs"
        where = f"in <code>{_text(scope.root)}</code>" + ("" if scope.environment else "; no environment")
        yield f"<li>{files} {verb} {counted(len(scope.sources), 'source')} {where}</li>"
    if len(report.scopes) > _MANY:
        yield f"<li>and {counted(len(report.scopes) - _MANY, 'more scope')}</li>"
    for lock in report.locks:
        ways = f"<code>{_text(lock.follow)}</code> makes the environment follow it, <code>{_text(lock.renew)}</code>"
        rest = f": {ways} makes it follow the declarations" if lock.disagrees else f": {_text(lock.state)}"
        yield f"<li>lock <code>{_text(lock.path)}</code>{rest}</li>"
    for notice in report.notices:
        where = f"<code>{_text(str(notice.place))}</code>: " if notice.place.path else ""
        yield f"<li>{notice.kind.value.replace('-', ' ')}: {where}{_text(notice.message)}</li>"
    yield from (f"<li>{_text(line)}</li>" for line in left_out(report))
    yield "</ul></section>"


def _table(rows: Sequence[TableRow]) -> Iterator[str]:
    if not rows:
        return
    titles = ("distribution", "declared", "locked", "installed", "used in")
    yield '<section aria-labelledby="sides"><h2 id="sides">Side by side</h2>'
    yield '<div class="wide" tabindex="0" role="region" aria-labelledby="sides"><table><thead><tr>'
    yield "".join(f'<th scope="col">{title}</th>' for title in titles) + "</tr></thead><tbody>"
    for row in rows:
        cells = "".join(f"<td>{_text(text) or '–'}</td>" for text in (row.declared, row.locked, row.installed))
        used = counted(row.used, "file") if row.used else "–"
        yield f'<tr><th scope="row">{_text(row.name)}</th>{cells}<td>{used}</td></tr>'
    yield "</tbody></table></div></section>"


def _findings(report: Report, anchors: Anchors) -> Iterator[str]:
    yield '<section aria-labelledby="findings"><h2 id="findings" tabindex="-1">Findings</h2>'
    if report.findings:
        yield from _filters(report)
    else:
        yield "<p>Everything was read, and nothing was found.</p>"
    for path, group in groupby(report.findings, key=lambda finding: finding.place.path):
        anchor = anchors.of_file(path)
        yield f'<article class="file"><h3 id="{anchor}"><a href="#{anchor}">{_text(path)}</a></h3>'
        for cell, inner in groupby(group, key=lambda finding: finding.place.cell):
            yield from _cell(anchors.of_cell(path, cell), cell)
            yield '<ul class="findings">'
            yield from (line for finding in inner for line in _finding(finding, anchors))
            yield "</ul>"
        yield "</article>"
    yield "</section>"


def _cell(anchor: str, cell: int) -> Iterator[str]:
    if cell:
        yield f'<h4 id="{anchor}"><a href="#{anchor}">cell {cell}</a></h4>'


def _filters(report: Report) -> Iterator[str]:
    rules = sorted({(finding.code, finding.name) for finding in report.findings})
    yield '<form id="filters" class="filters" hidden><fieldset><legend>Show</legend>'
    for severity in sorted(Severity, reverse=True):
        if report.count(severity):
            word = severity.word
            yield f'<label><input type="checkbox" name="severity" value="{word}" checked> {word}s</label>'
    yield '</fieldset><label>rule <select name="rule"><option value="">all</option>'
    yield from (f'<option value="{markup(code)}">{markup(code)} {markup(name)}</option>' for code, name in rules)
    yield '</select></label><label>text <input type="search" name="text" autocomplete="off"></label>'
    yield f'<output id="shown" aria-live="polite">{counted(len(report.findings), "finding")}</output></form>'


def _finding(finding: Finding, anchors: Anchors) -> Iterator[str]:
    word = finding.severity.word
    marks = f'id="{anchors.of_finding(finding)}" data-severity="{word}" data-rule="{finding.code}"'
    yield f'<li class="finding {word}" {marks}>'
    place = finding.place
    where = ", ".join(f"{noun} {number}" for noun, number in (("line", place.line), ("column", place.column)) if number)
    yield f'<p class="about"><span class="badge {word}">{word}</span> <strong>{finding.code}</strong> {finding.name}'
    yield f'<span class="where">{where}</span></p><p>{_text(finding.message)}</p>'
    if finding.fix:
        yield f'<p class="fix">fix: <code>{_text(way_out(finding.fix))}</code></p>'
    if finding.related:
        yield f"<details><summary>{counted(len(finding.related), 'other place')}</summary><ul>"
        yield from (f"<li>{_related(other.place)}: {_text(other.message)}</li>" for other in finding.related)
        yield "</ul></details>"
    yield "</li>"


def _related(place: Place) -> str:
    return f"<code>{_text(str(place))}</code>"


def _text(text: str) -> str:
    return markup(sanitize(text))
