"""How much a finding matters to this project, where that is not what its rule says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from envcheck.engine.suppress import matches
from envcheck.model.findings import Finding, Severity
from envcheck.model.settings import Settings


def weighed(findings: Iterable[Finding], settings: Settings) -> Iterator[Finding]:
    """Yield findings with the severity that the settings give them.

    Of the code prefixes that fit the longest decides; what is said of a file goes before what is said of all, and of
    several globs that match the last.
    """
    for finding in findings:
        told = [_longest(finding.code, settings.severity)]
        for glob, weights in settings.per_file_severity.items():
            if matches(finding.place.path, glob):
                told.append(_longest(finding.code, weights))
        severity = next((severity for severity in reversed(told) if severity), finding.severity)
        yield finding if severity is finding.severity else replace(finding, severity=severity)


def _longest(code: str, weights: Mapping[str, Severity]) -> Severity | None:
    fits = [prefix for prefix in weights if code.startswith(prefix)]
    return weights[max(fits, key=len)] if fits else None
