"""Where stamps and the environment differ, in findings: one for each version, whichever notebooks ran with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from envcheck.judge.evidence.evidence import Evidence
from envcheck.judge.evidence.stamped import record_of_environment, record_of_stamp, since
from envcheck.model.environment import Environment
from envcheck.model.findings import Finding, Related, Severity
from envcheck.model.places import Place
from envcheck.model.records import Comparison, Difference, Row
from envcheck.model.rules import Rule
from envcheck.model.stampings import drifted, is_other_python
from envcheck.model.usage import Source

_REMEDY = "install what it ran with, or run it again and stamp it anew"
_MOST_NAMED = 5
_MOST_RELATED = 10


def findings(evidence: Evidence, rule: Rule) -> Iterator[Finding]:
    """Yield a finding for each version that stamped notebooks ran with and that is another one now."""
    compared = list(_compared(evidence, evidence.environment)) if evidence.environment else []
    pythons: dict[str, list[Source]] = {}
    direct: dict[Row, list[Source]] = {}
    required: dict[tuple[Row, ...], list[Source]] = {}
    for source, comparison in compared:
        if is_other_python(comparison):
            pythons.setdefault(_python(comparison.before.implementation, comparison.before.python), []).append(source)
        rows = drifted(comparison)
        for row in rows:
            if row.is_direct:
                direct.setdefault(row, []).append(source)
        if indirect := tuple(row for row in rows if not row.is_direct):
            required.setdefault(indirect, []).append(source)
    yield from (_of_python(evidence, rule, ran, sources) for ran, sources in pythons.items())
    yield from (_of_row(evidence, rule, row, sources) for row, sources in direct.items())
    yield from (_of_required(evidence, rule, rows, sources) for rows, sources in required.items())


def _compared(evidence: Evidence, environment: Environment) -> Iterator[tuple[Source, Comparison]]:
    there = None
    # Whatever kernel Jupyter takes in the place of one that is not here (NBK002), nobody knows its environment.
    lost = {path for path, fact in evidence.scope.kernels if fact.names_environment and not fact.prefix}
    for source in evidence.sources:
        stamp = source.stamp
        if stamp and stamp.is_known and not (stamp.env or source.stamp_leftovers or source.path in lost):
            there = there or record_of_environment(environment)
            yield source, since(record_of_stamp(stamp), there)


def _of_python(evidence: Evidence, rule: Rule, ran: str, sources: Sequence[Source]) -> Finding:
    environment = evidence.environment
    here = _python(environment.implementation, environment.python) if environment else ""
    return rule.at(
        Place(sources[0].path),
        f"{_subject(sources)} ran on {ran}, but {here} runs in {evidence.prefix};"
        " make an environment with that Python, or run it again and stamp it anew",
        distribution="python",
        installed=environment.python if environment else "",
        wanted=ran.rpartition(" ")[2],
        related=_others(sources, f"ran on {ran}"),
    )


def _of_row(evidence: Evidence, rule: Rule, row: Row, sources: Sequence[Source]) -> Finding:
    there = f"{_now(row)}{evidence.whereabouts}"
    return rule.at(
        Place(sources[0].path),
        f"{_subject(sources)} ran with {row.name} {_then(row)}, but {there}; {_REMEDY}",
        distribution=row.name,
        installed=row.after,
        wanted=row.before,
        related=_others(sources, f"ran with {row.name} {_then(row)}"),
    )


def _of_required(evidence: Evidence, rule: Rule, rows: Sequence[Row], sources: Sequence[Source]) -> Finding:
    named = [f"{row.name} {_then(row)} ({_after(row)} now)" for row in rows[:_MOST_NAMED]]
    more = f" and {len(rows) - _MOST_NAMED} more" if len(rows) > _MOST_NAMED else ""
    return rule.at(
        Place(sources[0].path),
        f"what the imports of {_subject(sources)} require has changed{evidence.whereabouts} since:"
        f" {', '.join(named)}{more}; {_REMEDY}",
        related=_others(sources, "the same"),
        severity=Severity.WARNING,
    )


def _then(row: Row) -> str:
    is_other_source = row.difference is Difference.SOURCE
    return f"{row.before} from {row.before_source or 'an index'}" if is_other_source else row.before


def _after(row: Row) -> str:
    if row.difference is Difference.SOURCE:
        return f"from {row.after_source or 'an index'}"
    return row.after or "gone"


def _now(row: Row) -> str:
    if row.difference is Difference.SOURCE:
        return f"it is installed from {row.after_source or 'an index'}"
    return f"{row.after} is installed" if row.after else "it is not installed"


def _python(implementation: str, version: str) -> str:
    is_usual = implementation in ("", "cpython")
    return f"Python {version}" if is_usual else f"{implementation}, Python {version}"


def _subject(sources: Sequence[Source]) -> str:
    return "this notebook" if len(sources) == 1 else f"{len(sources)} notebooks, this one first,"


def _others(sources: Sequence[Source], message: str) -> tuple[Related, ...]:
    return tuple(Related(Place(source.path), message) for source in sources[1 : _MOST_RELATED + 1])
