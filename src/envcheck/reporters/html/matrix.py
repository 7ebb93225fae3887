"""Who is touched by what: sources down, distributions across, the worst that is said of both where they meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from envcheck.model.findings import Finding, Severity
from envcheck.model.places import Place
from envcheck.model.report import IN_TABLE, Report
from envcheck.reporters.marks import markup
from envcheck.reporters.sanitize import sanitize

_WIDEST, _LONGEST = 40, 200
_LETTERS = {Severity.ERROR: "E", Severity.WARNING: "W", Severity.NOTE: "N"}


class Anchors(Struct, frozen=True):
    """What the parts of a page are called in links."""

    files: Mapping[str, int]
    findings: Mapping[int, int]

    @classmethod
    def of(cls, report: Report) -> Anchors:
        """Return the anchors of a report's files and findings, numbered in reading order."""
        paths = dict.fromkeys(finding.place.path for finding in report.findings)
        numbers = {id(finding): number for number, finding in enumerate(report.findings, 1)}
        return cls({path: number for number, path in enumerate(paths, 1)}, numbers)

    def of_file(self, path: str) -> str:
        """Return the anchor of a file that has findings."""
        return f"file-{self.files[path]}"

    def of_cell(self, path: str, cell: int) -> str:
        """Return the anchor of a cell that has findings."""
        return f"{self.of_file(path)}-cell-{cell}"

    def of_finding(self, finding: Finding) -> str:
        """Return the anchor of a finding of the report."""
        return f"finding-{self.findings[id(finding)]}"


class _Column(Struct):
    """A distribution: how it is written, who uses it, and the worst that is said of it, by source and anywhere."""

    name: str
    users: set[str] = field(default_factory=set)
    here: dict[str, Finding] = field(default_factory=dict)
    worst: Finding | None = None

    def add(self, finding: Finding, paths: Sequence[str]) -> None:
        """Note a finding and the sources that it speaks of."""
        self.worst = _worse(self.worst, finding)
        for path in paths:
            self.here[path] = _worse(self.here.get(path), finding)

    @property
    def order(self) -> tuple[int, str]:
        """The key that puts the worst first."""
        return (-self.worst.severity if self.worst else 0, self.name)


def matrix(report: Report, anchors: Anchors) -> Iterator[str]:
    """Yield the section with the matrix, nothing when no source is touched."""
    columns = _columns(report)
    sources = sorted({path for column in columns for path in (*column.users, *column.here)})
    if not sources:
        return
    yield '<section aria-labelledby="matrix"><h2 id="matrix">Who is touched</h2>'
    yield (
        '<p class="legend"><span class="mark error here">E</span> said of this file, <span class="mark error">E</span>'
        " it uses what is said to be wrong elsewhere; E error, W warning, N note</p>"
    )
    rest = [(len(columns) - _WIDEST, "distributions"), (len(sources) - _LONGEST, "files")]
    yield from (f"<p>{number} more {noun} are left out of the matrix.</p>" for number, noun in rest if number > 0)
    yield '<div class="wide" tabindex="0" role="region" aria-labelledby="matrix">'
    yield '<table class="matrix"><thead><tr><td></td>'
    yield from (f'<th scope="col"><span>{_text(column.name)}</span></th>' for column in columns[:_WIDEST])
    yield "</tr></thead><tbody>"
    for path in sources[:_LONGEST]:
        cells = "".join(_cell(column, path, anchors) for column in columns[:_WIDEST])
        yield f'<tr><th scope="row">{_file(path, anchors)}</th>{cells}</tr>'
    yield "</tbody></table></div></section>"


def _columns(report: Report) -> list[_Column]:
    columns: dict[str, _Column] = {}
    for row in report.table:
        columns.setdefault(row.key or row.name, _Column(row.name)).users.update(row.users)
    sources = {path for scope in report.scopes for path in scope.sources}
    for finding in report.findings:
        column = columns.get(finding.distribution)
        if column and finding.code.startswith(IN_TABLE):
            places: tuple[Place, ...] = (finding.place, *(other.place for other in finding.related))
            column.add(finding, [place.path for place in places if place.path in sources])
    shown = (column for column in columns.values() if column.worst and (column.users or column.here))
    return sorted(shown, key=lambda column: column.order)


def _worse(one: Finding | None, other: Finding) -> Finding:
    return other if one is None or other.severity > one.severity else one


def _cell(column: _Column, path: str, anchors: Anchors) -> str:
    here = column.here.get(path)
    finding = here or (column.worst if path in column.users else None)
    if finding is None:
        return "<td></td>"
    word = finding.severity.word
    said = f"{word} of {column.name} {'here' if here else 'elsewhere'}: {finding.code}"
    link = f'href="#{anchors.of_finding(finding)}" aria-label="{_text(said)}" title="{_text(said)}"'
    return f'<td><a class="mark {word}{" here" if here else ""}" {link}>{_LETTERS[finding.severity]}</a></td>'


def _file(path: str, anchors: Anchors) -> str:
    return f'<a href="#{anchors.of_file(path)}">{_text(path)}</a>' if path in anchors.files else _text(path)


def _text(text: str) -> str:
    return markup(sanitize(text))
