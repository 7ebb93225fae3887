"""Only what has changed since notebooks were stamped: what drifts, whatever was wrong when they ran."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from envcheck.engine.stamping.notebooks import find_notebooks
from envcheck.engine.stamping.verifying import verdicts
from envcheck.engine.telling.rows import with_rows_of
from envcheck.model.errors import UserError
from envcheck.model.findings import Finding
from envcheck.model.names import Ecosystem, normalize
from envcheck.model.records import Comparison
from envcheck.model.report import Report
from envcheck.model.settings import Settings
from envcheck.model.stampings import is_other_python

_ALWAYS = ("READ", "DRF008", "NBK007")
"""What could not be read, and what speaks of stamps itself."""


class _Stamps(Struct, frozen=True):
    """``changed`` has the names that are not as the stamp of each notebook says, by path; others have no stamp."""

    changed: Mapping[str, frozenset[str]]
    unstamped: frozenset[str]

    def tells(self, finding: Finding) -> bool:
        """Tell whether a finding is of a notebook without stamp, or of a distribution that has changed."""
        paths = {finding.place.path, *(other.place.path for other in finding.related)}
        if finding.code.startswith(_ALWAYS) or paths & self.unstamped:
            return True
        stamped = paths & self.changed.keys() or self.changed
        name = finding.distribution
        key = name if name.startswith("conda:") else normalize(name)
        return any(key in self.changed[path] for path in stamped)


def only_since_stamps(
    report: Report, paths: Sequence[str], settings: Settings, *, environ: Mapping[str, str], cwd: str
) -> Report:
    """Return a report of the findings of distributions that are not as some stamp says, and of unstamped notebooks.

    A stamp that cannot be judged counts as none. Raises ``UserError`` when no notebook has a stamp.
    """
    stamps = _stamps(paths, settings, environ=environ, cwd=cwd)
    kept = tuple(finding for finding in report.findings if stamps.tells(finding))
    left = report.unchanged + len(report.findings) - len(kept)
    since = f"{report.since} and the stamps" if report.since else "the stamps"
    return replace(with_rows_of(report, kept), unchanged=left, since=since)


def _stamps(paths: Sequence[str], settings: Settings, *, environ: Mapping[str, str], cwd: str) -> _Stamps:
    changed: dict[str, frozenset[str]] = {}
    unstamped: set[str] = set()
    for verdict in verdicts(find_notebooks(paths, settings, environ=environ, cwd=cwd)):
        if verdict.comparison:
            changed[verdict.path] = frozenset(_names(verdict.comparison))
        else:
            unstamped.add(verdict.path)
    if not changed:
        raise UserError(f"no stamped notebook in {', '.join(paths) or '.'}", "envcheck stamp writes what they ran with")
    return _Stamps(changed, frozenset(unstamped))


def _names(comparison: Comparison) -> set[str]:
    names = {f"conda:{row.name}" if row.ecosystem is Ecosystem.CONDA else row.name for row in comparison.changed}
    return {*names, "python"} if is_other_python(comparison) else {*names}
