"""A report with fewer findings, whose table shows what these speak of."""

from __future__ import annotations

from msgspec.structs import replace

from envcheck.model.findings import Finding
from envcheck.model.report import IN_TABLE, Report


def with_rows_of(report: Report, findings: tuple[Finding, ...]) -> Report:
    """Return a report of some of its findings."""
    names = {f.distribution for f in findings if f.distribution and f.code.startswith(IN_TABLE)}
    return replace(report, findings=findings, table=tuple(row for row in report.table if row.key in names))
