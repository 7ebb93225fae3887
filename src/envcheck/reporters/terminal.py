"""The report for people: what was looked at, what is wrong file by file, how much that is, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from envcheck.model.findings import Finding, Severity
from envcheck.model.report import EnvironmentSummary, LockSummary, Notice, NoticeKind, Report, ScopeSummary
from envcheck.reporters.base import Look
from envcheck.reporters.paint import Line, Segment, Style, paint
from envcheck.reporters.sanitize import sanitize
from envcheck.reporters.wording import counted, left_out, nothing, read, way_out

NAME = "terminal"

_SHOWN = 4  # of anything that there may be hundreds of, without -v
_MANY = 20  # findings, from which on it helps to know which rules they are of
_STATES = {"fresh": ", fresh", "changed": ", older than its inputs", "unknown": ""}
_STYLES = {Severity.ERROR: Style.ERROR, Severity.WARNING: Style.WARNING, Severity.NOTE: Style.NOTE}


def render(report: Report, look: Look) -> str:
    """Return the report as text; with a quiet look only its findings."""
    verbose = look.verbosity > 0
    findings = _findings(report.findings, verbose=verbose)
    if look.verbosity < 0:
        return paint(findings, look)
    parts = [
        [
            *_environments(report.environments, verbose=verbose),
            *_scopes(report.scopes, verbose=verbose),
            *_locks(report.locks, verbose=verbose),
        ],
        [*findings],
        [*_notices(report.notices, verbose=verbose)],
        [*_summary(report)],
    ]
    return "\n".join(paint(part, look) for part in parts if part)


def _environments(environments: Sequence[EnvironmentSummary], *, verbose: bool) -> Iterator[Line]:
    shown = environments if verbose else environments[:_SHOWN]
    for environment in shown:
        python = f"Python {environment.python}" if environment.python else "unknown Python"
        found = counted(environment.distributions, "distribution")
        yield [
            (Style.PLAIN, "environment "),
            (Style.STRONG, sanitize(environment.shown or environment.prefix)),
            (Style.PLAIN, sanitize(f": {python}, {found}")),
            (Style.FAINT, sanitize(f" ({environment.how})" if environment.how else "")),
        ]
    yield from _more(len(environments) - len(shown), "environment")


def _scopes(scopes: Sequence[ScopeSummary], *, verbose: bool) -> Iterator[Line]:
    several = len({scope.environment for scope in scopes if scope.environment}) > 1
    shown = scopes if verbose else scopes[:_SHOWN]
    for scope in shown:
        yield _scope(scope, several=several, verbose=verbose)
        if verbose:
            yield from ([(Style.FAINT, "    " + sanitize(path))] for path in scope.sources)
    yield from _more(len(scopes) - len(shown), "scope")


def _scope(scope: ScopeSummary, *, several: bool, verbose: bool) -> Line:
    sources = counted(len(scope.sources), "source") if scope.sources else "no sources"
    if scope.declarations:
        verb = "governs" if len(scope.declarations) == 1 else "govern"
        line = [(Style.PLAIN, f"{_listed(scope.declarations, verbose=verbose)} {verb} {sources}")]
    else:
        place = "" if scope.root == "." else f" in {sanitize(scope.root)}"
        line = [(Style.PLAIN, f"no declaration governs {sources}{place}")]
    if not scope.environment:
        line.append((Style.WARNING, sanitize(f"; no environment ({scope.how})" if scope.how else "; no environment")))
    elif several:
        line.append((Style.FAINT, sanitize(f", in {scope.environment}")))
    return line


def _locks(locks: Sequence[LockSummary], *, verbose: bool) -> Iterator[Line]:
    shown = locks if verbose else locks[:_SHOWN]
    for lock in shown:
        line = [(Style.PLAIN, f"lock {sanitize(lock.path)}: ")]
        if lock.uncovered:
            line.append((Style.WARNING, sanitize(lock.uncovered)))
        else:
            entries = "1 entry" if lock.entries == 1 else f"{lock.entries} entries"
            line.append((Style.PLAIN, f"{entries} {'compared where installed' if lock.is_optional else 'wanted here'}"))
        line.append((Style.FAINT, f" ({sanitize(lock.manager)}{_STATES[lock.state]})"))
        yield line
    yield from _more(len(locks) - len(shown), "lock")


def _findings(findings: Sequence[Finding], *, verbose: bool) -> list[Line]:
    """Return the lines of the findings: file by file, and within a file those of one distribution together."""
    lines: list[Line] = []
    for _, group in groupby(findings, key=lambda finding: finding.place.path):
        if lines:
            lines.append(())
        for finding in _together(group):
            lines.append(_finding(finding))
            if finding.related:
                lines += _related(finding, verbose=verbose)
    return lines


def _together(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield the findings of a file in order, each followed by the others of its distribution."""
    by_distribution: dict[object, list[Finding]] = {}
    for finding in findings:
        by_distribution.setdefault(finding.distribution or finding.order, []).append(finding)
    for group in by_distribution.values():
        yield from group


def _finding(finding: Finding) -> Line:
    line: list[Segment] = [
        (Style.STRONG, sanitize(finding.place.path)),
        (Style.FAINT, str(finding.place)[len(finding.place.path) :] + ": "),
        (_STYLES[finding.severity], finding.code),
        (Style.PLAIN, " " + sanitize(finding.message)),
    ]
    if finding.fix:
        line.append((Style.GOOD, f" (fix: {sanitize(way_out(finding.fix))})"))
    return line


def _related(finding: Finding, *, verbose: bool) -> Iterator[Line]:
    """Yield a line for each other place; many of them only with -v, because the message says how many there are."""
    shown = finding.related if verbose or len(finding.related) <= _SHOWN else ()
    for other in shown:
        yield [(Style.FAINT, f"    also {sanitize(str(other.place))}: {sanitize(other.message)}")]
    yield from _more(len(finding.related) - len(shown), "place", indent="    ")


def _notices(notices: Sequence[Notice], *, verbose: bool) -> Iterator[Line]:
    """Yield a line per reason, with the files that it holds for."""
    for kind, noun in ((NoticeKind.NOT_READ, "unread file"), (NoticeKind.UNUSED, "unused ignore")):
        by_message: dict[str, list[str]] = {}
        for notice in notices:
            if notice.kind is kind:
                by_message.setdefault(notice.message, []).append(str(notice.place))
        reasons = list(by_message.items())
        count = len(reasons) if verbose else _SHOWN
        for message, places in reasons[:count]:
            where = f"{_listed(places, verbose=verbose)}: " if any(places) else ""
            yield [(Style.FAINT, f"{kind.value.replace('-', ' ')}: {where}{sanitize(message)}")]
        yield from _more(sum(len(places) for _, places in reasons[count:]), noun)


def _listed(texts: Sequence[str], *, verbose: bool) -> str:
    shown = texts if verbose else texts[:_SHOWN]
    rest = f" and {len(texts) - len(shown)} more" if len(texts) > len(shown) else ""
    return ", ".join(map(sanitize, shown)) + rest


def _more(count: int, noun: str, *, indent: str = "") -> Iterator[Line]:
    if count:
        yield [(Style.FAINT, f"{indent}and {counted(count, f'more {noun}')} (-v shows all)")]


def _summary(report: Report) -> Iterator[Line]:
    suppressed = f"; {report.suppressed} suppressed" if report.suppressed else ""
    result = list(_counts(report)) or [(Style.GOOD, nothing(report))]
    yield [*result, (Style.PLAIN, f" in {read(report)}{suppressed}")]
    if len(report.findings) > _MANY:
        rules = Counter(f"{finding.code} {finding.name}" for finding in report.findings)
        often = ", ".join(f"{rule} ({count})" for rule, count in rules.most_common(_SHOWN))
        yield [(Style.PLAIN, f"most often: {often}")]
    yield from ([(Style.PLAIN, line)] for line in left_out(report))
    if any(lock.disagrees for lock in report.locks):
        from envcheck.reporters.ways_out import ways_out

        yield from ways_out(report)
    if report.findings:
        worst = max(finding.severity for finding in report.findings)
        ((code, _),) = Counter(f.code for f in report.findings if f.severity is worst).most_common(1)
        yield [(Style.FAINT, f"explain a rule: envcheck explain {code}")]


def _counts(report: Report) -> Iterator[Segment]:
    comma = ""
    for severity in sorted(Severity, reverse=True):
        if count := report.count(severity):
            yield (Style.PLAIN, comma)
            yield (_STYLES[severity], counted(count, severity.word))
            comma = ", "
