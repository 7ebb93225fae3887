"""What ``--fix`` wants: the changes of every fix that may be made without asking, or of all of them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from envcheck.engine.check import Case
from envcheck.model.changes import Change
from envcheck.model.findings import Finding, Safety


class Fixing(Struct, frozen=True):
    """The wishes of a run: safe fixes, and unsafe ones (removals, replacements) when they are asked for."""

    with_unsafe: bool = False

    def beyond(self, case: Case) -> tuple[Change, ...]:  # noqa: ARG002 - only what was found
        """Return nothing: only findings are fixed."""
        return ()

    def of(self, finding: Finding) -> Iterator[Change]:
        """Yield the changes of a finding's fix."""
        if finding.fix and (self.with_unsafe or finding.fix.safety is Safety.SAFE):
            yield from finding.fix.changes
