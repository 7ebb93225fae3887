"""The shape of a rule module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from envcheck.judge.evidence.evidence import Evidence
from envcheck.model.findings import Finding
from envcheck.model.rules import Rule


class RuleModule(Protocol):
    """What every module of a rule family offers; its docstring is its page."""

    RULE: Rule
    __doc__: str | None

    def check(self, evidence: Evidence) -> Iterator[Finding]:
        """Yield what is wrong in this scope."""
