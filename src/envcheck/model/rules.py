"""The card of a rule: what it is called and how much it matters."""

from __future__ import annotations

from msgspec import Struct

from envcheck.model.findings import Finding, Fix, Related, Severity
from envcheck.model.places import Place


class Rule(Struct, frozen=True):
    """A rule's identity: codes are never re-used; ``default`` is false for rules that must be asked for.

    ``of_environment`` marks rules that judge an environment alone: they run once for each, not once for each scope.
    """

    code: str
    name: str
    summary: str
    severity: Severity
    since: str = "0.1.0"
    default: bool = True
    of_environment: bool = False

    def at(  # noqa: PLR0913 - a finding has this many parts, and each is named at the call
        self,
        place: Place,
        message: str,
        *,
        distribution: str = "",
        installed: str = "",
        wanted: str = "",
        fix: Fix | None = None,
        related: tuple[Related, ...] = (),
        severity: Severity | None = None,
    ) -> Finding:
        """Return a finding of this rule."""
        return Finding(
            self.code,
            self.name,
            severity or self.severity,
            place,
            message,
            distribution,
            installed,
            wanted,
            fix,
            related,
        )
